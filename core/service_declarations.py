"""What may be purchased as a service, as a department or the county declares it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from yimen.core.declarations import Basis, Declared, LocalName, Need, Texts


class ServiceUnit(Declared, frozen=True, kw_only=True):
    """What one of a service is, such as an hour or a visit."""

    unit: LocalName
    names: Texts


class ServiceItem(Declared, frozen=True, kw_only=True):
    """An item of the guiding catalogue of services that may be purchased 购买服务目录."""

    item: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z][A-Z0-9]{0,7}(-[A-Z0-9]{1,12})?$",
            description="A code of the county's catalogue such as A1, or one with its prefix",
        ),
    ]
    names: Texts
    units: Annotated[
        list[ServiceUnit],
        Meta(min_length=1, description="What a quantity may count; the first where none is named"),
    ]
    receiver: Annotated[
        Literal["household", "buyer"],
        Meta(description="household: ordered for a family, whose people sign; buyer: for its work"),
    ]
    alike: Annotated[
        LocalName, Meta(description="Items with the same word are one kind where splitting counts")
    ]
    evidence: Texts
    serves: Annotated[list[Need], Meta(description="The needs that it answers")] = field(
        default_factory=list
    )
    basis: Annotated[list[Basis], Meta(min_length=1)]
