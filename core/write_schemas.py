"""Writes schemas/*.schema.json from the records; `make schemas` runs it.

The records are the one declaration of a field. This file must never hold one itself.
"""

from __future__ import annotations

from pathlib import Path

from yimen.core.contracts import CONTRACTS, schema_text

FOLDER = Path(__file__).resolve().parent.parent / "schemas"


def write_schemas(folder: Path) -> list[str]:
    """Writes every contract's file and removes those of no contract; the names that changed."""
    wanted = {f"{contract}.schema.json": schema_text(contract) for contract in CONTRACTS}
    changed: list[str] = []
    for path in folder.glob("*.schema.json"):
        if path.name not in wanted:
            path.unlink()
            changed.append(path.name)
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(name)
    return sorted(changed)


if __name__ == "__main__":
    write_schemas(FOLDER)
