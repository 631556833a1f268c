"""The circuit breaker of each tenant's CRM: one record, changed by compare-and-set. Never written while calls
succeed.

Why: docs/decisions.md#an-open-breaker-is-read-for-every-call,
docs/decisions.md#a-probe-goes-out-even-if-its-claim-cant-be-stored,
docs/decisions.md#failures-among-answers-dont-open-the-breaker,
docs/decisions.md#a-refused-login-opens-the-breaker-longer-each-time
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress

from cellarhand.domain.errors import CrmError, StaleRecordError, StorageUnavailableError
from cellarhand.domain.reliability.circuit_breaker import WINDOW, BreakerRecord, Phase, breaker_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.use_cases.update_record import update_record

STATE_KEPT_SECONDS = 1.0
MAX_TENANTS_KEPT = 1000
RECENT_CALLS = 10


class RecentCalls:
    """The outcomes of a tenant's latest calls in this process. Safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._went_well: deque[tuple[float, bool]] = deque(maxlen=RECENT_CALLS)

    def add(self, *, went_well: bool) -> None:
        """Add a call and drop the oldest one."""
        self._went_well.append((self._clock.monotonic(), went_well))

    @property
    def mostly_went_well(self) -> bool:
        """Whether more calls succeeded than failed within the breaker's window."""
        since = self._clock.monotonic() - WINDOW.total_seconds()
        recent = [went_well for at, went_well in list(self._went_well) if at >= since]
        return sum(recent) > len(recent) / 2


class CircuitBreakers:
    """If storage fails, calls to the CRM go on as if there were no breaker."""

    def __init__(self, ledger: Records, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[str, tuple[float, BreakerRecord]] = {}
        self._recent: dict[str, RecentCalls] = {}

    def refusal(self, tenant_id: str) -> CrmError | None:
        """Why a write must wait, or None. A write is never the probe."""
        state = self._state(tenant_id)
        return None if state.phase(self._clock.now()) is Phase.CLOSED else state.refusal()

    def admit(self, tenant_id: str) -> bool:
        """Whether this call is the probe, which must report its outcome. Raises the refusal if it is open."""
        state = self._state(tenant_id)
        phase = state.phase(self._clock.now())
        if phase is Phase.OPEN:
            raise state.refusal()
        if phase is Phase.TRIABLE:
            self._claim_probe(state)
        return phase is Phase.TRIABLE

    def record_answer(self, tenant_id: str) -> None:
        """Remember in this process that a call was answered; nothing is stored."""
        self._recent_of(tenant_id).add(went_well=True)

    def record_failure(self, tenant_id: str, *, probe: bool, login_refused: bool) -> None:
        """Count a failure, unless most recent calls succeeded. A failed probe keeps the breaker open."""
        now, recent = self._clock.now(), self._recent_of(tenant_id)
        recent.add(went_well=False)
        if recent.mostly_went_well and not (probe or login_refused):
            return
        if probe:
            self._change(tenant_id, lambda state: state.after_failed_probe(now, login_refused=login_refused))
        else:
            self._change(tenant_id, lambda state: state.after_failure(now, login_refused=login_refused))

    def close(self, tenant_id: str) -> None:
        """After a successful probe, a new login, or a successful test of the login."""
        self._change(tenant_id, lambda state: state.reset())

    def _recent_of(self, tenant_id: str) -> RecentCalls:
        if len(self._recent) >= MAX_TENANTS_KEPT:
            self._recent.clear()
        return self._recent.setdefault(tenant_id, RecentCalls(self._clock))

    def _claim_probe(self, state: BreakerRecord) -> None:
        """If storage fails, the probe is sent unclaimed; its success closes the breaker all the same."""
        try:
            self._keep(self._ledger.save(state.with_probe(self._clock.now())))
        except StaleRecordError:
            self._kept.pop(state.tenant_id, None)
            raise state.refusal() from None
        except StorageUnavailableError:
            return

    def _state(self, tenant_id: str) -> BreakerRecord:
        """Only a closed breaker is cached: when staff repair a login, the very next call must go through."""
        kept = self._kept.get(tenant_id)
        if kept and kept[1].open_until is None and self._clock.monotonic() - kept[0] < STATE_KEPT_SECONDS:
            return kept[1]
        try:
            return self._keep(self._read(tenant_id))
        except StorageUnavailableError:
            return BreakerRecord(tenant_id=tenant_id)

    def _change(self, tenant_id: str, change: Callable[[BreakerRecord], BreakerRecord]) -> None:
        """A count lost to concurrent changes or failing storage only delays the opening of the breaker."""
        with suppress(StaleRecordError, StorageUnavailableError):
            self._keep(update_record(lambda: self._read(tenant_id), change, self._ledger.save))

    def _read(self, tenant_id: str) -> BreakerRecord:
        stored = self._ledger.get(BreakerRecord, breaker_key(tenant_id))
        return stored or BreakerRecord(tenant_id=tenant_id)

    def _keep(self, state: BreakerRecord) -> BreakerRecord:
        if len(self._kept) >= MAX_TENANTS_KEPT:
            self._kept.clear()
        self._kept[state.tenant_id] = (self._clock.monotonic(), state)
        return state
