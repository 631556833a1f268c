"""What each step found, as data. Seconds are measured from the end of the writing call to the first sight."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """An answer; None where a step could not find one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FirstOrder(Finding):
    """How an order that was sent is shown. `clock_minutes`: the server's clock less UTC."""

    finds_orders: bool
    number_kept: bool | None = None
    prefix: Literal["apart", "joined", "left_out"] | None = None
    clock_minutes: int | None = None


class Repeat(Finding):
    """What became of a number that was sent twice; `text`: the words of a refusal."""

    outcome: Literal["refused", "duplicated", "renumbered", "answers_first", "accepted_unread", "unclear"]
    text: str | None = None
    number: str = ""


class Filters(Finding):
    """By which fields GetOrders filters; it takes, and leaves aside, any other."""

    honoured: tuple[str, ...]


class Delays(Finding):
    """Delays in seconds, the longest at the end; `not_seen` were never seen in time."""

    seconds: tuple[float, ...]
    not_seen: int

    @property
    def longest(self) -> float | None:
        """None: nothing was seen at all."""
        return max(self.seconds, default=None)

    def at(self, share: float) -> float | None:
        """The delay that this share of all stayed within (nearest rank)."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


class Effects(Finding):
    """Whether anything happened that the request switched off; the signs are names of reply fields."""

    signs_of_billing: tuple[str, ...]
    status: str | None
    stock: Literal["untouched", "decremented", "not_told"]
    mailbox: str | None = None


class Refusal(Finding):
    """One call that could not succeed: how it ended, and in whose words. `known`: our tables expect that."""

    what: str
    ended: Literal["accepted", "refused", "fault", "status", "unreadable"]
    text: str | None = None
    identities: tuple[str | None, str | None] | None = None
    known: bool | None = None


class Refusals(Finding):
    """How wrong logins and wrong orders are refused. `locks_after`: wrong passwords in a row."""

    seen: tuple[Refusal, ...]
    wrong_logins_tried: int
    locks_after: int | None = None


class TurnedAway(Finding):
    """The first call that was not let through: how many were, just before or beside it."""

    let_through: int
    status: int
    retry_after: str | None


class Pace(Finding):
    """`a_second`: calls one after the other; `in_flight`: calls at once."""

    tried_a_second: int
    tried_in_flight: int
    a_second: TurnedAway | None
    in_flight: TurnedAway | None


class Members(Finding):
    """How customers are found and kept apart by e-mail."""

    found_after: float | None
    case_ignored: bool | None = None
    finds_parts: bool | None = None
    repeated_email: Literal["updates", "creates_second", "refused", "unclear"]
    text: str | None = None
    added: int = 0
    listed: int | None = None


class OwnNumbers(Finding):
    """Which numbers the CRM gives when we give none; `ours`: the highest that we had sent before."""

    given: tuple[int, ...]
    ours: int

    @property
    def follows_ours(self) -> bool:
        """True: our numbers move its own."""
        return bool(self.given) and self.given[0] == self.ours + 1


class Findings(BaseModel):
    """What is known so far, by step."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    first_order: FirstOrder | None = None
    repeat: Repeat | None = None
    filters: Filters | None = None
    own_numbers: OwnNumbers | None = None
    members: Members | None = None
    effects: Effects | None = None
    pace: Pace | None = None
    read_lag: Delays | None = None
    late_execution: Delays | None = None
    refusals: Refusals | None = None
