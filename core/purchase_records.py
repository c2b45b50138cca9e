"""Purchases of services as records: what is planned, contracted, ordered, delivered and paid.

Scripts rely on these shapes; schemas/ publishes them. A quantity is a whole number of the unit that
its line names, money is in fen, so that every amount is exact.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from yimen.core.records import Day, Division, Fen, HouseholdNo, MemberNo, Moment, OperatorNo, Record

PurchaseNo = Annotated[str, Meta(pattern=r"^G\d{4}-\d{5,}$")]
ContractNo = Annotated[str, Meta(pattern=r"^K\d{4}-\d{5,}$")]
OrderNo = Annotated[str, Meta(pattern=r"^D\d{4}-\d{5,}$")]
PaymentNo = Annotated[str, Meta(pattern=r"^F\d{4}-\d{5,}$")]
Quantity = Annotated[int, Meta(ge=0, description="A whole number of the line's unit")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
PurchaseStep = Literal[
    "demand", "budget", "catalogue", "method", "tender", "contract", "performance", "acceptance",
    "score", "payment", "publication",
]  # fmt: skip
StepState = Literal["done", "open", "blocked", "overdue", "not_needed"]
OrderState = Literal["open", "delivered", "accepted", "ended"]
PaymentState = Literal["drawn", "paid", "withdrawn"]
Published = Literal["award", "contract", "acceptance", "result"]


class PurchaseClock(Record, frozen=True, kw_only=True):
    """A time limit inside a step: from when, until when, and whether it was kept."""

    clock: str
    name: str
    started_on: Day
    due_on: Day
    done_on: Day | None
    overdue: Annotated[bool, Meta(description="Past due, or done after it was due")]
    provisional: bool
    basis: str


class StepFact(Record, frozen=True, kw_only=True):
    """How one of the eleven steps stands: done since when, due when, or what it waits for."""

    step: PurchaseStep
    name: str
    who: str
    state: StepState
    since: Annotated[Day | None, Meta(description="Done since, or open since")]
    due_on: Annotated[Day | None, Meta(description="The nearest limit of what is still to be done")]
    provisional: bool
    waits_for: list[PurchaseStep]
    detail: str
    evidence: str | None
    basis: str
    confirmed: Annotated[bool, Meta(description="Whether the law's text was read")]
    clocks: list[PurchaseClock]


class PlannedLine(Record, frozen=True, kw_only=True):
    """A service that is asked for: an item of the catalogue, how much of it, in which unit."""

    item: str
    name: str
    unit: str
    unit_name: str
    quantity: Quantity


class ContractLine(Record, frozen=True, kw_only=True):
    """A contract's line with its price, and how far it has been used."""

    line_no: int
    item: str
    name: str
    unit: str
    unit_name: str
    quantity: Quantity
    unit_price_fen: Fen
    ordered: Annotated[int, Meta(description="Under open orders, and accepted under ended ones")]
    delivered: Quantity
    accepted: Quantity
    scored: Annotated[int, Meta(description="Accepted before the last score: what may be paid")]
    drawn: Annotated[int, Meta(description="In payments that are drawn or paid")]
    paid: Quantity


class Contract(Record, frozen=True, kw_only=True):
    """The contract with a supplier: term, paper and priced lines."""

    contract_no: ContractNo
    supplier: str
    supplier_code: str
    signed_on: Day
    from_day: Day
    to_day: Day
    stable: bool
    total_fen: Fen
    paper_name: str
    paper_sha256: Sha256
    lines: list[ContractLine]


class Indicator(Record, frozen=True, kw_only=True):
    """What a service is judged by; the weights of a purchase add up to 100."""

    indicator: str
    weight: Annotated[int, Meta(ge=1, le=100)]


class Score(Record, frozen=True, kw_only=True):
    """A performance score: points of 100 an indicator, and what they make by their weights."""

    on_day: Day
    operator: OperatorNo
    points: dict[str, int]
    score: Annotated[int, Meta(ge=0, le=100)]
    note: str


