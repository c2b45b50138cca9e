"""`yimen purchase`: services from demand to publication, in the order of the work."""

from yimen.commands.purchase import planning  # isort: skip
from yimen.commands.purchase import work  # isort: skip
from yimen.commands.purchase import money  # isort: skip
from yimen.commands.purchase import reading  # isort: skip
from yimen.commands.purchase.group import command

__all__ = ["command", "money", "planning", "reading", "work"]
