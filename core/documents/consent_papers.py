"""The papers that a family signs: the authorisation 授权书 and the pledge 承诺书.

Every adult signs; a minor's guardian signs for the minor (PIPL §31). The authorisation opens the
sources it lists and no other.
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.casework.desk import Desk
from yimen.core.documents.letter import foot, issuer, letter_head
from yimen.core.documents.lists import listed
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.print_records import CaseFile, Signer
from yimen.core.render.page import (
    BLANK,
    Block,
    Entries,
    Entry,
    Paragraph,
    Prose,
    Section,
    Signatures,
    Table,
)
from yimen.core.render.table import Head
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.people import relation_name

_FROM_2026 = "R2026"


def authorisation_page(case: CaseFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """授权书: scope, sources, period, and a line for each who signs."""
    number = case.application.application_no
    yield from letter_head(_("Authorisation to check the family's economic situation"), number)
    yield Prose(
        _("We, the members of the family named below, ask for social assistance. We authorise"
          " {office}, and the body that it charges with the check, to ask the registers listed"
          " below for what they hold of us: identity, income, property, expenses, and aid"
          " received.").format(
            office=issuer(case.office))
    )  # fmt: skip
    yield Prose(
        _("What is learnt serves this application and the review of the aid that comes of it, and"
          " nothing else. A department to which our matter is sent receives only what it needs to"
          " decide.")
    )  # fmt: skip
    yield Prose(
        _("This authorisation holds from the day of the signature until {blank}; where no day is"
          " written there, for one year. We may withdraw it in writing at any time; what was"
          " lawfully learnt before stays valid, and aid that rests on the check may then end.")
        .format(blank=BLANK)
    )  # fmt: skip
    yield Section(_("The family"))
    yield _family_table(case)
    yield Section(_("Registers that are read only under this authorisation"))
    yield _sources_table(catalogue, "consent")
    yield Section(_("Registers that public bodies read by duty, named here so that you know"))
    yield _sources_table(catalogue, "duty")
    yield from _signing(case, desk)


def _family_table(case: CaseFile) -> Table:
    heads = [
        Head(_("Name")),
        Head(_("Relation to the head")),
        Head(_("ID number")),
        Head(_("Signs")),
    ]
    rows = [
        [
            signer.name,
            relation_name(signer.relation),
            signer.id_number or BLANK,
            _("guardian") if signer.minor else _("in person"),
        ]
        for signer in case.family
    ]
    return Table(heads, rows)


def _sources_table(catalogue: Catalogue, authority: str) -> Table:
    """The registers of one authority, by who keeps them."""
    by_owner: dict[str, list[str]] = {}
    for source in catalogue.sources.values():
        if source.authority == authority:
            by_owner.setdefault(source.owner.text(), []).append(source.names.text())
    rows = [[owner, listed(names)] for owner, names in by_owner.items()]
    return Table([Head(_("Kept by")), Head(_("Register"))], rows, _("none"))


def _signing(case: CaseFile, desk: Desk) -> Iterator[Block]:
    """The lines to sign: each adult, each minor's guardian, who read it aloud, the witness."""
    yield Section(_("Signatures (or thumbprints)"))
    yield Signatures([_signer_words(signer) for signer in case.family])
    yield Paragraph(
        _("[ ] Read aloud to a signer who cannot read, who understood it. [ ] Not needed.")
    )
    yield Signatures([_("Read aloud by"), _("Staff witness")])
    yield foot(desk, case.application.application_no, masked=case.masked)


def _signer_words(signer: Signer) -> str:
    if signer.minor:
        return _("{name}, minor, by the guardian").format(name=signer.name)
    return signer.name


def pledge_page(case: CaseFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """承诺书: truth, duty to report, consequences, rights; under the pack of the case."""
    application = case.application
    number = application.application_no
    pack = application.rule_pack or catalogue.pack_on(desk.home.clock.today()).pack
    yield from letter_head(_("Pledge of truth: social assistance"), number)
    yield Prose(
        _("We, the adult members of the family of {name}, ask for social assistance and declare"
          " before {office}:").format(name=case.applicant, office=issuer(case.office))
    )  # fmt: skip
    words = [
        _("We are who our ID cards say, and no member of the family was left out or added."),
        _("What we stated of members, income, property and expenses is true and complete."),
        _("We agree to the check, within the scope, sources and period of the authorisation, and"
          " will cooperate with visits to our home."),
        _("When members, income, property or expenses change, we report it to the window without"
          " delay. A change kept back for more than three months is followed by a warning and"
          " instruction [{law}].").format(law=law_text("N2022 五(五)")),
        _consequences(pack),
        _("Before aid is reduced or stopped we are heard, and are told the reasons in writing"
          " [{law}].").format(law=law_text("SAL §48"))
        if pack >= _FROM_2026
        else _("Before aid is reduced or stopped we are told, with the reasons."),
        _("We know that a pledge made on paper replaces only the certificates that the window"
          " named to us."),
    ]  # fmt: skip
    yield Entries([Entry(text, mark=f"{n}.") for n, text in enumerate(words, 1)])
    yield Section(_("The family"))
    yield _family_table(case)
    yield from _signing(case, desk)


def _consequences(pack: str) -> str:
    """What fraud costs under a pack: the fine changed with the Social Assistance Law."""
    if pack >= _FROM_2026:
        return _(
            "Who obtains aid by a false statement, concealment or forgery loses it, returns"
            " what was received, may be fined up to twice its amount, and answers to the law"
            " [{law}]."
        ).format(law=law_text("SAL §73"))
    return _(
        "Who obtains aid by a false statement, concealment or forgery loses it, returns what was"
        " received, may be fined one to three times its amount, and answers to the law [{law}]."
    ).format(law=law_text("IM649 §68"))
