"""What every command shares: the home, the desk and the catalogue, each opened when first used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.rules.catalogue import Catalogue, Names
    from yimen.core.store.home import Home


class Session:
    """The options before the command's name, and what they open; `run` runs a command line."""

    def __init__(
        self,
        *,
        home: str | None,
        acting_as: str | None,
        today: str | None,
        run: Callable[[list[str]], int],
    ) -> None:
        self.run = run
        self._home_option = home
        self._acting_as = acting_as
        self._today = today

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if "home" in self.__dict__:
            self.home.close()

    @property
    def home_path(self) -> Path:
        """The folder named by --home, YIMEN_HOME or the platform."""
        from yimen.core.store.home import default_path

        return Path(self._home_option) if self._home_option else default_path()

    @cached_property
    def moved_to(self) -> date | None:
        """The day of --today."""
        from yimen.core.clock import parse_date

        return parse_date(self._today) if self._today else None

    @property
    def today_words(self) -> list[str]:
        """--today as it was given, for commands that type further commands."""
        return ["--today", self._today] if self._today else []

    @cached_property
    def home(self) -> Home:
        """The open home."""
        from yimen.core.store.home import open_home

        return open_home(self.home_path, today=self.moved_to)

    def division(self, text: str | None) -> str | None:
        """A division's option as its 12 digits."""
        from yimen.core.divisions import normalise_division

        return normalise_division(text, synthetic=self.home.synthetic) if text else None

    @cached_property
    def desk(self) -> Desk:
        """The operator at work."""
        from yimen.core.casework.operators import sit_down
        from yimen.core.spelling import half_width

        acting_as = None if self._acting_as is None else half_width(self._acting_as)
        return sit_down(self.home, acting_as=acting_as)

    @cached_property
    def names(self) -> Names:
        """What programmes and departments are called, without reading the whole catalogue."""
        from yimen.core.rules.catalogue import load_names

        return load_names(self.home_path / "cache", disabled=self.home.disabled_departments)

    def read_catalogue(self) -> Catalogue:
        """The departments' catalogue, read anew and kept by nobody here."""
        from yimen.core.rules.catalogue import load_catalogue

        made = (self.home_path / "casework.db").is_file()
        disabled = self.home.disabled_departments if made else []
        return load_catalogue(self.home_path / "cache", disabled=disabled)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The departments' catalogue; broken plugins are named once on stderr."""
        from yimen.core.render.safe import terminal_safe

        catalogue = self.read_catalogue()
        for problem in catalogue.problems:
            click.echo(
                terminal_safe(
                    _("Department {name}: {message}").format(
                        name=problem.plugin, message=problem.message
                    )
                ),
                err=True,
            )
        return catalogue


pass_session = click.make_pass_decorator(Session)
