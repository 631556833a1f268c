"""Nothing personal leaves by the side doors: logs, hints, metrics, audit."""

from collections.abc import Iterator
from io import StringIO

import pytest

from cellarhand.domain.tenants.audit_entry import AuditEntry
from cellarhand.observability import logger
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import Winery

PERSONAL = ("ada@example.com", "Byron", "555 0100", "allergic", "Vine St")
GUEST = {
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Byron",
    "phone": "+1 555 0100",
    "address": {"line1": "1 Vine St"},
}


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the functions log, as CloudWatch would get it."""
    log = StringIO()
    before = logger.registered_handler.setStream(log)
    yield log
    logger.registered_handler.setStream(before)


def test_nothing_personal_is_logged_hinted_counted_or_audited(log: StringIO):
    winery = Winery()
    winery.add_event(invite_only={"clubs_any": ["gold"]})
    winery.crm.script("find_customers", Step.UNAVAILABLE)
    winery.put(guest=GUEST, guest_note="allergic to nuts")
    winery.put(guest={**GUEST, "no_such_field": "Byron"})
    winery.clock.advance(seconds=10)
    winery.receive(winery.hint(), '{"tenant_id": "Byron", "email": "ada@example.com"}')
    winery.put("r-2", guest=GUEST)
    audited = winery.world.audit.list_records(AuditEntry, "T#oak-hollow", "AUD#").items
    told = [log.getvalue(), winery.world.hints.left, winery.world.metrics.counted, audited]
    assert "snapshot kept" in log.getvalue()
    assert len(audited) == 2
    assert not [(word, where) for word in PERSONAL for where in told if word in str(where)]


def test_a_message_that_nobody_understands_is_not_laid_at_the_door_of_the_one_before(log: StringIO):
    Winery().receive('{"tenant_id": "oak-hollow", "reservation_ids": []}', "no JSON")
    first, second = log.getvalue().splitlines()
    assert "oak-hollow" in first
    assert "oak-hollow" not in second


def test_a_retry_logs_what_came_of_its_hint(log: StringIO):
    winery = Winery()
    winery.put()
    winery.receive(winery.hint())
    assert '"outcome":"not_due"' in log.getvalue()
