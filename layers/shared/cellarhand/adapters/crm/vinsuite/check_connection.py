"""Test Login: find out who must act."""

from cellarhand.adapters.crm.vinsuite.orders.catalogue import Catalogue
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.identities import TEST_CALL, judge, reason
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.ports.crm import Connection, ConnectionTest

NO_TYPES = "The login works, but VinSuite names no contact types."
TYPES_UNREADABLE = "The login works, but the contact types could not be read."


def try_login(service: WebService, catalogue: Catalogue, attempt: Attempt) -> ConnectionTest:
    """One of the findings, with VinSuite's words if it had any."""
    try:
        result = service.ask(TEST_CALL, [], attempt)
        connection = judge(result, service.assumptions)
    except CallFailedError as failure:
        refused = failure.seen is Seen.LOGIN_REFUSED
        return ConnectionTest(
            Connection.LOGIN_REFUSED if refused else Connection.UNREACHABLE, failure.message
        )
    if connection is Connection.WORKS:
        return _with_contact_types(catalogue, attempt)
    words = reason(result)
    return ConnectionTest(connection, service.clean(words) if words else None)


def _with_contact_types(catalogue: Catalogue, attempt: Attempt) -> ConnectionTest:
    try:
        types = catalogue.contact_types(attempt)
    except CallFailedError:
        return ConnectionTest(Connection.WORKS_WITHOUT_CONTACT_TYPES, TYPES_UNREADABLE)
    if not types:
        return ConnectionTest(Connection.WORKS_WITHOUT_CONTACT_TYPES, NO_TYPES)
    return ConnectionTest(Connection.WORKS)
