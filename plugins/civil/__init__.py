"""Civil affairs 民政 and agriculture 农业农村: basic living, emergency aid, children, all data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
