"""Every route says which problems it can answer: each call of the examples is tried amid every fault first.

Codes of one route alone are seen by that route's own tests: whatever `call` gets is held to the description.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from cellarhand.bootstrap.outside import run_in
from cellarhand.domain.errors import StaleRecordError, StorageUnavailableError
from cellarhand.domain.tenants.access_key import Role
from cellarhand.http.api import ASKS_CRM
from cellarhand.ports.crm import Capabilities, Connection
from operations.api_description.registry import described_routes
from tests.api_examples.recorder import TENANT, handlers
from tests.api_examples.story import CHAPTERS
from tests.api_examples.winery import ExampleWinery
from tests.fakes.crm import Step
from tests.fakes.http import Answered, FakeContext, call

SHARED = {*ASKS_CRM, "changed_meanwhile", "our_configuration", "not_supported_by_crm"}
UNABLE = Capabilities(
    knows_skus=False,
    knows_hold=False,
    finds_orders=False,
    lists_customers_of_type=False,
    refuses_repeated_order_numbers=False,
)
TABLES = ("settings", "ledger", "access", "audit")
OFTEN_CHANGED = ("settings", "ledger", "access")
"""An entry of the audit is only ever added."""
WRITES = ("save", "save_all")
READS = ("get", "get_many", "list_records", "worklist")


class TriedWinery(ExampleWinery):
    """Makes each call amid every fault, then as it is meant."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, set[str]] = defaultdict(set)

    def ask(self, route: str, name: str | None = None, **parts: Any) -> Any:
        sent = {key: part for key, part in parts.items() if key != "expect"}
        sent = {"role": Role.STAFF, "tenant": TENANT if sent.get("role", Role.STAFF) else None, **sent}
        for fault in FAULTS if parts.get("expect", 200) < 400 else ():
            with self._as_it_was(), fault(self):
                self._note(route, call(handlers()[route][0], route, context=FakeContext(), **sent))
        return super().ask(route, name, **parts)

    def _note(self, route: str, answer: Answered) -> None:
        if answer.status >= 400 and isinstance(answer.body, dict):
            self.seen[route].add(answer.body["code"])

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        kept = {name: dict(getattr(self.world, name)._stored) for name in TABLES}
        run_in(self.world)
        yield
        for name, stored in kept.items():
            getattr(self.world, name)._stored = stored
        run_in(self.world)


Fault = Callable[[TriedWinery], Any]


def _crm(step: Step) -> Fault:
    @contextmanager
    def fault(winery: TriedWinery) -> Iterator[None]:
        winery.crm.always("*", step)
        yield
        winery.crm.always("*", Step.NORMAL)

    return fault


def _store(error: Exception, tables: tuple[str, ...], methods: tuple[str, ...]) -> Fault:
    def fail(*_: object, **__: object) -> None:
        raise error

    @contextmanager
    def fault(winery: TriedWinery) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for table in tables:
                for method in methods:
                    patch.setattr(getattr(winery.world, table), method, fail)
            yield

    return fault


def _changed(place: Callable[[TriedWinery], object], attribute: str, value: Any) -> Fault:
    @contextmanager
    def fault(winery: TriedWinery) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place(winery), attribute, value)
            yield

    return fault


@contextmanager
def _nobody_is_taken_on(winery: TriedWinery) -> Iterator[None]:
    winery.world.settings._stored = {}
    yield


@contextmanager
def _our_key_is_wrong(winery: TriedWinery) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(winery.crm, "connection", Connection.OUR_CONFIGURATION)
        patch.setattr(winery.crm, "_capabilities", UNABLE)
        yield


FAULTS: tuple[Fault, ...] = (
    _crm(Step.UNAVAILABLE),
    _crm(Step.LOGIN_REFUSED),
    _crm(Step.REFUSED),
    _store(StorageUnavailableError("The store does not answer."), TABLES, (*READS, *WRITES)),
    _store(StaleRecordError("It was changed meanwhile."), OFTEN_CHANGED, WRITES),
    _changed(lambda winery: winery.world.crm, "is_configured", False),
    _changed(lambda winery: winery.world.crm, "without_login", {TENANT}),
    _nobody_is_taken_on,
    _changed(lambda winery: winery.crm, "_capabilities", UNABLE),
    _our_key_is_wrong,
)


@cache
def seen() -> dict[str, set[str]]:
    """Codes by route, amid all faults. Raises where one is answered that is not described."""
    winery = TriedWinery()
    try:
        for chapter in CHAPTERS:
            chapter(winery)
    finally:
        run_in(None)
    return winery.seen


@pytest.mark.parametrize("key", [one.route.key for one in described_routes()])
def test_a_route_answers_the_shared_problems_that_it_declares(key: str):
    (route,) = [one.route for one in described_routes() if one.route.key == key]
    assert SHARED & set(route.problems) == SHARED & seen()[key]
