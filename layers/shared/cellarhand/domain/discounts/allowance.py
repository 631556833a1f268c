"""Allowances in the ledger: one sum for each, and each reservation's share of it.

A reservation stores its own uses. The allowance stores only their sum over all reservations: a few bytes,
however often a code is used. Both are saved in one transaction, so a sum never exceeds its maximum, and
a reservation gives back exactly what it held.

A member has up to two names: the hash of the CRM's customer id, and the hash of the normalised e-mail. What
a member has used is the sum under both. A new use is stored under the first name. The sum under the other
name is saved unchanged in the same transaction: a concurrent booking that knows the member only by that name
then fails on its version and can't take the same unit.

Why: docs/decisions.md#a-members-allowance-has-two-sums, docs/decisions.md#a-reservation-stores-its-own-uses
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from cellarhand.domain.customers.customer import Membership
from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition

MAX_HELD = 8
"""Allowances that one reservation may hold: 8 to give back and 8 to take under two names are 24 sums, saved
in one transaction with the reservation and its adjustment."""

EVERYBODY = ""
"""In place of a member's name where all guests share an allowance."""

AllowanceKind = Literal["member", "code", "code_and_guest"]


class AllowanceKey(NamedTuple):
    """Names one allowance of a tenant. Kind `code` is shared by everybody; the others exist once for each
    member or guest. `subject`: the rule's id, or the folded code. `period`: such as
    `calendar_month:2026-06`, or `ever`.
    """

    kind: AllowanceKind
    subject: str
    period: str


class AllowanceNeed(NamedTuple):
    """What a booking needs of one allowance. `in_part`: less than `asked` may be granted, but not less than
    `least`; otherwise all or nothing.
    """

    key: AllowanceKey
    rule: str
    asked: int
    maximum: int
    in_part: bool
    least: int = 1

    def grant(self, used: int) -> int:
        """How much the booking gets. `used`: by all other bookings."""
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
        """The name of the sum."""
        return AllowanceName(self.kind, self.subject, self.period, self.member)

    @property
    def key(self) -> Key:
        """One for each name; contains no e-mail address."""
        return allowance_key(self.tenant_id, self.name)


class AllowanceUse(FrozenModel):
    """What a reservation holds of one allowance. `consumed`: the visit is over, so it is never given back."""

    kind: AllowanceKind
    subject: str
    period: str
    member: str
    amount: int
    consumed: bool = False

    @property
    def name(self) -> AllowanceName:
        """The sum that includes it."""
        return AllowanceName(self.kind, self.subject, self.period, self.member)


class AllowanceAnswer(FrozenModel):
    """How much of an allowance a booking was granted. `left`: for all further bookings."""

    rule: str
    of: AllowanceKind
    period: str
    asked: int
    granted: int
    left: int


class HeldAllowances(FrozenModel):
    """A reservation's share of allowances. `answers`: the result of its latest claim.

    `settled` false: too many bookings competed for the same allowance, and the reservation still holds what
    it held before. `memberships`: the guest's when quoted; membership years begin on their joining dates.
    """

    uses: tuple[AllowanceUse, ...] = ()
    answers: tuple[AllowanceAnswer, ...] = ()
    settled: bool = True
    memberships: tuple[Membership, ...] = ()

    @property
    def in_full(self) -> bool:
        """Whether everything that was asked for was granted."""
        return self.settled and all(answer.granted >= answer.asked for answer in self.answers)


class WantedAllowance(NamedTuple):
    """One allowance that a booking needs, and its member's names. No names: the booking names nobody."""

    need: AllowanceNeed
    members: tuple[str, ...]

    @property
    def names(self) -> tuple[AllowanceName, ...]:
        """The sums that count towards it; a new use is stored under the first."""
        return tuple(AllowanceName(*self.need.key, member) for member in self.members)


class Settled(NamedTuple):
    """What a reservation holds from now on, the answers to its claim, and the sums to save with it."""

    uses: tuple[AllowanceUse, ...]
    answers: tuple[AllowanceAnswer, ...]
    sums: tuple[AllowanceRecord, ...]


def allowance_key(tenant_id: str, name: AllowanceName) -> Key:
    """The key of a sum. The code comes last, because it may contain any character."""
    sort = f"ALLOWANCE#{name.kind}#{name.period}#{name.member}#{name.subject}"
    return Key(tenant_partition(tenant_id), sort)


def settle(
    tenant_id: str,
    held: Sequence[AllowanceUse],
    wanted: Sequence[WantedAllowance],
    stored: Iterable[AllowanceRecord],
    *,
    consumed: bool = False,
) -> Settled:
    """Give back what is held and claim what is wanted, as far as it is left.

    A rule's allowances are granted together or not at all. A reservation keeps what it holds and still wants,
    even if the rule's limit has been lowered since. `stored`: the existing sums of all names in `held` and
    `wanted`.
    """
    sums = {record.name: record for record in stored}
    used = {name: record.used for name, record in sums.items()}
    own = _amounts(held)
    others = [sum(used.get(name, 0) - own[name] for name in want.names) for want in wanted]
    granted = _grant_whole_rules(
        wanted,
        [_grant(want, used_by_others, own) for want, used_by_others in zip(wanted, others, strict=True)],
    )
    grants = tuple(zip(wanted, granted, strict=True))
    uses = tuple(_use_of(want, amount, consumed) for want, amount in grants if amount)
    answers = tuple(_answer_to(*claim) for claim in zip(wanted, granted, others, strict=True))
    moved = _amounts(uses)
    moved.subtract(own)
    touched = {name for name, difference in moved.items() if difference}
    touched.update(*(want.names for want, amount in grants if amount > _held_of(want, own)))
    changed = tuple(_changed_sum(tenant_id, name, sums, moved[name]) for name in sorted(touched))
    return Settled(uses, answers, changed)


def _amounts(uses: Iterable[AllowanceUse]) -> Counter[AllowanceName]:
    amounts = Counter[AllowanceName]()
    for use in uses:
        amounts[use.name] += use.amount
    return amounts


def _held_of(want: WantedAllowance, own: Mapping[AllowanceName, int]) -> int:
    return sum(own[name] for name in want.names)


def _grant(want: WantedAllowance, others: int, own: Mapping[AllowanceName, int]) -> int:
    if not want.members:
        return 0
    return max(want.need.grant(others), min(want.need.asked, _held_of(want, own)))


def _grant_whole_rules(wanted: Sequence[WantedAllowance], granted: Sequence[int]) -> list[int]:
    """If one allowance of a rule is used up, the rule gives nothing, so it takes none of its other ones."""
    used_up = {want.need.rule for want, amount in zip(wanted, granted, strict=True) if not amount}
    return [0 if want.need.rule in used_up else amount for want, amount in zip(wanted, granted, strict=True)]


def _use_of(want: WantedAllowance, amount: int, consumed: bool) -> AllowanceUse:
    name = want.names[0]
    return AllowanceUse(**name._asdict(), amount=amount, consumed=consumed)


def _answer_to(want: WantedAllowance, granted: int, others: int) -> AllowanceAnswer:
    need = want.need
    return AllowanceAnswer(
        rule=need.rule,
        of=need.key.kind,
        period=need.key.period,
        asked=need.asked,
        granted=granted,
        left=max(0, need.maximum - others - granted),
    )


def _changed_sum(
    tenant_id: str, name: AllowanceName, sums: Mapping[AllowanceName, AllowanceRecord], difference: int
) -> AllowanceRecord:
    record = sums.get(name) or AllowanceRecord(tenant_id=tenant_id, **name._asdict())
    return record.model_copy(update={"used": record.used + difference})
