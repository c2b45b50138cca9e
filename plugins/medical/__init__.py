"""Medical insurance 医保: premium aid and in-patient aid, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
