"""Asking a CRM, before anything is sent, which SKUs exist. It proves the login at the same time."""

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
    """What the CRM knows; where it can't tell, its login is tested instead. Raises a `CrmError`."""
    try:
        return crm.list_skus(timeout=timeout)
    except NotSupportedByCrmError:
        _prove_login(crm, timeout)
        return SkuKnowledge.CRM_CANNOT_TELL


def _prove_login(crm: CrmGateway, timeout: float) -> None:
    found, message = crm.test_connection(timeout=timeout)
    if found in _WORKS:
        return
    text = message or "The CRM does not let us in."
    raise _failure(found, text)


def _failure(found: Connection, text: str) -> CrmError:
    if found is Connection.UNREACHABLE:
        return CrmUnavailableError(text)
    if found is Connection.OUR_CONFIGURATION:
        return CrmError(text, code="our_configuration")
    return CrmLoginRefusedError(text)
