"""A winery in memory: its settings, its CRM's answer, and the two use cases of discounts on top."""

from datetime import UTC, datetime
from typing import Any

from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.discounts.quote import AnonymousQuote, Quote
from cellarhand.domain.discounts.request import DiscountRequest, QuoteGuest
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.errors import CellarhandError
from cellarhand.domain.tenants.event import EventBody, EventRecord
from cellarhand.domain.tenants.settings import Settings, SettingsRecord
from cellarhand.domain.tenants.tenant import CrmEnvironment, Provider, TenantRecord
from cellarhand.ports.crm import Capabilities
from cellarhand.use_cases.customers.recognise_guest import FoundGuest, RecogniseGuest
from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas
from cellarhand.use_cases.discounts.evaluate_discounts import EvaluateDiscounts
from cellarhand.use_cases.discounts.manage_schema import ReadSchema, StoredSchema, WriteSchema
from cellarhand.use_cases.discounts.quote_usage import QuoteUsage
from cellarhand.use_cases.discounts.usage_sums import UsageSums
from cellarhand.use_cases.discounts.validate_schema import ValidateSchema
from tests.fakes.crm import ALL_CAPABILITIES, InMemoryCrm
from tests.fakes.outside import FakeCrmGateways, FakeOutside

TENANT = "demo"


class ScriptedSearch:
    """Answers what it was given, or fails; remembers how long it might have taken."""

    def __init__(self) -> None:
        self.answer: FoundGuest | CellarhandError = FoundGuest()
        self.timeouts: list[float] = []

    def __call__(self, tenant: TenantRecord, guest: QuoteGuest, timeout: float) -> FoundGuest:
        self.timeouts.append(timeout)
        if isinstance(self.answer, CellarhandError):
            raise self.answer
        return self.answer


class Winery:
    """One tenant with the events `tasting` and, for the Gold Club alone, `dinner`."""

    def __init__(
        self,
        provider: Provider = Provider.VINSUITE,
        capabilities: Capabilities = ALL_CAPABILITIES,
        **settings: Any,
    ) -> None:
        self.outside = FakeOutside()
        self.clock, self.metrics = self.outside.clock, self.outside.metrics
        self.settings, self.ledger = self.outside.settings, self.outside.ledger
        self.find_guest = ScriptedSearch()
        self.reported: list[CellarhandError] = []
        self.crm = InMemoryCrm(
            clubs=[Club(id="club-1", name="Gold Club", active=True)],
            contact_types=[ContactType(id="type-1", name="Trade")],
            capabilities=capabilities,
        )
        self.evaluate = EvaluateDiscounts(
            self.settings,
            self.ledger,
            RecogniseGuest(self.find_guest, self.reported.append),
            CompiledSchemas(self.settings),
            QuoteUsage(UsageSums(self.ledger)),
            self.outside.runtime,
        )
        self.read = ReadSchema(self.settings)
        check = ValidateSchema(self.settings, FakeCrmGateways(self.crm))
        self._write = WriteSchema(self.settings, check, self.clock)
        self._onboard(provider, Settings.model_validate(settings))

    def write(self, *rules: dict[str, Any], if_match: int | None = None, **policy: str) -> StoredSchema:
        """Put rules in force as `anna`."""
        document = DiscountSchema.model_validate({"rules": list(rules), "policy": policy})
        return self._write(TENANT, document, written_by="anna", if_match=if_match)

    def quote(self, *, anonymous: bool = False, **request: Any) -> Quote | AnonymousQuote:
        """Ask for a visit of two in a week from now, with changes."""
        usual = {"event_id": "tasting", "starts_at": "2026-06-13T11:00", "party_size": 2, "channel": "widget"}
        return self.evaluate(TENANT, DiscountRequest.model_validate(usual | request), anonymous=anonymous)

    def _onboard(self, provider: Provider, settings: Settings) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        self.settings.save(
            TenantRecord(
                tenant_id=TENANT,
                name="Demo Winery",
                timezone="America/Los_Angeles",
                currency="USD",
                provider=provider,
                crm_environment=CrmEnvironment.SANDBOX,
                hash_key="invented",
                created_at=now,
            )
        )
        self.settings.save(
            SettingsRecord(tenant_id=TENANT, settings=settings, written_by="anna", written_at=now)
        )
        tasting = {"name": "Estate Tasting", "fee_per_guest": 2500}
        dinner = {"name": "Dinner", "fee_per_guest": 9000, "invite_only": {"clubs_any": ["Gold Club"]}}
        for event_id, event in {"tasting": tasting, "dinner": dinner}.items():
            body = EventBody.model_validate(event)
            self.settings.save(EventRecord(tenant_id=TENANT, event_id=event_id, event=body))
