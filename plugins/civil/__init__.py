"""Civil affairs 民政: dibao, the low-income edge and fast small emergency aid, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
