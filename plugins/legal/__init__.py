"""Legal 司法: legal aid, fee reductions, judicial relief and mediation, all of it data."""

from yimen import department_from_files

plugin = department_from_files(__name__)
