"""How often guests may be asked for by an access key, and one guest by anybody: addresses can't be tried out.

A guest's count is one write for each request that names one. A key's is gathered in the process and written
in bundles, for one key may ask often: it costs a fraction of a write, and is exceeded by less than a bundle
in each process. A request refused for its key writes nothing, and neither does one that names nobody.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from cellarhand.domain.customers.email_claim import email_hash
from cellarhand.domain.errors import StaleRecordError, StorageUnavailableError, TooManyRequestsError
from cellarhand.domain.reliability.rate_limit import (
    RateLimitRecord,
    rate_limit_key,
    seconds_to_next,
    window_of,
)
from cellarhand.domain.tenants.access_key import Caller
from cellarhand.domain.tenants.settings import RecognitionLimits
from cellarhand.domain.tenants.tenant import Provider
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock
from cellarhand.ports.signals import Metrics
from cellarhand.use_cases.crm.ttl_cache import TtlCache
from cellarhand.use_cases.tenants.read_tenant import settings_of, tenant_record
from cellarhand.use_cases.update_record import update_record

BUNDLES = 60
"""A key's requests are written down in bundles of this fraction of its limit."""
TERMS_KEPT_SECONDS = 60.0
MAX_KEYS_KEPT = 1_000
GUEST_REFUSED = "This guest has been asked for too often"


class _Terms(NamedTuple):
    """What is needed to count for a tenant. `recognises`: there is a CRM to be asked."""

    limits: RecognitionLimits
    hash_key: str
    recognises: bool


@dataclass(slots=True)
class _KeyCount:
    """`stored`: as the ledger had it when last looked at; `gathered`: what it does not know of yet."""

    window: int
    stored: int
    gathered: int = 0


class LimitLookups:
    """Settings count within a minute. A store that fails never stops a guest: then nothing is counted."""

    def __init__(self, settings: Records, ledger: Records, clock: Clock, metrics: Metrics) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._terms: TtlCache[_Terms] = TtlCache(clock, seconds=TERMS_KEPT_SECONDS)
        self._keys: dict[tuple[str, str], _KeyCount] = {}

    def __call__(self, caller: Caller, tenant_id: str, guest: str) -> None:
        """Count a request for `guest`: a normalised e-mail, an id or a name.

        Raises `TooManyRequestsError`.
        """
        terms = self._terms.get_or_load(tenant_id, lambda: self._read_terms(tenant_id))
        if not terms.recognises:
            return
        try:
            self._count_key(tenant_id, caller.key_id, terms.limits.per_key)
            self._count_guest(tenant_id, email_hash(terms.hash_key, guest), terms.limits.per_guest)
        except StorageUnavailableError:
            return

    def _read_terms(self, tenant_id: str) -> _Terms:
        tenant = tenant_record(self._settings, tenant_id)
        limits = settings_of(self._settings, tenant_id).recognition_limits
        return _Terms(limits, tenant.hash_key, tenant.provider is not Provider.NONE)

    def _count_guest(self, tenant_id: str, hashed: str, limit: int) -> None:
        def one_more(record: RateLimitRecord) -> RateLimitRecord:
            if record.count >= limit:
                raise self._refusal(GUEST_REFUSED)
            return record.plus(1)

        try:
            self._update(tenant_id, f"guest:{hashed}", one_more)
        except StaleRecordError:
            raise self._refusal(GUEST_REFUSED) from None

    def _count_key(self, tenant_id: str, key_id: str, limit: int) -> None:
        subject = f"key:{key_id}"
        count = self._of_key(tenant_id, subject)
        if count.stored + count.gathered >= limit:
            raise self._refusal("This access key has asked for too many guests")
        count.gathered += 1
        if count.gathered * BUNDLES >= limit:
            self._hand_over(tenant_id, subject, count)

    def _of_key(self, tenant_id: str, subject: str) -> _KeyCount:
        window = window_of(self._clock.now())
        count = self._keys.get((tenant_id, subject))
        if count is None or count.window != window:
            if len(self._keys) >= MAX_KEYS_KEPT:
                self._keys.clear()
            count = _KeyCount(window, self._record(tenant_id, subject).count)
            self._keys[tenant_id, subject] = count
        return count

    def _hand_over(self, tenant_id: str, subject: str, count: _KeyCount) -> None:
        """What loses to other processes stays gathered, and goes with the next."""
        with suppress(StaleRecordError):
            handed_over = self._update(tenant_id, subject, lambda record: record.plus(count.gathered))
            count.stored, count.gathered = handed_over.count, 0

    def _update(
        self, tenant_id: str, subject: str, change: Callable[[RateLimitRecord], RateLimitRecord]
    ) -> RateLimitRecord:
        return update_record(lambda: self._record(tenant_id, subject), change, self._ledger.save)

    def _record(self, tenant_id: str, subject: str) -> RateLimitRecord:
        window = window_of(self._clock.now())
        found = self._ledger.get(RateLimitRecord, rate_limit_key(tenant_id, subject, window))
        return found or RateLimitRecord(tenant_id=tenant_id, subject=subject, window=window)

    def _refusal(self, what: str) -> TooManyRequestsError:
        self._metrics.count("LookUps", outcome=TooManyRequestsError.code)
        seconds = seconds_to_next(self._clock.now())
        return TooManyRequestsError(f"{what}; try again in {seconds} s.", seconds)
