"""What the use cases need of the outside world, as Protocols. Adapters and the tests' fakes fill them.

Timeouts are seconds for the whole call, connection and reading included.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from cellarhand.domain.customer import Club, ContactType, Customer, CustomerData
from cellarhand.domain.order import FoundOrder, Order, OrderNumber
from cellarhand.domain.records import DueWork, Key, Place, Record
from cellarhand.domain.tenant import TenantRecord

if TYPE_CHECKING:
    from cellarhand.domain.sync_schedule import ScheduleStatus

R = TypeVar("R", bound=Record)


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for measuring how long something took."""
        ...


class Tokens(Protocol):
    """Randomness, injected."""

    def token(self, bits: int = 128) -> str:
        """A fresh URL-safe random string."""
        ...

    def jitter(self) -> float:
        """A number from 0 up to 1."""
        ...


class Page[T](NamedTuple):
    """Part of a list, and where it goes on (absent: it was the last part)."""

    items: list[T]
    next: str | None


class Records(Protocol):
    """A table of records. Reads are consistent, except `worklist` and `due`, which are indexes: hints only.

    Every method raises `StorageUnavailableError` when the store does not answer.
    """

    def get(self, kind: type[R], key: Key) -> R | None:
        """The record, or None if there is none (an expired one counts as none)."""
        ...

    def get_many(self, kind: type[R], keys: Sequence[Key]) -> list[R]:
        """Those that exist, in the order of `keys`."""
        ...

    def save(self, record: R) -> R:
        """Replace the stored record if its version is still `record.version` (0: if there is none).

        Answers the record with its new version. Raises `StaleRecordError` if somebody else was first;
        a lost reply of our own write is recognised and is no error.
        """
        ...

    def save_all(self, records: Sequence[Record], removed: Sequence[Record] = ()) -> None:
        """The same for several at once: all or none. At most 25 together."""
        ...

    def list_records(
        self,
        kind: type[R],
        partition: str,
        prefix: str,
        *,
        limit: int = 100,
        after: str | None = None,
        newest_first: bool = False,
    ) -> Page[R]:
        """The records of a partition whose sort key begins with `prefix`, in its order; `after` is a
        `Page.next`."""
        ...

    def worklist(
        self, name: str, *, start: str, end: str, limit: int = 100, after: str | None = None
    ) -> Page[tuple[Key, Place]]:
        """Keys in a worklist whose position is from `start` up to and with `end`, in order."""
        ...

    def due(self, shard: int, until: datetime, limit: int = 100) -> Sequence[DueWork]:
        """What of one shard was due by `until`, longest waiting first."""
        ...


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

    `login_refused` goes with `NOT_DONE`: the tenant's login is no longer accepted.
    """

    outcome: Outcome
    id: str | None = None
    message: str | None = None
    login_refused: bool = False


class Capabilities(NamedTuple):
    """What the tenant's CRM can do, as far as is known."""

    knows_skus: bool
    knows_hold: bool
    finds_orders: bool
    lists_customers_of_type: bool
    refuses_repeated_order_numbers: bool


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
        """Every SKU that exists; raises `NotSupportedByCrmError` where the CRM can't tell."""
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

    def add_order_note(self, crm_order_id: str, note: str, *, timeout: float) -> WriteResult:
        """Add a note to an order."""
        ...


class CrmGateways(Protocol):
    """Makes the gateway for a tenant's provider, environment and login."""

    def of(self, tenant: TenantRecord) -> CrmGateway:
        """Raises `SettingsIncompleteError` when no login is stored."""
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


class Hints(Protocol):
    """Messages that only say where work may be due; losing one costs time, never work."""

    def customer_upsert(self, tenant_id: str, reservation_id: str, *, delay: float = 0) -> None:
        """Have a reservation's guest upserted after `delay` seconds (at most 900 are honoured)."""
        ...

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        """Have a tenant's sync runs drained after `delay` seconds (at most 900 are honoured)."""
        ...


class WantedSchedule(NamedTuple):
    """A schedule as EventBridge Scheduler must have it."""

    tenant_id: str
    expression: str
    timezone: str


class Schedules(Protocol):
    """The clock's side of a tenant's sync schedule."""

    def put(self, schedule: WantedSchedule) -> None:
        """Create or replace. Raises `InvalidRequestError` with the clock's own reason if it refuses."""
        ...

    def remove(self, tenant_id: str) -> None:
        """Remove; nothing to remove is fine."""
        ...

    def get(self, tenant_id: str) -> WantedSchedule | None:
        """What the clock has."""
        ...


class ScheduleItems(Protocol):
    """A tenant's schedule item and its status item, in the settings table.

    Plain attributes, no records: support may write the item by hand. Raises `StorageUnavailableError`.
    """

    def read(self, tenant_id: str) -> Mapping[str, object] | None:
        """The item's attributes as whoever wrote it left them, without its key; None: there is none."""
        ...

    def write(self, tenant_id: str, attributes: Mapping[str, object]) -> None:
        """Replace the item, as a bare `put-item` would. Attributes that are None are left out."""
        ...

    def read_status(self, tenant_id: str) -> "ScheduleStatus | None":
        """What came of the item; None: nothing has yet."""
        ...

    def write_status(self, tenant_id: str, status: "ScheduleStatus | None") -> None:
        """Say what came of the item (None: it is gone, and so is its status)."""
        ...


class Metrics(Protocol):
    """Counted facts. Never a dimension per tenant: the tenant is in the log line."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a counter, such as `Orders` with `outcome="synced"`."""
        ...


class Deadline(Protocol):
    """How long the running invocation still has."""

    def seconds_left(self) -> float:
        """Seconds until the platform may end this invocation."""
        ...
