"""VinSuite's calls with one winery's credentials: request out, result in, every failure by its name."""

from http import HTTPStatus

from . import transport
from .assumptions import Assumptions
from .attempt import Attempt
from .envelope import Credentials, Fields, base_fields, soap_action, write_request
from .identities import SEEN_FOR, TEST_CALL, judge
from .messages import fit_for_people
from .node import Node, garbled
from .outcomes import CallFailedError, Seen
from .reply import read_reply

_NO_TEXT = "VinSuite refused without a reason."
_WRITTEN_IDS = ("MemberID", "OrderID")


class WebService:
    """Every method raises `CallFailedError`; the attempt's time is shared by all calls made under it."""

    def __init__(self, address: str, credentials: Credentials, assumptions: Assumptions) -> None:
        self._address = address
        self._credentials = credentials
        self.assumptions = assumptions

    def call(self, name: str, fields: Fields, attempt: Attempt) -> Node:
        """The result of a call that succeeded."""
        result = self.ask(name, fields, attempt)
        successful = result.flag("IsSuccessful")
        if successful is None:
            raise garbled("it says neither yes nor no")
        if not successful:
            raise self._refusal(result, fields, attempt)
        return result

    def ask(self, name: str, fields: Fields, attempt: Attempt) -> Node:
        """The result of a call, whether it succeeded or was refused."""
        body = write_request(name, self._credentials, fields)
        answer = transport.post(self._address, soap_action(name), body, attempt)
        if answer.status in self.assumptions.throttle_statuses:
            raise CallFailedError(Seen.THROTTLED, "VinSuite asks us to slow down.")
        if answer.status in self.assumptions.login_statuses:
            raise CallFailedError(Seen.LOGIN_REFUSED, "VinSuite refuses the login.")
        if answer.status != HTTPStatus.OK:
            raise _fault_or_status(name, answer)
        return read_reply(name, answer.body)

    def is_unknown_call(self, failure: CallFailedError) -> bool:
        """Whether it failed because VinSuite has no such call."""
        return failure.is_fault(self.assumptions.unknown_call_fault)

    def clean(self, text: str, fields: Fields = ()) -> str:
        """VinSuite's words without what we sent."""
        return fit_for_people(text, [*base_fields(self._credentials), *fields])

    def _refusal(self, result: Node, fields: Fields, attempt: Attempt) -> CallFailedError:
        text = result.value("ErrorMessage") or ""
        seen = self._seen_in(text.lower()) or self._seen_by_asking(attempt)
        if seen is Seen.REFUSED and (not text or self._doubtful(text) or _has_id(result)):
            seen = Seen.DOUBTFUL_REFUSAL
        return CallFailedError(seen, self.clean(text, fields) or _NO_TEXT)

    def _seen_in(self, text: str) -> Seen | None:
        if any(known in text for known in self.assumptions.login_refused_texts):
            return Seen.LOGIN_REFUSED
        if any(known in text for known in self.assumptions.partner_key_refused_texts):
            return Seen.PARTNER_KEY_REFUSED
        if any(known in text for known in self.assumptions.repeated_number_texts):
            return Seen.NUMBER_EXISTS
        return None

    def _seen_by_asking(self, attempt: Attempt) -> Seen:
        """A refusal has no code, so another call finds out whether it was about the login."""
        try:
            connection = judge(self.ask(TEST_CALL, [], attempt), self.assumptions)
        except CallFailedError:
            return Seen.DOUBTFUL_REFUSAL
        return SEEN_FOR.get(connection, Seen.REFUSED)

    def _doubtful(self, text: str) -> bool:
        return any(word in text.lower() for word in self.assumptions.doubtful_refusal_texts)


def _has_id(result: Node) -> bool:
    return any(result.guid(name) for name in _WRITTEN_IDS)


def _fault_or_status(name: str, answer: transport.Answer) -> CallFailedError:
    try:
        read_reply(name, answer.body)
    except CallFailedError as failure:
        if failure.seen is Seen.FAULT:
            return failure
    return CallFailedError(Seen.OTHER_STATUS, f"VinSuite answered with status {answer.status}.")
