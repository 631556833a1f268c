"""The outside world as deployed. Each adapter is imported and made when it is first asked for.

So a function pays at start only for what it uses, and no boto3 client exists before the first request.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from cellarhand.adapters.system import SystemClock, SystemTokens, Threads
from cellarhand.config import Config
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.observability import EmbeddedMetrics

if TYPE_CHECKING:
    from cellarhand.ports.crm import CrmGateways, CrmLogins
    from cellarhand.ports.records import Records
    from cellarhand.ports.schedules import ScheduleItems, Schedules
    from cellarhand.ports.signals import Hints


class Aws:
    """Implements the `Outside` port."""

    def __init__(self, config: Config | None = None) -> None:
        self._config = config or Config()
        self.clock = SystemClock()
        self.tokens = SystemTokens()
        self.metrics = EmbeddedMetrics()
        self.workers = Threads()

    @cached_property
    def settings(self) -> "Records":
        """The settings table."""
        return self._table(self._config.settings_table)

    @cached_property
    def ledger(self) -> "Records":
        """The ledger table."""
        return self._table(self._config.ledger_table)

    @cached_property
    def access(self) -> "Records":
        """The access table."""
        return self._table(self._config.access_table)

    @cached_property
    def audit(self) -> "Records":
        """The audit table."""
        return self._table(self._config.audit_table)

    @cached_property
    def crm(self) -> "CrmGateways":
        """Gateways by provider."""
        from cellarhand.adapters.crm.gateways import Gateways
        from cellarhand.adapters.partner_keys import SecretsManagerPartnerKeys

        partner_keys = SecretsManagerPartnerKeys(self._config.partner_keys_secret, self.clock)
        return Gateways(self.logins, partner_keys, self._config)

    @cached_property
    def logins(self) -> "CrmLogins":
        """CRM logins in Secrets Manager."""
        from cellarhand.adapters.secrets import SecretsManagerLogins

        return SecretsManagerLogins(self._config.crm_secret_prefix, self.clock)

    @cached_property
    def hints(self) -> "Hints":
        """The two queues."""
        from cellarhand.adapters.sqs import SqsHints

        return SqsHints(self._config.customer_upsert_retry_queue_url, self._config.order_sync_queue_url)

    @cached_property
    def schedules(self) -> "Schedules":
        """EventBridge Scheduler."""
        from cellarhand.adapters.scheduler import EventBridgeSchedules

        config = self._config
        return EventBridgeSchedules(
            config.schedule_group,
            config.schedule_target_arn,
            config.schedule_role_arn,
            config.schedule_dlq_arn,
            window_minutes=config.schedule_window_minutes,
        )

    @cached_property
    def schedule_items(self) -> "ScheduleItems":
        """The schedule items of the settings table."""
        from cellarhand.adapters.dynamodb.schedule_items import DynamoDbScheduleItems

        return DynamoDbScheduleItems(self._config.settings_table)

    @cached_property
    def timers(self) -> Timers:
        """The bounds of the send protocol."""
        return self._config.timers

    def _table(self, name: str) -> "Records":
        from cellarhand.adapters.dynamodb.records import RecordTable

        return RecordTable(name, self.clock, self.tokens)
