"""Medical 医保 and health 卫健: premiums, aid in hospital and on application, first aid."""

from yimen import department_from_files

plugin = department_from_files(__name__)
