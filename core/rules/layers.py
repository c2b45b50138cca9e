"""The statement's layers: tables of a key and columns, each filled from those before it.

A layer may be a chain of queries, each over the one before it, of which the last fills the table.
Layers are declared with all that could be asked of them; when the statement is finished, each holds
only what is read after it, and joins only what it reads. See sides.py for their two shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from yimen.core.rules.chains import Step, by_name, names_in, scheduled


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its name, its columns with the key first, and the query that fills it.

    `kept` tells that several later layers read it, `of_run` that it asks nothing of the selection.
    """

    name: str
    columns: list[str]
    query: str
    kept: bool = False
    of_run: bool = False


@dataclass(frozen=True)
class Table:
    """A table that a layer may join, and the key by which it is joined.

    Where only some rows are joined to it, `on` tells them.
    """

    name: str
    key: str
    on: str = ""

    def joined(self, join: str) -> str:
        """How it follows the tables before it."""
        if self.on:
            return f" LEFT JOIN {self.name} ON {self.on}"
        return f" {join} {self.name} USING ({self.key})"


@dataclass(frozen=True)
class _Declared:
    """A layer before it is known what is read of it.

    `rest` follows the tables in FROM; `passed` are tables whose columns it passes on, `offered`
    those of which it joins what it reads. A chain has `steps`, of which only the first reads these;
    its rows are filled `in_order` of the key where they come in another.
    What is `given` is filled by the engine.
    """

    name: str
    columns: dict[str, str]
    rest: str
    passed: tuple[str, ...] = ()
    offered: tuple[Table, ...] = ()
    of_run: bool = False
    key: str = ""
    steps: tuple[Step, ...] = ()
    in_order: bool = False
    given: bool = False


class Layers:
    """All layers in the order in which they are filled."""

    def __init__(self, join: str) -> None:
        self._join = join
        self._declared: dict[str, _Declared] = {}

    def add(self, name: str, columns: Sequence[str], rest: str, *, of_run: bool = False) -> None:
        """A table of these columns, `expression AS name` or a plain name, the key first.

        `rest` is what follows FROM; what is `of_run` reads neither selection nor casework.
        """
        self._declared[name] = _Declared(name, by_name(columns), rest, of_run=of_run)

    def add_stacked(
        self, name: str, columns: Sequence[str], rest: str, passed: Sequence[str]
    ) -> None:
        """A table that also holds what later ones read of the tables `passed` on."""
        self._declared[name] = _Declared(name, by_name(columns), rest, passed=tuple(passed))

    def add_given(self, name: str, columns: Iterable[str]) -> None:
        """A table that the engine fills."""
        self._declared[name] = _Declared(name, dict.fromkeys(columns, ""), "", given=True)

    def add_chain(
        self,
        name: str,
        key: str,
        steps: Sequence[Step],
        offered: Sequence[Table] = (),
        *,
        in_order: bool = False,
    ) -> None:
        """A table of what the steps tell, the first of them over the `offered` tables.

        `in_order` sorts rows that do not come in the order of the key.
        """
        columns = {n: text for s in steps for n, text in s.columns.items() if n not in s.hidden}
        self._declared[name] = _Declared(
            name,
            columns,
            "",
            offered=tuple(offered),
            key=key,
            steps=scheduled(steps),
            in_order=in_order,
        )

    def finished(
        self,
        offered: Sequence[Table],
        wanted: Iterable[str] | None,
        apart: Mapping[str, Iterable[str]],
    ) -> tuple[list[Layer], str]:
        """The layers, and what follows FROM at the end to see the columns of the `wanted` texts.

        Without these, everything is seen, of all `offered` tables. Tables that are read `apart` are
        given with the texts that read them.
        """
        pruner = _Pruner(self._declared, self._join, whole=wanted is None)
        if wanted is None:
            return pruner.layers(end := joined(offered, self._join)), end
        shown = pruner.chosen({n for text in wanted for n in names_in(text)}, offered)
        pruner.read_apart(apart)
        layers = pruner.layers(" ".join([joined(shown, self._join), *apart]))
        last = layers[-1]
        if self._declared[last.name].steps and Table(last.name, shown[0].key) in shown:
            # The last chain is read as it runs, before the tables that its rows are joined to.
            chain = Table(f"({last.query}) AS {last.name}", shown[0].key)
            shown = [chain, *(t for t in shown if t.name != last.name)]
            layers.pop()
        return layers, joined(shown, self._join)


