"""Emergency management 应急: aid after disasters, in transition, in winter, and to rebuild."""

from yimen import department_from_files

plugin = department_from_files(__name__)
