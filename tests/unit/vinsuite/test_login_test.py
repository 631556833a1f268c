"""Test Login: each cause is told apart, because another person must act on each."""

import pytest

from cellarhand.ports.crm import Connection
from tests.unit.vinsuite.loopback import Loopback, Step, answer, reset, silence
from tests.unit.vinsuite.replies import WORKING, fault, gateway, identities, result, success

NO_TYPES = answer(success("GetWineryMemberTypes", "<MemberTypes/>"))
TYPES = answer(
    success(
        "GetWineryMemberTypes",
        "<MemberTypes><T><MemberTypeID>1</MemberTypeID>"
        "<MemberTypeDescription>Trade</MemberTypeDescription></T></MemberTypes>",
    )
)


def tells(account: str, partner: str = "SUPPLIER", *, successful: bool = False) -> Step:
    return answer(identities(account, partner, successful=successful))


NO_CALL = answer(fault("Client"), 500)
CASES: dict[str, tuple[list[Step], Connection]] = {
    "works": ([answer(WORKING), TYPES], Connection.WORKS),
    "works with a supplier's account": ([tells("SUPPLIER", successful=True), TYPES], Connection.WORKS),
    "works, says nothing of identities": (
        [answer(success("TestConnection")), TYPES],
        Connection.WORKS,
    ),
    "no contact types": ([answer(WORKING), NO_TYPES], Connection.WORKS_WITHOUT_CONTACT_TYPES),
    "no such call": ([answer(WORKING), NO_CALL], Connection.WORKS_WITHOUT_CONTACT_TYPES),
    "contact types fail": ([answer(WORKING), reset], Connection.WORKS_WITHOUT_CONTACT_TYPES),
    "login refused": ([tells("INVALID")], Connection.LOGIN_REFUSED),
    "login refused in small letters": ([tells("Invalid")], Connection.LOGIN_REFUSED),
    "login refused though successful": ([tells("INVALID", successful=True)], Connection.LOGIN_REFUSED),
    "login refused without identities": (
        [answer(result("TestConnection", "<IsSuccessful>0</IsSuccessful>"))],
        Connection.LOGIN_REFUSED,
    ),
    "both refused": ([tells("INVALID", "INVALID")], Connection.LOGIN_REFUSED),
    "refused by status": ([answer("", 401)], Connection.LOGIN_REFUSED),
    "inactive account": ([tells("ANONYMOUS")], Connection.ACCOUNT_INACTIVE),
    "wrong partner key": ([tells("WINERY", "INVALID")], Connection.OUR_CONFIGURATION),
    "wrong partner key though successful": (
        [tells("WINERY", "INVALID", successful=True)],
        Connection.OUR_CONFIGURATION,
    ),
    "silence": ([silence], Connection.UNREACHABLE),
    "fault": ([answer(fault("Server"), 500)], Connection.UNREACHABLE),
    "an HTML page": ([answer("<html/>")], Connection.UNREACHABLE),
    "throttled": ([answer("", 429)], Connection.UNREACHABLE),
    "neither yes nor no": ([answer(result("TestConnection", ""))], Connection.UNREACHABLE),
}


@pytest.mark.parametrize(("steps", "connection"), CASES.values(), ids=CASES.keys())
def test_what_a_login_test_finds(peer: Loopback, steps: list[Step], connection: Connection):
    peer.answers(*steps)
    assert gateway(peer.url).test_connection(timeout=0.3).connection is connection


def test_nobody_at_the_address_is_unreachable():
    assert gateway("http://127.0.0.1:9/x").test_connection(timeout=1).connection is Connection.UNREACHABLE


def test_the_reason_is_told_in_the_crms_words(peer: Loopback):
    reason = "<Type>INVALID</Type><FailureReason>Password expired.</FailureReason>"
    info = f"<PrimaryAuthInfo>{reason}</PrimaryAuthInfo>"
    peer.answers(answer(result("TestConnection", f"<IsSuccessful>false</IsSuccessful>{info}")))
    assert gateway(peer.url).test_connection(timeout=5).message == "Password expired."