class Delivery(Record, frozen=True, kw_only=True):
    """What was delivered to whom on which day, with the hash of its evidence."""

    delivery_no: str
    quantity: Quantity
    delivered_on: Day
    received_by: Annotated[str, Meta(description="A member's number, or a name as one may see it")]
    note: str
    paper_name: str
    paper_sha256: Sha256
    operator: OperatorNo


class Acceptance(Record, frozen=True, kw_only=True):
    """What was accepted, who of those served signed for it, or why nobody could."""

    acceptance_no: str
    quantity: Quantity
    accepted_on: Day
    signed_by: list[str]
    unsigned_reason: str
    paper_name: str
    paper_sha256: Sha256
    operator: OperatorNo


class ServiceOrderLine(Record, frozen=True, kw_only=True):
    """An order 服务派单 as a listing shows it; without a household it is for the office's work."""

    order_no: OrderNo
    purchase_no: PurchaseNo
    contract_no: ContractNo
    line_no: int
    item: str
    unit: str
    quantity: Quantity
    household_no: HouseholdNo | None
    member_no: MemberNo | None
    need: str | None
    division: Division
    ordered_on: Day
    due_on: Day
    delivered: Quantity
    accepted: Quantity
    state: OrderState
    overdue: bool


class ServiceOrder(ServiceOrderLine, frozen=True, kw_only=True):
    """An order with its deliveries and acceptances."""

    name: Annotated[str | None, Meta(description="The member's name, as the reader may see it")]
    supplier: str
    note: str
    end_reason: str
    deliveries: list[Delivery]
    acceptances: list[Acceptance]


class PaymentPart(Record, frozen=True, kw_only=True):
    """How much of a contract's line a payment pays, at the contract's price."""

    line_no: int
    quantity: Quantity
    unit_price_fen: Fen
    amount_fen: Fen


class PaymentLine(Record, frozen=True, kw_only=True):
    """A payment as a listing shows it: one person draws it, another confirms it."""

    payment_no: PaymentNo
    purchase_no: PurchaseNo
    contract_no: ContractNo
    drawn_on: Day
    amount_fen: Fen
    state: PaymentState
    drawn_by: OperatorNo
    ended_by: OperatorNo | None
    ended_on: Day | None
    voucher: str
    reason: str


class Payment(PaymentLine, frozen=True, kw_only=True):
    """A payment with the quantities that it pays for."""

    parts: list[PaymentPart]


class PurchaseAct(Record, frozen=True, kw_only=True):
    """One thing that was done about a purchase; the history is only ever added to."""

    act: str
    on_day: Day
    at: Moment
    operator: OperatorNo
    body: Annotated[dict[str, Any], Meta(description="What the act says beyond its day")]


class PurchaseLine(Record, frozen=True, kw_only=True):
    """A purchase as a listing shows it, with the step it stands at."""

    purchase_no: PurchaseNo
    title: str
    buyer: Division
    items: list[str]
    method: str | None
    supplier: str | None
    budget_fen: Fen | None
    contract_fen: Fen | None
    accepted_fen: Fen
    paid_fen: Fen
    score: Annotated[int | None, Meta(description="The last score, which a renewal looks at")]
    step: PurchaseStep | None
    state: Annotated[StepState | None, Meta(description="null: stopped, or all steps are done")]
    due_on: Day | None
    overdue: bool
    stopped: bool


class Purchase(PurchaseLine, frozen=True, kw_only=True):
    """A purchase as a whole: lines, budget, contract, scores, payments, steps and history."""

    spec: str
    lines: list[PlannedLine]
    fund: str | None
    indicators: list[Indicator]
    contract: Contract | None
    scores: list[Score]
    payments: list[PaymentLine]
    steps: list[StepFact]
    history: list[PurchaseAct]
    remarks: Annotated[list[str], Meta(description="What an officer should look at")]
