"""DuckDB itself: whether it is here, how it is loaded, and how a connection starts.

No other module loads it, and nothing is ever downloaded.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from typing import TYPE_CHECKING, Any

from yimen.core.beside import Beside
from yimen.core.errors import Refused
from yimen.core.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

MEMORY_MB = 700
"""What DuckDB may hold; beyond it, it writes to a scratch folder."""
WORDS = "words"
"""The type of a result's five words."""
PACKED = 5
"""So many results of criteria make one number of eight bits, and a text of as many letters."""
_NO_SEARCH = {"join_order", "build_side_probe_side", "projection_placement", "projection_pullup"}


def is_installed() -> bool:
    """Whether the batch extra is installed and can be loaded."""
    return find_spec("duckdb") is not None and load_fault() is None


@cache
def load_fault() -> str | None:
    """Why the batch extra, which is installed, cannot be loaded; None where nothing is wrong."""
    if find_spec("duckdb") is None:
        return None
    try:
        engine()
    except ImportError as error:
        return str(error)
    return None


@cache
def engine() -> Any:
    """DuckDB's module, which asks for SQL and gives rows.

    The package around it adds relations and expressions, and takes thrice as long to load.
    """
    if find_spec("_duckdb") is None:
        return import_module("duckdb")
    return import_module("_duckdb")


def require_installed() -> None:
    """Refuses where the batch extra is not installed, or cannot be loaded."""
    if fault := load_fault():
        raise Refused(
            _("DuckDB is installed here and cannot be loaded: {reason}.").format(reason=fault),
            next_step=_("Install it again with `pip install 'yimen[batch]'`, or use SQLite."),
        )
    if not is_installed():
        raise Refused(
            _("DuckDB is not installed here."),
            next_step=_("Install it with `pip install 'yimen[batch]'`, or use SQLite."),
        )


def letters_type(count: int) -> str:
    """The type of the texts of so many results of criteria: a letter each, f, ? or p.

    Their order is that of numbers whose digits to the base of 3 are the results, the first one
    last.
    """
    return f"letters{count}"


def result_types() -> list[str]:
    """The statements that make the types of results: few texts, which are kept as numbers."""
    types = {WORDS: ["eligible", "ineligible", "unknown", "yes", "no"]}
    for count in range(1, PACKED + 1):
        every = product("f?p", repeat=count)
        types[letters_type(count)] = ["".join(reversed(digits)) for digits in every]
    return [
        f"CREATE TYPE {name} AS ENUM ({', '.join(map(repr, texts))})"
        for name, texts in types.items()
    ]


class Opening(Beside["DuckDBPyConnection"]):
    """A connection in the making, with its scratch folder's path.

    DuckDB takes as long to start as a command takes to find out what to ask of it.
    """

    def __init__(self, scratch: Path) -> None:
        require_installed()
        super().__init__(lambda: _connection(scratch))


def _connection(scratch: Path) -> DuckDBPyConnection:
    """Joins are written in their order, and on statements this wide the planner's own search for
    one takes longer than the work.
    """
    conn: DuckDBPyConnection = engine().connect(
        ":memory:",
        config={
            "memory_limit": f"{MEMORY_MB}MB",
            "temp_directory": str(scratch),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    rows = conn.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    known = _NO_SEARCH & {name for (name,) in rows}
    conn.execute(f"SET disabled_optimizers = '{','.join(sorted(known))}'")
    for statement in result_types():
        conn.execute(statement)
    return conn
