"""Housing 住建: rental homes, rent allowance, rural houses, barrier-free homes, utilities."""

from yimen import department_from_files

plugin = department_from_files(__name__)
