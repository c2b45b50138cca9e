"""Employment 人社: difficulty recognition, posts, subsidies, training, loans, paid pension dues."""

from yimen import department_from_files

plugin = department_from_files(__name__)
