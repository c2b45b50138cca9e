"""What a department declares: bodies, sources, facts, programmes, standards and packs.

Checklists stand in checklist_declarations.py. These records are the contract with departments;
schemas/ holds the same contract as JSON Schemas, written from here by `make schemas` and compared
by a test. Nothing here evaluates a rule.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from yimen.core.i18n import language, pick
from yimen.core.laws import law_text

Confidence = Annotated[
    Literal["V", "VL", "T", "Mh", "Mm", "Ml", "D"],
    Meta(
        description="How sure the basis is: V the text was read, VL a local or press sample, "
        "T tested, Mh/Mm/Ml from memory (high, medium, low), D a default without legal basis"
    ),
]
CONFIRMED: frozenset[str] = frozenset({"V", "T"})

DepartmentName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]{1,23}$")]
QualifiedName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9]{1,23}\.[a-z][a-z0-9_]{0,47}$",
        description="department.name: unique in the whole catalogue",
    ),
]
LocalName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
ProgrammeId = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,7}-[A-Z0-9]{1,12}$")]
IsoDate = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Expression = Annotated[
    str, Meta(min_length=1, max_length=2000, description="An expression of docs/rules.md")
]
Need = Annotated[
    Literal[
        "living", "health", "care", "expense", "education", "housing", "labour", "law", "heart"
    ],
    Meta(description="What a family may need, as an officer or helper assesses it"),
]
HardshipKind = Annotated[
    Literal[
        "living", "health", "disability", "care", "child", "labour", "education", "housing",
        "expense", "disaster", "sudden", "law", "heart",
    ],
    Meta(description="A type of hardship 困难类型, as a portrait of a household names it"),
]  # fmt: skip
ValueType = Literal["boolean", "integer", "money", "date", "code"]
Literalish = bool | int | str | None


class Declared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all declarations: immutable, and an unknown key is an error."""


class Texts(Declared, frozen=True, kw_only=True):
    """A text in both languages; neither may be missing."""

    zh: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]

    def text(self) -> str:
        """The text in the language in force."""
        return pick({"zh": self.zh, "en": self.en})


class Basis(Declared, frozen=True, kw_only=True):
    """The law behind a number or a condition, and how sure that is."""

    text: Annotated[str, Meta(description="Source key and article, such as DB2021 §13")]
    zh: Annotated[str, Meta(description="Chinese words, where the text is no citation")] = ""
    tag: Confidence

    def words(self) -> str:
        """The basis for people, in the language in force."""
        return self.zh if self.zh and language() == "zh" else law_text(self.text)


class Department(Declared, frozen=True, kw_only=True):
    """A body that owns programmes and receives referrals."""

    department: DepartmentName
    names: Texts
    prefix: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]
    other_prefixes: Annotated[
        list[Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,7}$")]],
        Meta(description="For programmes that the county lists under another field's letters"),
    ] = []
    phone: Annotated[str, Meta(description="Whom a citizen may call; empty until set")] = ""


class SourceColumn(Declared, frozen=True, kw_only=True):
    """One column of a department's register and how a file spells it."""

    column: LocalName
    type: Literal["text", "code", "integer", "money", "date", "boolean", "division"]
    names: Texts
    headers: Annotated[list[str], Meta(description="Other headers a file may use for it")] = []
    required: Annotated[bool, Meta(description="The file must have the column")] = True
    empty: Annotated[
        Literalish | UnsetType,
        Meta(description="What an empty cell means; left out: unknown. Dates 9999-12-31 = open"),
    ] = UNSET
    codes: Annotated[
        dict[str, list[str]],
        Meta(description="For type code: each code and the spellings that files use for it"),
    ] = {}
    minimum: int | None = None
    maximum: int | None = None


class Residence(Declared, frozen=True, kw_only=True):
    """Which columns of a residence register make households and their members."""

    household_key: LocalName
    relation: LocalName
    division: LocalName
    zone: LocalName


class Benefits(Declared, frozen=True, kw_only=True):
    """Which columns of a register of aid say who receives what, from when, from whom."""

    programme: LocalName
    from_date: LocalName
    to_date: LocalName
    amount: LocalName
    payer: LocalName


class SettledBy(Declared, frozen=True, kw_only=True):
    """A column that says what one body paid of an event, and under which programme if it is aid."""

    column: LocalName
    programme: ProgrammeId | None = None
    part_of: Annotated[
        LocalName | None,
        Meta(description="The column whose sum holds this one already, so that it is added once"),
    ] = None


