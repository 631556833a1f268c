"""The result of each reservation in a run, stored in chunks beside the run."""

from typing import ClassVar

from pydantic import Field

from cellarhand.domain.models import FrozenModel
from cellarhand.domain.records import Key, Record, tenant_partition
from cellarhand.domain.reservations.order_progress import OrderState

from .sent_span import SentEvidence

ALREADY_SYNCED = "already_synced"


class OrderResult(FrozenModel):
    """The result of one reservation in one run. `total` (minor units) comes with `synced`."""

    reservation_id: str
    order_state: OrderState | None
    reason: str | None = None
    crm_order_id: str | None = None
    message: str | None = None
    total: int | None = None
    sent: SentEvidence | None = Field(None, exclude=True)

    @property
    def label(self) -> str:
        """The name it is counted under: `synced` means by this run."""
        if self.reason == ALREADY_SYNCED:
            return ALREADY_SYNCED
        return self.order_state.value if self.order_state else "not_found"


class SyncRunResults(Record):
    """A chunk of a run's results in the order they came; saved together with the run that counts them."""

    compressed: ClassVar[bool] = True

    tenant_id: str
    run_id: str
    number: int
    results: tuple[OrderResult, ...]

    @property
    def key(self) -> Key:
        """Numbered from 1 within their run."""
        return Key(tenant_partition(self.tenant_id), f"{results_prefix(self.run_id)}{self.number:06d}")


def results_prefix(run_id: str) -> str:
    """The sort key prefix of a run's results."""
    return f"RUN_RESULTS#{run_id}#"