class _Pruner:
    """Walks the layers backwards and notes what is read of each."""

    def __init__(self, declared: Mapping[str, _Declared], join: str, *, whole: bool) -> None:
        self._declared = declared
        self._join = join
        self._whole = whole
        self._needed: dict[str, set[str]] = {name: set() for name in declared}
        self._readers = dict.fromkeys(declared, 0)
        self._held: dict[str, set[str]] = {}
        for layer in declared.values():
            passed = [self._held[name] for name in layer.passed]
            self._held[layer.name] = set(layer.columns).union(*passed)

    def chosen(self, names: set[str], offered: Sequence[Table]) -> list[Table]:
        """Those tables that hold the names, the first of them where the others are joined to it."""
        first, keys = offered[0], {table.key for table in offered}
        chosen = [t for t in offered if (names - keys) & self._held[t.name]]
        others = any(t.key != first.key for t in chosen) or names & (keys - {first.key})
        if others or not chosen:
            # The first table holds all keys.
            chosen = [first, *(t for t in chosen if t != first)]
        for table in chosen:
            self._needed[table.name] |= (names | keys) & self._held[table.name]
        return chosen

    def read_apart(self, tables: Mapping[str, Iterable[str]]) -> None:
        """Notes what is read of tables that no other is joined to."""
        for table, texts in tables.items():
            self._needed[table] |= {n for text in texts for n in names_in(text)}

    def reading(self, names: set[str], offered: Sequence[Table]) -> str:
        """FROM with the tables that are chosen, if any are offered."""
        return joined(self.chosen(names, offered), self._join) if offered else ""

    def layers(self, end: str) -> list[Layer]:
        """The layers that are read, in order."""
        if self._whole:
            self._needed = {name: set(held) for name, held in self._held.items()}
        self._note_readers(end)
        found = []
        for layer in reversed(list(self._declared.values())):
            if layer.given:
                continue
            if self._whole or self._readers[layer.name]:
                found.append(self._finished(layer))
        return [
            msgspec.structs.replace(layer, kept=self._readers[layer.name] > 1)
            for layer in reversed(found)
        ]

    def _note_readers(self, text: str) -> None:
        for name in names_in(text) & set(self._declared):
            self._readers[name] += 1

    def _note_read(self, text: str, read: set[str]) -> None:
        for name in names_in(text) & set(self._declared):
            self._needed[name] |= read & self._held[name]

    def _chained(self, layer: _Declared) -> Layer:
        """Walks the steps backwards, as the layers: each passes on what is read after it."""
        key = layer.key
        wanted = (self._needed[layer.name] & self._held[layer.name]) - {key}
        columns = list[str]()
        held = [self._held[table.name] for table in layer.offered]
        queries, rests = list[str](), list[str]()
        for place, given in reversed(list(enumerate(layer.steps))):
            added = {n: given.columns[n] for n in sorted(wanted & set(given.columns))}
            if place and not added:
                continue
            keyed = given.columns.get(key, key)
            read = {n for text in (keyed, *added.values(), given.rest) for n in names_in(text)}
            passed = sorted(wanted - set(added))
            columns = columns or [key, *passed, *added]
            earlier = set[str]().union(*held, *(s.columns for s in layer.steps[:place]))
            wanted = ((read | set(passed)) & earlier) - {key}
            self._note_read(given.rest, read)
            tables = "{before}" if place else self.reading(wanted | read, layer.offered)
            texts = [keyed, *(f'"{name}"' for name in passed)]
            texts += added.values()
            # SQLite keeps a step with an offset apart; else it would compute a column again
            # wherever a later step names it. What has a limit it sorts in a tree, which is slow.
            sorts = layer.in_order and not queries
            end = f" ORDER BY {key}" if sorts else " LIMIT -1 OFFSET 0"
            queries.append(f"SELECT {', '.join(texts)} FROM {tables}{given.rest}{end}")
            rests.append(f"{tables}{given.rest}")
        self._note_readers(" ".join(rests))
        return Layer(name=layer.name, columns=columns, query=_nested(layer.name, queries[::-1]))

    def _finished(self, layer: _Declared) -> Layer:
        if layer.steps:
            return self._chained(layer)
        needed, own = self._needed[layer.name], layer.columns
        key = next(iter(own), "")
        own = {n: text for n, text in own.items() if n in needed or (n == key and not layer.passed)}
        read = {n for text in (*own.values(), layer.rest) for n in names_in(text)}
        tables = self.reading(read, layer.offered) if layer.offered else ""
        rest = f"{tables}{layer.rest}"
        self._note_readers(rest)
        self._note_read(rest, read)
        passed: list[str] = []
        for name in layer.passed:
            passed += sorted((needed & self._held[name]) - set(layer.columns) - set(passed))
            self._needed[name] |= set(passed) & self._held[name]
        texts = [*(f'"{name}"' for name in passed), *own.values()]
        return Layer(
            name=layer.name,
            columns=[*passed, *own],
            query=f"SELECT {', '.join(texts)} FROM {rest}",
            of_run=layer.of_run,
        )


def _nested(name: str, queries: Sequence[str]) -> str:
    """The last of some queries, each with the one before it as a common table."""
    *firsts, last = queries
    tables, before = list[str](), ""
    for number, query in enumerate(firsts):
        tables.append(f"{name}_{number} AS ({query.replace('{before}', before, 1)})")
        before = f"{name}_{number}"
    given = f"WITH {', '.join(tables)} " if tables else ""
    return given + last.replace("{before}", before, 1)


def joined(tables: Sequence[Table], join: str) -> str:
    """FROM with these tables, each joined by its key."""
    first, *others = tables
    return first.name + "".join(table.joined(join) for table in others)