class Settlement(Declared, frozen=True, kw_only=True):
    """Which columns say that a row pays for one event: its day, its eligible cost, who paid what.

    Aid that together with all other payers gives more than the eligible cost is multi-source aid.
    """

    day: Annotated[LocalName, Meta(description="The day of the settlement, a date")]
    cost: Annotated[LocalName, Meta(description="What may be paid in all, a sum of money")]
    paid: Annotated[list[SettledBy], Meta(min_length=1, description="One column a payer, money")]
    event: Annotated[
        LocalName | None,
        Meta(description="A person's rows with the same value are one event; left out: each row"),
    ] = None


class Source(Declared, frozen=True, kw_only=True):
    """A register: who keeps it, under which authority it is read, how old it may be."""

    source: QualifiedName
    names: Texts
    owner: Texts
    authority: Annotated[
        Literal["duty", "consent"],
        Meta(description="duty: read by statutory duty; consent: only under a member's consent"),
    ]
    max_age_days: Annotated[int, Meta(ge=1, description="Older extracts are stale: facts unknown")]
    sensitivity: Literal["identity", "finance", "health", "family", "record"]
    columns: Annotated[list[SourceColumn], Meta(min_length=1)]
    basis: Annotated[list[Basis], Meta(min_length=1)]
    residence: Residence | None = None
    benefits: Benefits | None = None
    settlement: Settlement | None = None


class Document(Declared, frozen=True, kw_only=True):
    """A paper that only the applicant can give."""

    names: Texts
    basis: Basis
    form: Annotated[
        Literal["original", "copy", "form"] | None,
        Meta(description="Handed in as original, as copy beside the original, or as filled form"),
    ] = None
    issuer: Annotated[Texts | None, Meta(description="Who gives it out")] = None
    copies: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="How many")] = None


class Hardship(Declared, frozen=True, kw_only=True):
    """That a fact shows a type of hardship: when it is true, above zero, or one of the codes."""

    kind: HardshipKind
    codes: Annotated[list[str], Meta(description="For type code: the codes that show it")] = []


class Fact(Declared, frozen=True, kw_only=True):
    """A typed value of a person or household: from one source, from other facts, or asked.

    Exactly one of `source` (with `aggregate`), `expression` and `ask` alone gives the value; `ask`
    beside a source is the question for the case that the source does not know.
    """

    fact: QualifiedName
    names: Texts
    unit: Literal["person", "household"]
    type: ValueType
    source: QualifiedName | None = None
    aggregate: Annotated[
        Expression | None,
        Meta(description="SUM, COUNT, MIN, MAX, ANY, ALL or ONLY over the source's columns"),
    ] = None
    where: Expression | None = None
    absent: Annotated[
        Literalish,
        Meta(description="The value when the source covers the person and has no such row"),
    ] = None
    expression: Expression | None = None
    household: Annotated[
        Literal["sum", "max", "min", "any", "all", "count"] | None,
        Meta(description="How members' values make the household's"),
    ] = None
    ask: Texts | None = None
    document: Document | None = None
    codes: Annotated[
        dict[str, Texts], Meta(description="For type code: the codes and their names")
    ] = {}
    asset: Annotated[bool, Meta(description="Property that an applicant must declare")] = False
    need: Annotated[
        Need | None, Meta(description="A true value means that this need was assessed")
    ] = None
    hardship: Hardship | None = None
    expense: Annotated[
        bool, Meta(description="A rigid expense of a year; all of them make the household's total")
    ] = False
    marks: Annotated[
        Literal["deceased", "income_ratio"] | None,
        Meta(
            description="What the core takes the value for: a death, or the household's income a "
            "head over the dibao standard, in parts per million"
        ),
    ] = None
    basis: list[Basis] = []


class StandardValue(Declared, frozen=True, kw_only=True):
    """One dated value of a standard; `zone` is URBAN, RURAL or empty for both."""

    value: int | str
    from_date: IsoDate
    to_date: IsoDate | None = None
    zone: Literal["", "URBAN", "RURAL"] = ""
    basis: Basis | None = None


