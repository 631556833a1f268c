"""Test Login: does the winery's CRM let us in, and if not, who must do what?"""

from typing import NamedTuple

from cellarhand.domain.errors import Actor, CrmNotConfiguredError
from cellarhand.ports.crm import Capabilities, Connection, ConnectionTest, CrmGateways, CrmLogins
from cellarhand.ports.records import Records
from cellarhand.ports.signals import Hints
from cellarhand.use_cases.crm.circuit_breakers import CircuitBreakers

from .read_tenant import tenant_record

LOGIN_CHECK_SECONDS = 10.0

ADVICE: dict[Connection, tuple[Actor, str]] = {
    Connection.WORKS: (Actor.NOBODY, "The login works."),
    Connection.WORKS_WITHOUT_CONTACT_TYPES: (
        Actor.STAFF,
        "The login works, but the CRM names no contact types: rules and invitations can use clubs only, "
        "until contact types exist there and this login may read them.",
    ),
    Connection.LOGIN_REFUSED: (
        Actor.STAFF,
        "The CRM refuses this user name and password: enter them again.",
    ),
    Connection.ACCOUNT_INACTIVE: (
        Actor.STAFF,
        "The CRM knows the login, but its account is not active: have the CRM's support activate it.",
    ),
    Connection.OUR_CONFIGURATION: (
        Actor.OPERATORS,
        "The CRM does not accept our own partner key: the winery's login may be right.",
    ),
    Connection.UNREACHABLE: (Actor.NOBODY, "The CRM did not answer: try again later."),
}


KNOWS_NOTHING = Capabilities(
    knows_skus=False,
    knows_hold=False,
    finds_orders=False,
    lists_customers_of_type=False,
    refuses_repeated_order_numbers=False,
    lists_contact_types=False,
)


class LoginCheck(NamedTuple):
    """What was found, who must act, and what the CRM can do as far as that is known by now."""

    connection: Connection
    who_acts: Actor
    advice: str
    crm_message: str | None
    capabilities: Capabilities

    @property
    def works(self) -> bool:
        """Whether guests and orders can go to the CRM with this login."""
        return self.connection in (Connection.WORKS, Connection.WORKS_WITHOUT_CONTACT_TYPES)


class CheckCrmLogin:
    """Asks the CRM itself, past the breaker: a person is waiting to see whether it works again.

    If it does, the breaker is closed, and the guests who waited for that are woken.
    """

    def __init__(
        self, settings: Records, crm: CrmGateways, logins: CrmLogins, breakers: CircuitBreakers, hints: Hints
    ) -> None:
        self._settings = settings
        self._crm = crm
        self._logins = logins
        self._breakers = breakers
        self._hints = hints

    def __call__(self, tenant_id: str) -> LoginCheck:
        """Raises `SettingsIncompleteError` when no login is stored; every finding is an answer."""
        tenant = tenant_record(self._settings, tenant_id)
        self._logins.read(tenant_id, fresh=True)
        try:
            gateway = self._crm.of(tenant)
        except CrmNotConfiguredError as lacking:
            return _tried(ConnectionTest(Connection.OUR_CONFIGURATION, lacking.message), KNOWS_NOTHING)
        found = gateway.test_connection(timeout=LOGIN_CHECK_SECONDS)
        tried = _tried(found, gateway.capabilities())
        if tried.works:
            self._breakers.close(tenant_id)
            self._hints.login_repaired(tenant_id)
        return tried


def _tried(found: ConnectionTest, capabilities: Capabilities) -> LoginCheck:
    who_acts, advice = ADVICE[found.connection]
    return LoginCheck(found.connection, who_acts, advice, found.message, capabilities)
