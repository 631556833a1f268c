"""What a call can end in, and what each ending means for a write and for a read.

The table is the whole decision: a write that may have been executed is `UNKNOWN`, never anything else.
"""

from collections.abc import Mapping
from enum import StrEnum

from cellarhand.domain.errors import CrmError, CrmLoginRefusedError, CrmRefusedError, CrmUnavailableError
from cellarhand.ports.crm import Outcome, WriteResult


class Seen(StrEnum):
    """What we saw instead of success."""

    NEVER_LEFT_US = "never_left_us"
    """No name, no connection, no TLS, or no time left: not a byte of the request was sent."""
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    THROTTLED = "throttled"
    LOGIN_REFUSED = "login_refused"
    PARTNER_KEY_REFUSED = "partner_key_refused"
    REFUSED = "refused"
    NUMBER_EXISTS = "number_exists"
    """Refused, because an order of this number is there already."""
    DOUBTFUL_REFUSAL = "doubtful_refusal"
    """Refused with no text, with one that speaks of a crash, or with an id all the same."""
    FAULT = "fault"
    OTHER_STATUS = "other_status"
    GARBLED = "garbled"
    """Status 200 with a cut, empty, foreign or unreadable body, or an HTML page."""
    OVERSIZED = "oversized"
    """More than we take in one reply."""
    NOT_POSSIBLE = "not_possible"
    """Not sent, because VinSuite could not store it."""


OUTCOME_OF_WRITE: Mapping[Seen, Outcome] = {
    Seen.NEVER_LEFT_US: Outcome.NOT_DONE,
    Seen.TIMED_OUT: Outcome.UNKNOWN,
    Seen.CONNECTION_LOST: Outcome.UNKNOWN,
    Seen.THROTTLED: Outcome.NOT_DONE,
    Seen.LOGIN_REFUSED: Outcome.NOT_DONE,
    Seen.PARTNER_KEY_REFUSED: Outcome.NOT_DONE,
    Seen.REFUSED: Outcome.REFUSED,
    Seen.NUMBER_EXISTS: Outcome.REFUSED,
    Seen.DOUBTFUL_REFUSAL: Outcome.UNKNOWN,
    Seen.FAULT: Outcome.UNKNOWN,
    Seen.OTHER_STATUS: Outcome.UNKNOWN,
    Seen.GARBLED: Outcome.UNKNOWN,
    Seen.OVERSIZED: Outcome.UNKNOWN,
    Seen.NOT_POSSIBLE: Outcome.REFUSED,
}

ERROR_OF_READ: Mapping[Seen, type[CrmError]] = {
    Seen.LOGIN_REFUSED: CrmLoginRefusedError,
    Seen.REFUSED: CrmRefusedError,
    Seen.NOT_POSSIBLE: CrmRefusedError,
}
"""Whatever is not listed is `CrmUnavailableError`."""


class CallFailedError(Exception):
    """A call did not succeed. The text is fit for people: no personal data, no secret."""

    def __init__(self, seen: Seen, message: str, *, fault_code: str | None = None) -> None:
        super().__init__(message)
        self.seen = seen
        self.message = message
        self.fault_code = fault_code

    def is_fault(self, code: str) -> bool:
        """Whether it was a fault of this code, such as "Client"."""
        return self.seen is Seen.FAULT and self.fault_code == code

    def as_write_result(self) -> WriteResult:
        """What a write answers."""
        return WriteResult(
            OUTCOME_OF_WRITE[self.seen],
            message=self.message,
            login_refused=self.seen is Seen.LOGIN_REFUSED,
            number_exists=self.seen is Seen.NUMBER_EXISTS,
        )

    def as_read_error(self) -> CrmError:
        """What a read raises."""
        return ERROR_OF_READ.get(self.seen, CrmUnavailableError)(self.message)
