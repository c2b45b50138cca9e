"""Charity and mass organisations 慈善与群团: five bodies with their own offers, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
