"""The whole outside world in memory: `bootstrap.run_in(FakeOutside())`."""

from dataclasses import dataclass, field

from cellarhand.domain.errors import CrmNotConfiguredError, SettingsIncompleteError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.tenant import CrmEnvironment, TenantRecord
from cellarhand.ports.crm import CrmGateway, CrmLogin
from cellarhand.ports.runtime import Runtime
from cellarhand.ports.workers import Workers
from tests.fakes.crm import InMemoryCrm
from tests.fakes.records import InMemoryRecords
from tests.fakes.schedules import FakeScheduleItems, FakeSchedules
from tests.fakes.signals import CollectedHints, CollectedMetrics
from tests.fakes.time import CountingTokens, FakeClock
from tests.fakes.workers import TimelessThreads

TIMERS = Timers(sending=60, late_execution=600, read_lag=120, clock_skew=60, crm_write=25)
"""As in production (design section 5)."""


class FakeCrmGateways:
    """One CRM in memory for every tenant, unless `by_tenant` has its own; a tenant without login has none."""

    def __init__(self, crm: InMemoryCrm | None = None) -> None:
        self.crm = crm or InMemoryCrm()
        self.by_tenant: dict[str, InMemoryCrm] = {}
        self.without_login: set[str] = set()
        self.is_configured = True

    def of(self, tenant: TenantRecord) -> CrmGateway:
        if tenant.tenant_id in self.without_login:
            raise SettingsIncompleteError("The CRM login is not set.")
        if not self.is_configured:
            raise CrmNotConfiguredError("There is no partner key.")
        return self.by_tenant.get(tenant.tenant_id, self.crm)


class FakePartnerKeys:
    """Our keys at a CRM's installations, by environment."""

    def __init__(self, **keys: str) -> None:
        self.keys = keys

    def of(self, environment: CrmEnvironment) -> str:
        if environment not in self.keys:
            raise CrmNotConfiguredError(f"There is no partner key for the {environment} installation.")
        return self.keys[environment]


class FakeCrmLogins:
    """Logins in a dict; every write makes a new version. `fresh` holds whose were read past every cache."""

    def __init__(self) -> None:
        self._kept: dict[str, CrmLogin] = {}
        self.fresh: list[str] = []

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        if fresh:
            self.fresh.append(tenant_id)
        return self._kept.get(tenant_id)

    def write(self, tenant_id: str, username: str, password: str) -> None:
        version = self._kept[tenant_id].version if tenant_id in self._kept else "0"
        self._kept[tenant_id] = CrmLogin(username, password, str(int(version) + 1))


@dataclass
class FakeOutside:
    """Fills `Outside`; give a port of your own, or use the one that is there."""

    clock: FakeClock = field(default_factory=FakeClock)
    tokens: CountingTokens = field(default_factory=CountingTokens)
    metrics: CollectedMetrics = field(default_factory=CollectedMetrics)
    crm: FakeCrmGateways = field(default_factory=FakeCrmGateways)
    logins: FakeCrmLogins = field(default_factory=FakeCrmLogins)
    hints: CollectedHints = field(default_factory=CollectedHints)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)
    schedule_items: FakeScheduleItems = field(default_factory=FakeScheduleItems)
    timers: Timers = TIMERS

    def __post_init__(self) -> None:
        self.workers: Workers = TimelessThreads(self.clock)
        self.settings = InMemoryRecords(self.clock)
        self.ledger = InMemoryRecords(self.clock)
        self.access = InMemoryRecords(self.clock)
        self.audit = InMemoryRecords(self.clock)
        self.failures: list[BaseException] = []

    @property
    def runtime(self) -> Runtime:
        """Of the ports as they are now; what it is told to report is in `failures`."""
        return Runtime(self.clock, self.tokens, self.workers, self.timers, self.metrics, self.failures.append)
