"""The catalogue of the plugins that are installed now, and the problems in it."""

from __future__ import annotations

from typing import Any

from plugin_files import heating

from yimen.core import departments
from yimen.core.rules.catalogue import Catalogue, build


def catalogue_now() -> Catalogue:
    return build(departments.installed_department_names())


def messages(catalogue: Catalogue, plugin: str = "heating") -> list[str]:
    """The problems of one plugin; no other plugin may have one."""
    assert {p.plugin for p in catalogue.problems} <= {plugin}
    return [p.message for p in catalogue.problems]


def bundled_answers(catalogue: Catalogue) -> bool:
    return {"CIV-DB", "CIV-EDGE", "CIV-FAST", "MED-PREM", "MED-IN"} <= set(catalogue.programmes)


def with_criterion(expression: str) -> dict[str, Any]:
    files = heating()
    files["programmes.json"][0]["versions"][0]["criteria"][0]["expression"] = expression
    return files
