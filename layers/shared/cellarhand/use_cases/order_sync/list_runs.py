"""Show sync runs: a list, newest first, and one run with the result of each reservation."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel

from cellarhand.domain.order_sync.run_results import SyncRunResults, results_prefix
from cellarhand.domain.order_sync.selection import Selection
from cellarhand.domain.order_sync.sync_run import RUN_PREFIX, RunState, SyncRun
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.order_progress import OrderState
from cellarhand.ports.records import Records
from cellarhand.use_cases.cursor import cursor_text, read_cursor
from cellarhand.use_cases.tenants.read_tenant import tenant_record

from .run_store import RunStore

RUNS_PER_PAGE = 25
CHUNKS_PER_PAGE = 20


class RunMoney(BaseModel):
    """Minor units of the tenant's currency."""

    synced: int
    currency: str


class SelectionView(BaseModel):
    """A selection as it was requested."""

    from_date: date | None
    to_date: date | None
    event_ids: tuple[str, ...]
    reservation_ids: tuple[str, ...]


class ResultView(BaseModel):
    """The result of one reservation; `order_state` is absent for an id that no reservation has."""

    reservation_id: str
    order_state: OrderState | None
    reason: str | None
    crm_order_id: str | None
    message: str | None


class RunSummary(BaseModel):
    """A run and its sums: `counts` by order state (`synced`: by this run), `reasons` of orders left out.

    `waiting`: how many reservations have no result yet; `reason` and `message` say why a run failed.
    """

    run_id: str
    state: RunState
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    selection: SelectionView
    reason: str | None
    message: str | None
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    waiting: int
    money: RunMoney
    next_look_at: datetime | None


class RunDetails(RunSummary):
    """A run with a page of its results, in the order they came."""

    results: list[ResultView]
    next: str | None


class RunList(BaseModel):
    """A page of runs, newest first."""

    runs: list[RunSummary]
    next: str | None


class ListRuns:
    """Reads stored runs; changes nothing."""

    def __init__(self, settings: Records, ledger: Records, runs: RunStore) -> None:
        self._settings = settings
        self._runs = runs
        self._ledger = ledger

    def summary(self, run: SyncRun) -> RunSummary:
        """The summary of a run that was just started."""
        return RunSummary(**_fields(run, self._currency(run.tenant_id)))

    def details(self, tenant_id: str, run_id: str, cursor: str | None = None) -> RunDetails:
        """One run with results. Raises `NotFoundError`, or `InvalidRequestError` for a broken cursor."""
        run = self._runs.get(tenant_id, run_id)
        prefix = results_prefix(run_id)
        page = self._ledger.list_records(
            SyncRunResults,
            tenant_partition(tenant_id),
            prefix,
            limit=CHUNKS_PER_PAGE,
            after=prefix + read_cursor(cursor) if cursor else None,
        )
        results = [
            ResultView(**result.model_dump(exclude={"total"}))
            for chunk in page.items
            for result in chunk.results
        ]
        following = cursor_text(page.next.removeprefix(prefix)) if page.next else None
        return RunDetails(**_fields(run, self._currency(tenant_id)), results=results, next=following)

    def newest(self, tenant_id: str, cursor: str | None = None) -> RunList:
        """A page of all runs, active ones included."""
        page = self._ledger.list_records(
            SyncRun,
            tenant_partition(tenant_id),
            RUN_PREFIX,
            limit=RUNS_PER_PAGE,
            after=RUN_PREFIX + read_cursor(cursor) if cursor else None,
            newest_first=True,
        )
        currency = self._currency(tenant_id)
        runs = [RunSummary(**_fields(run, currency)) for run in page.items]
        return RunList(runs=runs, next=cursor_text(page.next.removeprefix(RUN_PREFIX)) if page.next else None)

    def _currency(self, tenant_id: str) -> str:
        return tenant_record(self._settings, tenant_id).currency


def _fields(run: SyncRun, currency: str) -> dict[str, object]:
    same = RunSummary.model_fields.keys() - {"selection", "waiting", "money", "next_look_at"}
    return {
        **{name: getattr(run, name) for name in same},
        "selection": _selection(run.selection),
        "waiting": len(run.waiting),
        "money": RunMoney(synced=run.money, currency=currency),
        "next_look_at": run.due,
    }


def _selection(selection: Selection) -> SelectionView:
    return SelectionView(**selection.model_dump(exclude={"scheduled"}))
