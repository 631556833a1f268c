"""The environment variables that the template sets, typed, read when first asked for (never at import)."""

import os
from collections.abc import Mapping

from cellarhand.domain.errors import CellarhandError
from cellarhand.domain.reliability.settle_time import Timers
from cellarhand.domain.tenants.tenant import CrmEnvironment


class MissingVariableError(CellarhandError):
    """The stack does not set a variable that this function needs."""

    code = "not_configured"


class Config:
    """One property per variable; raises `MissingVariableError` naming the one that is not set."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    @property
    def settings_table(self) -> str:
        """Tenants, settings, events, discount schemas, schedules."""
        return self._text("SETTINGS_TABLE")

    @property
    def ledger_table(self) -> str:
        """Reservations, claims, numbers, runs, leases, breakers, quotes."""
        return self._text("LEDGER_TABLE")

    @property
    def access_table(self) -> str:
        """Hashed access keys."""
        return self._text("ACCESS_TABLE")

    @property
    def audit_table(self) -> str:
        """Who changed what; only ever added to."""
        return self._text("AUDIT_TABLE")

    @property
    def customer_upsert_retry_queue_url(self) -> str:
        """The queue of hints for the function of the same name."""
        return self._text("CUSTOMER_UPSERT_RETRY_QUEUE_URL")

    @property
    def order_sync_queue_url(self) -> str:
        """The queue of hints for `order_sync_runner`."""
        return self._text("ORDER_SYNC_QUEUE_URL")

    @property
    def schedule_group(self) -> str:
        """The group of EventBridge Scheduler that holds the tenants' schedules."""
        return self._text("SCHEDULE_GROUP")

    @property
    def schedule_target_arn(self) -> str:
        """The function that a schedule calls."""
        return self._text("SCHEDULE_TARGET_ARN")

    @property
    def schedule_role_arn(self) -> str:
        """The role with which the scheduler calls it."""
        return self._text("SCHEDULE_ROLE_ARN")

    @property
    def schedule_dlq_arn(self) -> str:
        """Where calls end that the scheduler could not make."""
        return self._text("SCHEDULE_DLQ_ARN")

    @property
    def schedule_window_minutes(self) -> int:
        """Over how many minutes the scheduler may spread calls that are due at once."""
        return int(self._text("SCHEDULE_WINDOW_MINUTES"))

    @property
    def store_timeout_seconds(self) -> float:
        """How long one try at DynamoDB, SQS, Secrets Manager or Scheduler may stay without an answer."""
        return float(self._environ.get("STORE_TIMEOUT_SECONDS", "3"))

    @property
    def crm_secret_prefix(self) -> str:
        """What stands before the tenant's id in the name of its CRM login's secret."""
        return self._environ.get("CRM_SECRET_PREFIX", "cellarhand/crm/")

    @property
    def partner_keys_secret(self) -> str:
        """The secret of our own keys as a CRM's partner."""
        return self._text("PARTNER_KEYS_SECRET")

    def vinsuite_url(self, environment: CrmEnvironment) -> str:
        """Address of one VinSuite environment."""
        return self._text(f"VINSUITE_{environment.upper()}_URL")

    @property
    def timers(self) -> Timers:
        """The bounds of the send protocol, in seconds."""
        return Timers(
            sending=self._seconds("SENDING_TIMEOUT_SECONDS"),
            late_execution=self._seconds("LATE_EXECUTION_SECONDS"),
            read_lag=self._seconds("READ_LAG_SECONDS"),
            clock_skew=self._seconds("CLOCK_SKEW_SECONDS"),
            crm_write=self._seconds("CRM_WRITE_TIMEOUT_SECONDS"),
        )

    def _text(self, name: str) -> str:
        if not (value := self._environ.get(name)):
            raise MissingVariableError(f"The environment variable {name} is not set.")
        return value

    def _seconds(self, name: str) -> float:
        return float(self._text(name))
