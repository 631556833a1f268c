"""The CRM behind its gateway, and the vault of its logins."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from cellarhand.domain.customers.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, Order, OrderNumber
from cellarhand.domain.tenants.tenant import TenantRecord


class Outcome(StrEnum):
    """The only four ways in which a write to a CRM ends."""

    DONE = "done"
    NOT_DONE = "not_done"
    """Certainly not executed: it never left us, or the front end turned it away. Safe to send again."""
    REFUSED = "refused"
    """Understood and declined; the same data will be declined again."""
    UNKNOWN = "unknown"
    """Anything else. May have been executed, or may still be: settle, then read."""


class WriteResult(NamedTuple):
    """How a write ended. `id` comes with `DONE`; `message` is the CRM's text or ours, without personal data.

    `login_refused` goes with `NOT_DONE`: the tenant's login is no longer accepted. `number_exists` goes with
    `REFUSED`: the CRM says that it has an order of this number already.
    """

    outcome: Outcome
    id: str | None = None
    message: str | None = None
    login_refused: bool = False
    number_exists: bool = False


class Capabilities(NamedTuple):
    """What the tenant's CRM can do, as far as is known."""

    knows_skus: bool
    knows_hold: bool
    finds_orders: bool
    lists_customers_of_type: bool
    refuses_repeated_order_numbers: bool
    lists_contact_types: bool = True
    """If False, `list_contact_types` returns only those seen on customers."""
    knows_joining_dates: bool = False
    """Whether memberships carry the day on which they began (`joined_on`)."""


class Connection(StrEnum):
    """What a test of the login found: who must act differs for each."""

    WORKS = "works"
    WORKS_WITHOUT_CONTACT_TYPES = "works_without_contact_types"
    LOGIN_REFUSED = "login_refused"
    ACCOUNT_INACTIVE = "account_inactive"
    OUR_CONFIGURATION = "our_configuration"
    UNREACHABLE = "unreachable"


class ConnectionTest(NamedTuple):
    """A finding and the CRM's own words, if it had any."""

    connection: Connection
    message: str | None = None


class CrmGateway(Protocol):
    """One tenant's CRM. Reads raise a `CrmError`; writes answer a `WriteResult` and raise nothing."""

    def capabilities(self) -> Capabilities:
        """What this CRM can do; may be learnt from earlier calls."""
        ...

    def test_connection(self, *, timeout: float) -> ConnectionTest:
        """Try the login. Raises nothing: being unreachable is a finding."""
        ...

    def find_customers(
        self, *, email: str | None = None, last_name: str | None = None, timeout: float
    ) -> list[Customer]:
        """All customers with exactly this normalised e-mail, or this last name (case and accents folded)."""
        ...

    def get_customer(self, customer_id: str, *, timeout: float) -> Customer | None:
        """One customer; None only when the CRM said that there is none."""
        ...

    def list_clubs(self, *, timeout: float) -> list[Club]:
        """All clubs, inactive ones too."""
        ...

    def list_contact_types(self, *, timeout: float) -> list[ContactType]:
        """All contact types the CRM can name."""
        ...

    def list_customers_of_type(self, contact_type_id: str, *, timeout: float) -> list[Customer]:
        """Members of a contact type; raises `NotSupportedByCrmError` where the CRM can't list them."""
        ...

    def list_skus(self, *, timeout: float) -> frozenset[str]:
        """Every SKU that exists; raises `NotSupportedByCrmError` if the CRM can't list them."""
        ...

    def upsert_customer(self, customer: CustomerData, *, timeout: float) -> WriteResult:
        """Create or fill one customer; the result's `id` is the customer's."""
        ...

    def create_order(self, order: Order, *, timeout: float) -> WriteResult:
        """Create one order, never billed, confirmed or taken from stock; the `id` is the CRM's order id."""
        ...

    def find_orders(
        self, number: OrderNumber, *, around: tuple[datetime, datetime], timeout: float
    ) -> list[FoundOrder]:
        """Orders that carry this number, changed within the instants `around`.

        Raises `NotSupportedByCrmError` where the CRM has no such read.
        """
        ...

    def list_orders(self, *, around: tuple[datetime, datetime], timeout: float) -> list[ListedOrder]:
        """All orders changed within the instants `around`, ours and others', each once; more are let pass.

        Raises `NotSupportedByCrmError` where the CRM has no such read.
        """
        ...


class CrmGateways(Protocol):
    """Makes the gateway for a tenant's provider, environment and login."""

    def of(self, tenant: TenantRecord) -> CrmGateway:
        """Raises `SettingsIncompleteError` when no login is stored, or `CrmNotConfiguredError`."""
        ...


class CrmLogin(NamedTuple):
    """A winery's login at its CRM. `version` changes with every rotation."""

    username: str
    password: str
    version: str

    def __repr__(self) -> str:
        return "CrmLogin(***)"


class CrmLogins(Protocol):
    """The vault of CRM logins: the console may write, never read."""

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        """The tenant's login; `fresh` looks past every cache."""
        ...

    def write(self, tenant_id: str, username: str, password: str) -> None:
        """Keep a new login in place of the old one."""
        ...
