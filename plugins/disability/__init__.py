"""Disabled persons' federation 残联: rehabilitation of children and assistive devices."""

from yimen import department_from_files

plugin = department_from_files(__name__)
