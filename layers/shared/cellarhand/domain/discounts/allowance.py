"""Allowances in the ledger: a sum for each, and which of it a reservation holds.

What a reservation holds stands in the reservation itself; the allowance is the sum of that over all of
them, a few bytes however often a code is used. Both are saved in one transaction, so a sum is never above its
maximum, and what is given back is what was held.

A member has up to two names: the hash of the CRM's customer id, and the hash of the normalised e-mail. What
they have used is the sum under both. A new use is kept under the first; the other's sum is saved along
unchanged, so that nobody who knows the member by that name only takes the same unit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from cellarhand.domain.customers.customer import Membership
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition

MAX_HELD = 8
"""Allowances that one reservation may hold: 8 to give back and 8 to take under two names are 24 sums, which
are saved together with itself and its adjustment."""

EVERYBODY = ""
"""Stands for the member where an allowance is shared by all."""

AllowanceKind = Literal["member", "code", "code_and_guest"]


class AllowanceKey(NamedTuple):
    """Names one allowance of a tenant. Of the kind `code` there is one for everybody, of the others one for
    each member or guest. `subject`: the rule's id, or the folded code. `period`: such as
    `calendar_month:2026-06`, or `ever`.
    """

    kind: AllowanceKind
    subject: str
    period: str


class AllowanceNeed(NamedTuple):
    """What a booking needs of one allowance. `in_part`: it takes what is left, if that is at least `least`;
    else all of it or nothing.
    """

    key: AllowanceKey
    rule: str
    asked: int
    maximum: int
    in_part: bool
    least: int = 1

    def granted(self, used: int) -> int:
        """How much of it the booking gets, when so much is used without it."""
        left = max(0, self.maximum - used)
        if self.in_part:
            return min(self.asked, left) if left >= self.least else 0
        return self.asked if self.asked <= left else 0


class AllowanceName(NamedTuple):
    """Names one sum. `subject`: rule id, or folded code. `period`: such as `calendar_month:2026-06`."""

    kind: AllowanceKind
    subject: str
    period: str
    member: str


class AllowanceRecord(Record):
    """How much of one allowance all reservations together hold: uses or guests, as the limit counts."""

    tenant_id: str
    kind: AllowanceKind
    subject: str
    period: str
    member: str
    used: int = 0

    @property
    def name(self) -> AllowanceName:
        """What it is the sum of."""
        return AllowanceName(self.kind, self.subject, self.period, self.member)

    @property
    def key(self) -> Key:
        """One per name of a tenant; no address is in it."""
        return allowance_key(self.tenant_id, self.name)


class AllowanceUse(FrozenModel):
    """What a reservation holds of one allowance. `consumed`: the visit is over, nothing gives it back."""

    kind: AllowanceKind
    subject: str
    period: str
    member: str
    amount: int
    consumed: bool = False

    @property
    def name(self) -> AllowanceName:
        """The sum that it is part of."""
        return AllowanceName(self.kind, self.subject, self.period, self.member)


class AllowanceAnswer(FrozenModel):
    """What became of a booking's wish. `left`: for others, and for this guest's next booking."""

    rule: str
    of: AllowanceKind
    period: str
    asked: int
    granted: int
    left: int


class HeldAllowances(FrozenModel):
    """A reservation's share of allowances. `answers`: what was said when they were last asked for.

    `settled` false: too many wanted the same allowance at once, and what is held is still what it was before.
    `memberships`: of the guest when quoted, with the days of joining: membership years begin with these.
    """

    uses: tuple[AllowanceUse, ...] = ()
    answers: tuple[AllowanceAnswer, ...] = ()
    settled: bool = True
    memberships: tuple[Membership, ...] = ()

    @property
    def in_full(self) -> bool:
        """Whether all that was asked for is held."""
        return self.settled and all(answer.granted >= answer.asked for answer in self.answers)


class Wanted(NamedTuple):
    """One allowance that a booking needs, and by what names its member is known: none, nobody is named."""

    need: AllowanceNeed
    members: tuple[str, ...]

    @property
    def names(self) -> tuple[AllowanceName, ...]:
        """The sums that count for it; a new use is kept under the first."""
        return tuple(AllowanceName(*self.need.key, member) for member in self.members)


class Settled(NamedTuple):
    """What a reservation holds from now on, and the sums to be saved with it."""

    uses: tuple[AllowanceUse, ...]
    answers: tuple[AllowanceAnswer, ...]
    sums: tuple[AllowanceRecord, ...]


def allowance_key(tenant_id: str, name: AllowanceName) -> Key:
    """Where a sum lives. The code, which may hold any character, comes last."""
    sort = f"ALLOWANCE#{name.kind}#{name.period}#{name.member}#{name.subject}"
    return Key(tenant_partition(tenant_id), sort)


def settle(
    tenant_id: str,
    held: Sequence[AllowanceUse],
    wanted: Sequence[Wanted],
    stored: Iterable[AllowanceRecord],
    *,
    consumed: bool = False,
) -> Settled:
    """Give back what is held and take what is wanted, as far as it is left.

    A rule's allowances are granted together or not at all. What a reservation holds and still wants it keeps,
    even where the rule has meanwhile come to allow less. `stored`: the sums of all names that occur.
    """
    sums = {record.name: record for record in stored}
    used = {name: record.used for name, record in sums.items()}
    own = _amounts(held)
    others = [sum(used.get(name, 0) - own[name] for name in want.names) for want in wanted]
    granted = _together(wanted, [_granted(*each, own) for each in zip(wanted, others, strict=True)])
    given = tuple(zip(wanted, granted, strict=True))
    uses = tuple(_use(want, amount, consumed) for want, amount in given if amount)
    answers = tuple(_answer(*each) for each in zip(wanted, granted, others, strict=True))
    moved = _amounts(uses)
    moved.subtract(own)
    touched = {name for name, difference in moved.items() if difference}
    touched.update(*(want.names for want, amount in given if amount > _of(want, own)))
    changed = tuple(_moved(tenant_id, name, sums, moved[name]) for name in sorted(touched))
    return Settled(uses, answers, changed)


def _amounts(uses: Iterable[AllowanceUse]) -> Counter[AllowanceName]:
    amounts = Counter[AllowanceName]()
    for use in uses:
        amounts[use.name] += use.amount
    return amounts


def _of(want: Wanted, own: Mapping[AllowanceName, int]) -> int:
    return sum(own[name] for name in want.names)


def _granted(want: Wanted, others: int, own: Mapping[AllowanceName, int]) -> int:
    if not want.members:
        return 0
    return max(want.need.granted(others), min(want.need.asked, _of(want, own)))


def _together(wanted: Sequence[Wanted], granted: Sequence[int]) -> list[int]:
    """A rule of which one allowance is gone gives nothing, so it takes nothing of its others."""
    gone = {want.need.rule for want, amount in zip(wanted, granted, strict=True) if not amount}
    return [0 if want.need.rule in gone else amount for want, amount in zip(wanted, granted, strict=True)]


def _use(want: Wanted, amount: int, consumed: bool) -> AllowanceUse:
    name = want.names[0]
    return AllowanceUse(**name._asdict(), amount=amount, consumed=consumed)


def _answer(want: Wanted, granted: int, others: int) -> AllowanceAnswer:
    need = want.need
    return AllowanceAnswer(
        rule=need.rule,
        of=need.key.kind,
        period=need.key.period,
        asked=need.asked,
        granted=granted,
        left=max(0, need.maximum - others - granted),
    )


def _moved(
    tenant_id: str, name: AllowanceName, sums: Mapping[AllowanceName, AllowanceRecord], difference: int
) -> AllowanceRecord:
    record = sums.get(name) or AllowanceRecord(tenant_id=tenant_id, **name._asdict())
    return record.model_copy(update={"used": record.used + difference})
