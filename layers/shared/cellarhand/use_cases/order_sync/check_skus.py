"""Ask a CRM which SKUs exist before any order is sent. This also tests the login."""

from cellarhand.domain.errors import (
    CrmError,
    CrmLoginRefusedError,
    CrmUnavailableError,
    NotSupportedByCrmError,
)
from cellarhand.domain.reservations.eligibility import SkuKnowledge
from cellarhand.ports.crm import Connection, CrmGateway

_WORKS = frozenset({Connection.WORKS, Connection.WORKS_WITHOUT_CONTACT_TYPES})


def ask_for_skus(crm: CrmGateway, *, timeout: float) -> frozenset[str] | SkuKnowledge:
    """The CRM's SKUs; if it can't list them, its login is tested instead. Raises a `CrmError`."""
    try:
        return crm.list_skus(timeout=timeout)
    except NotSupportedByCrmError:
        _test_login(crm, timeout)
        return SkuKnowledge.CRM_CANNOT_TELL


def _test_login(crm: CrmGateway, timeout: float) -> None:
    found, message = crm.test_connection(timeout=timeout)
    if found in _WORKS:
        return
    text = message or "The CRM refuses the login."
    raise _failure(found, text)


def _failure(found: Connection, text: str) -> CrmError:
    if found is Connection.UNREACHABLE:
        return CrmUnavailableError(text)
    if found is Connection.OUR_CONFIGURATION:
        return CrmError(text, code="our_configuration")
    return CrmLoginRefusedError(text)
