"""TestConnection: which identities do these credentials give?"""

from sandbox.vinsuite.operations.context import Context
from sandbox.vinsuite.wire.payloads import TestConnectionRequest
from sandbox.vinsuite.wire.reply_xml import NIL, Fields
from sandbox.vinsuite.wire.values import stable_id

_SUPPLIER_ID = stable_id("partner")


def test_connection(context: Context, request: TestConnectionRequest) -> Fields:  # noqa: ARG001 - one shape for all
    """Answer a good login: the account is the winery's, the partner key the supplier's."""
    winery = {"WineryID": context.book.winery_id, "AdminName": f"{context.book.title} web services"}
    return {
        "PrimaryAuthInfo": _identity("WINERY", **winery),
        "SecondaryAuthInfo": _identity("SUPPLIER", ThirdPartySupplierID=_SUPPLIER_ID),
    }


def refused_identities(account: str, partner: str, reason: str) -> Fields:
    """Answer a refused login: the types of both identities, the reason at the one that failed."""
    return {
        "PrimaryAuthInfo": _identity(account, FailureReason=None if account == "WINERY" else reason),
        "SecondaryAuthInfo": _identity(partner, FailureReason=None if partner == "SUPPLIER" else reason),
    }


def _identity(kind: str, **known: object) -> Fields:
    unset: dict[str, object] = {
        "WineryID": NIL,
        "AdminContactID": NIL,
        "Type": kind,
        "ThirdPartySupplierID": NIL,
        "MemberID": NIL,
        "AdminName": None,
        "FailureReason": None,
        "WebServiceDatabase": "simulator",
    }
    return unset | known  # type: ignore[return-value]
