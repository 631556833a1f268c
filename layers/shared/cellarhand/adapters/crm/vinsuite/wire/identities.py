"""What `TestConnection` says of the two identities behind every call: the winery's login, our partner key."""

from cellarhand.ports.crm import Connection

from .assumptions import Assumptions
from .node import Node, garbled
from .outcomes import Seen

TEST_CALL = "TestConnection"
_PRIMARY = "PrimaryAuthInfo"
_SECONDARY = "SecondaryAuthInfo"

SEEN_FOR: dict[Connection, Seen] = {
    Connection.LOGIN_REFUSED: Seen.LOGIN_REFUSED,
    Connection.ACCOUNT_INACTIVE: Seen.LOGIN_REFUSED,
    Connection.OUR_CONFIGURATION: Seen.PARTNER_KEY_REFUSED,
}
"""What the finding means for another call that was refused; what is not listed was not about the login."""


def judge(result: Node, assumptions: Assumptions) -> Connection:
    """The finding; raises `CallFailedError` if the reply says neither yes nor no."""
    successful = result.flag("IsSuccessful")
    if successful is None:
        raise garbled("it says neither yes nor no")
    account = _type_of(result, _PRIMARY)
    if account == assumptions.invalid_type:
        return Connection.LOGIN_REFUSED
    if account == assumptions.inactive_account_type:
        return Connection.ACCOUNT_INACTIVE
    if assumptions.secondary_is_partner_key and _type_of(result, _SECONDARY) == assumptions.invalid_type:
        return Connection.OUR_CONFIGURATION
    return Connection.WORKS if successful else Connection.LOGIN_REFUSED


def reason(result: Node) -> str | None:
    """VinSuite's words for a login that does not work, not yet fit for people."""
    infos = [result.child(_PRIMARY), result.child(_SECONDARY)]
    reasons = [info.value("FailureReason") for info in infos if info]
    return next((text for text in [*reasons, result.value("ErrorMessage")] if text), None)


def _type_of(result: Node, name: str) -> str | None:
    info = result.child(name)
    return (info.value("Type") or "").upper() if info else None
