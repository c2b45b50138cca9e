"""Education 教育: aid for pupils and students from kindergarten to university, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