class Standard(Declared, frozen=True, kw_only=True):
    """A number that law leaves to a place and a date; without a value the criterion is unknown."""

    standard: QualifiedName
    names: Texts
    type: ValueType
    by_zone: bool = False
    codes: Annotated[list[str], Meta(description="For type code: the values it can have")] = []
    ppm: Annotated[bool, Meta(description="A ratio in parts per million, shown as a number")] = (
        False
    )
    values: Annotated[
        list[StandardValue], Meta(description="National values, in force without the county")
    ] = []
    example: Annotated[
        list[StandardValue], Meta(description="Invented values for synthetic homes only")
    ] = []
    basis: Annotated[list[Basis], Meta(min_length=1)]


class Criterion(Declared, frozen=True, kw_only=True):
    """One condition of a programme, with its words and its law."""

    criterion: LocalName
    text: Texts
    expression: Expression
    basis: Basis
    about: Literal["income", "asset", "residence", "class", "person", "event", "expense"]


class AmountStep(Declared, frozen=True, kw_only=True):
    """A named intermediate value of an amount, in fen or a plain number, shown to people."""

    step: LocalName
    text: Texts
    expression: Expression


class Amount(Declared, frozen=True, kw_only=True):
    """How much a programme gives; the expression is in fen per `per`.

    The expression and each step may name the steps before it.
    """

    type: Literal[
        "DIFF", "BAND", "FIXED", "PCT_STD", "REIMB", "WAIVER",
        "PREMIUM", "LOAN", "INKIND", "RENT", "CASE", "NONE",
    ]  # fmt: skip
    steps: list[AmountStep] = []
    expression: Expression | None = None
    per: Literal["once", "month", "year"] | None = None
    basis: Basis | None = None


class Limit(Declared, frozen=True, kw_only=True):
    """A time limit: n working days (WD), calendar days (CD), hours (H) or months (MO)."""

    n: Annotated[int, Meta(ge=0)]
    unit: Literal["WD", "CD", "H", "MO"]
    basis: Basis
    starts: Annotated[
        Literal["accepted", "dispatched"],
        Meta(description="Counts from the application's acceptance, or from the referral"),
    ] = "dispatched"


class Limits(Declared, frozen=True, kw_only=True):
    """The three clocks of a referral; what is left out follows the county's defaults."""

    sign: Limit | None = None
    accept: Limit | None = None
    finish: Limit | None = None
    promised: Limit | None = None


class ProgrammeVersion(Declared, frozen=True, kw_only=True):
    """The programme as it stood between two dates (both included)."""

    from_date: IsoDate
    to_date: IsoDate | None = None
    basis: Annotated[list[Basis], Meta(min_length=1)]
    criteria: Annotated[list[Criterion], Meta(min_length=1)]
    amount: Amount
    limits: Limits = Limits()
    documents: list[Document] = []
    needs: Annotated[
        list[ProgrammeId],
        Meta(description="Classes of which one, recognised or just qualified for, opens it"),
    ] = []
    excludes: list[ProgrammeId] = []
    stacks_with: list[ProgrammeId] = []


class Recognition(Declared, frozen=True, kw_only=True):
    """The register rows that show that the programme is being received on AS_OF."""

    source: QualifiedName
    where: Expression


class Programme(Declared, frozen=True, kw_only=True):
    """An aid programme 救助项目 of one department, in dated versions."""

    programme: ProgrammeId
    names: Texts
    department: DepartmentName
    unit: Literal["person", "household"]
    aliases: list[str] = []
    asked: Annotated[
        Literal["always", "on_request"],
        Meta(description="Whether its questions belong to every intake, or only on request"),
    ] = "on_request"
    serves: Annotated[list[Need], Meta(description="The needs that it answers")] = []
    means_tested: bool = False
    degree: Annotated[
        Annotated[int, Meta(ge=1, le=9)] | None,
        Meta(description="For a class of low-income people: its place in the law, 1 the gravest"),
    ] = None
    recognised_by: Recognition | None = None
    versions: Annotated[list[ProgrammeVersion], Meta(min_length=1)]


class RulePack(Declared, frozen=True, kw_only=True):
    """The rules in force between two dates, and who counts as a household member under them."""

    pack: Annotated[str, Meta(pattern=r"^R\d{4}$")]
    names: Texts
    from_date: IsoDate
    to_date: IsoDate | None = None
    counted: Annotated[Expression, Meta(description="Person expression: is this member counted?")]
    basis: Annotated[list[Basis], Meta(min_length=1)]
    cascade: Annotated[
        Basis | None,
        Meta(description="Why a recognised class opens other aid without a new check of means"),
    ] = None
