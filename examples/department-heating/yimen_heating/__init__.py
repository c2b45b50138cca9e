"""The heating office: a waiver of half the fee for dibao families, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
