"""The people of the made-up county and the families they live in, before anybody owns anything.

Who counts as a household member is decided here as rule packs R2021 and R2026 decide it (DB2021
§7), so that a planted truth is true under them. Every number is of the unassigned county 370499.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from yimen.core.identity import SYNTHETIC_COUNTY, check_digit
from yimen.core.synthetic.names import fathers_name, personal_name

MALE, FEMALE = "1", "2"
HEAD, SPOUSE, SON, DAUGHTER = "02", "10", "20", "30"
_CHILDREN = (SON, DAUGHTER)
NON_RELATIVE = "99"
_COUNTED_STAGES = ("PRIMARY", "JUNIOR", "SENIOR", "VOC", "UNI")
# Streets and towns with the first village number; a villagers' committee starts at 200 (rules 3.2).
_TOWNS = (
    (f"{SYNTHETIC_COUNTY}001", 1, 8),
    (f"{SYNTHETIC_COUNTY}101", 1, 6),
    (f"{SYNTHETIC_COUNTY}101", 201, 14),
    (f"{SYNTHETIC_COUNTY}102", 201, 22),
    (f"{SYNTHETIC_COUNTY}201", 201, 18),
    (f"{SYNTHETIC_COUNTY}202", 201, 16),
)


@dataclass(slots=True)
class Person:
    """One person; `called` is how a clerk writes the relation, `separated` None means unknown."""

    name: str
    id_number: str
    sex: str
    birth: date
    age: int
    relation: str
    called: str
    separated: bool | None = False
    stage: str = ""
    left_school_on: date | None = None
    died_on: date | None = None
    custody: tuple[date, date | None] | None = None
    custody_kind: str = ""


@dataclass(slots=True)
class Family:
    """The members of one residence-register household, its head first."""

    members: list[Person]
    division: str
    zone: str
    as_of: date

    @property
    def head(self) -> Person:
        """The first member."""
        return self.members[0]

    def counted(self) -> list[Person]:
        """The members that count under DB2021 §7 on the day of the registers."""
        return [person for person in self.members if self._is_counted(person)]

    def _is_counted(self, person: Person) -> bool:
        """Whether one member counts (DB2021 §7)."""
        custody = person.custody
        if person.died_on is not None or (
            custody and custody[0] <= self.as_of and (custody[1] is None or custody[1] > self.as_of)
        ):
            return False
        if person.relation in (HEAD, SPOUSE):
            return True
        if person.relation in _CHILDREN and (person.age < 18 or self._studies(person)):
            return True
        return person.relation != NON_RELATIVE and person.separated is False

    def _studies(self, person: Person) -> bool:
        """Whether somebody is at school, up to an undergraduate, today."""
        return person.stage in _COUNTED_STAGES and person.left_school_on is None

    def earners(self) -> list[Person]:
        """The counted members of working age who are not at school."""
        return [p for p in self.counted() if 18 <= p.age < 60 and not self._studies(p)]


class Population:
    """Makes families; the numbers it has given out are counted, never listed."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.as_of = as_of
        self._given_out: dict[tuple[date, str], int] = {}
        self._shapes: dict[str, Callable[[], list[Person]]] = {
            "single_elder": self._single_elder,
            "elder_couple": self._elder_couple,
            "single_adult": self._single_adult,
            "couple": self._couple,
            "couple_child": self._couple_child,
            "couple_grown_child": self._couple_grown_child,
            "three_generations": self._three_generations,
            "elder_headed": self._elder_headed,
            "single_parent": self._single_parent,
        }

    def family(self, shapes: Sequence[str]) -> Family:
        """A family of one of the shapes, repeated names weighing more, in some village."""
        town, first, villages = self.rng.choice(_TOWNS)
        members = self._shapes[self.rng.choice(shapes)]()
        return Family(
            members=members,
            division=f"{town}{first + self.rng.randrange(villages):03d}",
            zone="URBAN" if first < 200 else "RURAL",
            as_of=self.as_of,
        )

    def born(self, age: int) -> date:
        """A birth date of somebody who is `age` whole years old on the day of the registers."""
        birthday = date(self.as_of.year - age, self.as_of.month, min(self.as_of.day, 28))
        return birthday - timedelta(days=self.rng.randint(4, 355))

    def person(
        self, age: int, sex: str, relation: str, called: str, *, father: str = "", name: str = ""
    ) -> Person:
        """A new person with a number nobody else has."""
        birth, id_number = self._number(self.born(age), sex)
        return Person(
            name=name or personal_name(self.rng, sex, father),
            id_number=id_number,
            sex=sex,
            birth=birth,
            age=age,
            relation=relation,
            called=called,
        )

    def child(self, age: int, father: str, *, order: str = "") -> Person:
        """A son or daughter, at school by age; `order` is 独生 or the place among the siblings."""
        sex = self.rng.choice((MALE, FEMALE))
        relation = SON if sex == MALE else DAUGHTER
        called = {"独生": ("独生子", "独生女"), "": ("儿子", "女儿")}.get(
            order, (f"{order}子", f"{order}女")
        )[relation == DAUGHTER]
        person = self.person(age, sex, relation, called, father=father)
        person.stage = self._stage(age)
        return person

    def _number(self, birth: date, sex: str) -> tuple[date, str]:
        """The next free number of a birth date; a full date gives way to the day before."""
        while (taken := self._given_out.get((birth, sex), 0)) >= 499:
            birth -= timedelta(days=1)
        self._given_out[birth, sex] = taken + 1
        sequence = 2 * taken + (1 if sex == MALE else 2)
        first17 = f"{SYNTHETIC_COUNTY}{birth:%Y%m%d}{sequence:03d}"
        return birth, first17 + check_digit(first17)

    def _stage(self, age: int) -> str:
        """The school of a child of an age; one of six or more is at school."""
        if age < 6:
            return "KINDERGARTEN" if age >= 3 and self.rng.random() < 0.7 else ""
        if age < 18:
            older = "VOC" if self.rng.random() < 0.35 else "SENIOR"
            return "PRIMARY" if age < 12 else "JUNIOR" if age < 15 else older
        return ""

    def _parents(self, age: int, *, often_male: float = 0.85) -> list[Person]:
        """A head and spouse of about an age, the husband first in most families."""
        head_sex, spouse_sex, called = (
            (MALE, FEMALE, "妻") if self.rng.random() < often_male else (FEMALE, MALE, "夫")
        )
        return [
            self.person(age, head_sex, HEAD, "户主"),
            self.person(age + self.rng.randint(-3, 2), spouse_sex, SPOUSE, called),
        ]

    def _children(self, parents: Sequence[Person]) -> list[Person]:
        """One or two children under 18 of a couple or a single parent."""
        father = next((p.name for p in parents if p.sex == MALE), parents[0].name)
        oldest = min(17, min(p.age for p in parents) - 21)
        ages = sorted(
            (self.rng.randint(0, oldest) for _ in range(1 + (self.rng.random() < 0.35))),
            reverse=True,
        )
        children = [self.child(age, father, order="独生" if len(ages) == 1 else "") for age in ages]
        if len(children) == 2 and children[0].sex == children[1].sex:
            for child, order in zip(children, "长次", strict=True):
                child.called = f"{order}{'子' if child.sex == MALE else '女'}"
        return children

    def _single_elder(self) -> list[Person]:
        """An old man or woman alone."""
        sex = self.rng.choice((MALE, FEMALE, FEMALE))
        return [self.person(self.rng.randint(62, 91), sex, HEAD, "户主")]

    def _elder_couple(self) -> list[Person]:
        """Two old people."""
        return self._parents(self.rng.randint(64, 86))

    def _single_adult(self) -> list[Person]:
        """Somebody of working age alone."""
        sex = self.rng.choice((MALE, FEMALE))
        return [self.person(self.rng.randint(25, 58), sex, HEAD, "户主")]

    def _couple(self) -> list[Person]:
        """A couple without children in the book."""
        return self._parents(self.rng.randint(27, 56))

    def _couple_child(self) -> list[Person]:
        """A couple with one or two children under 18."""
        parents = self._parents(self.rng.randint(28, 50))
        return parents + self._children(parents)

    def _couple_grown_child(self) -> list[Person]:
        """A couple whose grown child works elsewhere, boards at a university, or lives at home."""
        parents = self._parents(self.rng.randint(48, 56))
        father = next(p.name for p in parents if p.sex == MALE)
        child = self.child(self.rng.randint(19, 24), father, order="独生")
        child.separated = self.rng.random() < 0.75
        chance = self.rng.random()
        if child.age < 23 and chance < 0.5:
            child.stage = "UNI"
        elif child.age >= 23 and chance < 0.15:
            child.stage = "POSTGRAD"
        elif chance < 0.8:
            child.stage = "UNI" if child.age > 22 else "VOC"
            child.left_school_on = date(self.as_of.year - 1, 6, 30)
        return [*parents, child]

    def _three_generations(self) -> list[Person]:
        """A couple, their children, and the husband's mother or both parents."""
        head, spouse = self._parents(self.rng.randint(30, 46), often_male=1.0)
        members = [head, spouse, *self._children([head, spouse])]
        grandparents = (MALE, FEMALE) if self.rng.random() < 0.5 else (FEMALE,)
        return members + [self.parent_of(head, sex) for sex in grandparents]

    def parent_of(self, head: Person, sex: str) -> Person:
        """The head's father, of the head's surname, or mother, old and living with the family."""
        age = max(61, head.age + self.rng.randint(22, 30))
        if sex == FEMALE:
            return self.person(age, FEMALE, "50", "母亲")
        return self.person(age, MALE, "50", "父亲", name=fathers_name(self.rng, head.name))

    def _elder_headed(self) -> list[Person]:
        """Old parents, a grown son, his wife and their child in one register book."""
        head, spouse = self._parents(self.rng.randint(60, 72), often_male=1.0)
        son = self.person(self.rng.randint(29, 36), MALE, SON, "儿子", father=head.name)
        wife = self.person(son.age - self.rng.randint(0, 3), FEMALE, "38", "儿媳")
        sex = self.rng.choice((MALE, FEMALE))
        called = "孙子" if sex == MALE else "孙女"
        grandchild = self.person(self.rng.randint(0, 5), sex, "40", called, father=son.name)
        grandchild.stage = self._stage(grandchild.age)
        return [head, spouse, son, wife, grandchild]

    def _single_parent(self) -> list[Person]:
        """A father or mother with one or two children."""
        sex = self.rng.choice((MALE, FEMALE, FEMALE))
        parent = self.person(self.rng.randint(28, 48), sex, HEAD, "户主")
        return [parent, *self._children([parent])]
