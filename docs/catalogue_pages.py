"""The reference pages of the bundled departments, written from their catalogue: one page a plugin.

An index lists every programme; a plugin's page holds its programmes in all versions with their
conditions, amounts and law, then its facts, standards, sources and handling steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue

TAGS = (
    "Tags say how sure a basis is: V the text was read, VL a local or press sample, T tested, Mh, "
    'Mm, Ml from memory, D a design default. What is not V or T prints "to be confirmed".\n'
)


def bundled_catalogue() -> Catalogue:
    """The catalogue of the bundled departments alone."""
    from yimen.core import departments
    from yimen.core.rules.catalogue import build

    points = departments.installed_department_names()
    return build({n: p for n, p in points.items() if p.value.startswith("yimen.plugins.")})


def index_page(catalogue: Catalogue) -> Iterator[str]:
    """Every programme in a table, by department."""
    plugins = sorted({catalogue.owners[p] for p in catalogue.programmes})
    yield "# The bundled catalogue\n"
    yield f"{len(catalogue.programmes)} programmes, {len(catalogue.facts)} facts, "
    yield f"{len(catalogue.sources)} sources, {len(catalogue.standards)} standards. {TAGS}"
    for plugin in plugins:
        yield f"\n## [{plugin}](departments/{plugin}.md)\n\n"
        yield "| programme | | of | for | amount | in force from |\n|---|---|---|---|---|---|\n"
        for name, programme in sorted(catalogue.programmes.items()):
            if catalogue.owners[name] != plugin:
                continue
            body = catalogue.departments[programme.department].names
            kinds = "/".join(dict.fromkeys(v.amount.type for v in programme.versions))
            days = ", ".join(v.from_date for v in programme.versions)
            yield f"| {name} | {_both(programme.names)} | {body.zh} | {programme.unit} | {kinds} "
            yield f"| {days} |\n"


def checklists_page(catalogue: Catalogue) -> Iterator[str]:
    """The four lists of the core."""
    yield "# The core's checklists\n"
    yield "Departments add the handling of their programmes, and steps to these. "
    yield TAGS
    for owned in catalogue.checklists:
        if owned.plugin == "core":
            yield from _checklist(owned.checklist)


def plugin_page(catalogue: Catalogue, plugin: str) -> Iterator[str]:
    """Everything that one plugin declares."""
    own = {name for name, owner in catalogue.owners.items() if owner == plugin}
    bodies = [d for n, d in sorted(catalogue.departments.items()) if n in own]
    yield f"# {plugin}: {', '.join(_both(d.names) for d in bodies)}\n"
    yield TAGS
    for name, programme in sorted(catalogue.programmes.items()):
        if name in own:
            yield from _programme(programme)
    yield from _facts(catalogue, own)
    yield from _standards(catalogue, own)
    yield from _sources(catalogue, own)
    yield from _service_items(catalogue, own)
    for owned in catalogue.checklists:
        if owned.plugin == plugin:
            yield from _checklist(owned.checklist)


def _programme(programme: Any) -> Iterator[str]:
    yield f"\n## {programme.programme} {_both(programme.names)}\n"
    words = [f"for a {programme.unit}", f"of {programme.department}"]
    words += [f"a class of degree {programme.degree}"] if programme.degree else []
    words += [f"also found by {'、'.join(programme.aliases)}"] if programme.aliases else []
    if programme.recognised_by:
        words.append(
            f"received: `{programme.recognised_by.where}` in {programme.recognised_by.source}"
        )
    yield f"\n{'; '.join(words)}.\n"
    for v in programme.versions:
        yield f"\n### {v.from_date} ~ {v.to_date or 'open'} ({_laws(v.basis)})\n\n"
        yield "| criterion | text | expression | basis |\n|---|---|---|---|\n"
        for c in v.criteria:
            yield f"| {c.criterion} | {_both(c.text)} | `{_cell(c.expression)}` "
            yield f"| {_law(c.basis)} |\n"
        basis = f" ({_law(v.amount.basis)})" if v.amount.basis else ""
        yield f"\nAmount {v.amount.type}{f' a {v.amount.per}' if v.amount.per else ''}{basis}"
        yield f": `{v.amount.expression}`\n" if v.amount.expression else ".\n"
        for step in v.amount.steps:
            yield f"\n- {step.step}: {_both(step.text)} = `{step.expression}`"
        yield "\n" if v.amount.steps else ""
        for title, names in (("Opened by", v.needs), ("Excludes", v.excludes),
                             ("Goes with", v.stacks_with)):  # fmt: skip
            yield f"\n{title}: {', '.join(names)}.\n" if names else ""
        for name in ("sign", "accept", "finish", "promised"):
            limit = getattr(v.limits, name)
            if limit:
                yield f"\nLimit {name}: {limit.n} {limit.unit} ({_law(limit.basis)}).\n"
        for document in v.documents:
            yield f"\nPaper: {_both(document.names)} ({_law(document.basis)}).\n"


def _facts(catalogue: Catalogue, own: set[str]) -> Iterator[str]:
    yield "\n## Facts\n\n| fact | | unit | type | from | shows |\n|---|---|---|---|---|---|\n"
    for name, f in sorted(catalogue.facts.items()):
        if name in own:
            origin = f"`{_cell(f.expression or f.aggregate)}`" if not f.ask or f.source else "asked"
            where = f" where `{_cell(f.where)}`" if f.where else ""
            source = f" of {f.source}" if f.source else ""
            yield f"| {name} | {_both(f.names)} | {f.unit} | {f.type} | {origin}{source}{where} "
            yield f"| {_shows(f)} |\n"


def _shows(fact: Any) -> str:
    """What a portrait of a household takes a fact for."""
    words = ["expense"] if fact.expense else []
    if fact.hardship:
        codes = f" ({', '.join(fact.hardship.codes)})" if fact.hardship.codes else ""
        words.append(f"{fact.hardship.kind}{codes}")
    return "; ".join(words)


def _standards(catalogue: Catalogue, own: set[str]) -> Iterator[str]:
    yield "\n## Standards\n\n| standard | | type | national values | basis |\n"
    yield "|---|---|---|---|---|\n"
    for name, t in sorted(catalogue.standards.items()):
        if name in own:
            given = "; ".join(
                f"{x.value} from {x.from_date} to {x.to_date or 'open'}" for x in t.values
            )
            yield f"| {name} | {_both(t.names)} | {t.type} | {given or 'set by the county'} "
            yield f"| {_laws(t.basis)} |\n"


def _sources(catalogue: Catalogue, own: set[str]) -> Iterator[str]:
    yield "\n## Sources\n\n| source | | owner | authority | days valid | columns |\n"
    yield "|---|---|---|---|---|---|\n"
    for name, s in sorted(catalogue.sources.items()):
        if name in own:
            columns = ", ".join(c.names.zh for c in s.columns)
            yield f"| {name} | {_both(s.names)} | {s.owner.zh} | {s.authority} "
            yield f"| {s.max_age_days} | {columns} |\n"


def _service_items(catalogue: Catalogue, own: set[str]) -> Iterator[str]:
    items = [i for name, i in sorted(catalogue.service_items.items()) if name in own]
    if not items:
        return
    yield "\n## Services that may be purchased\n\n"
    yield "| item | | unit | for | needs | evidence | basis |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for item in items:
        units = "; ".join(f"{u.unit} {u.names.zh}" for u in item.units)
        yield f"| {item.item} | {_both(item.names)} | {units} | {item.receiver} "
        yield f"| {', '.join(item.serves)} | {_both(item.evidence)} | {_laws(item.basis)} |\n"


def _checklist(checklist: Any) -> Iterator[str]:
    yield f"\n## {checklist.checklist} {_both(checklist.names)}\n\n"
    yield "| step | | who | after | due | only | basis |\n|---|---|---|---|---|---|---|\n"
    for step in checklist.steps:
        limited = step.due != "none"
        due = f"{step.due.n} {step.due.unit} from {step.due_from}" if limited else "none"
        due += f" (county: {step.due_by})" if step.due_by else ""
        only = [_cell(step.needed_when)] if step.needed_when else []
        only += ["when it happens"] if step.occasion else []
        only += {"hold": ["a grant waits for it"], "reason": ["a grant waits for it, or a reason"],
                 None: []}[step.guard]  # fmt: skip
        only += [f"{step.persons} persons"] if step.persons > 1 else []
        if step.wait:
            only.append(f"{step.wait.n} {step.wait.unit} after")
        yield f"| {step.step} | {_both(step.text)} | {step.who} | {', '.join(step.after)} | {due} "
        yield f"| {'; '.join(only)} "
        yield f"| {_law(step.basis)} |\n"


def _both(texts: Any) -> str:
    return _cell(f"{texts.zh} {texts.en}")


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def _law(basis: Any) -> str:
    return f"{basis.text} [{basis.tag}]"


def _laws(basis: Any) -> str:
    return "; ".join(map(_law, basis))
