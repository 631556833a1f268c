"""Fifty bookings at once for the last three units, with real threads: three have them, whatever is lost."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from cellarhand.adapters import aws
from cellarhand.bootstrap import discounts, reservations
from cellarhand.domain.booking.snapshot import Snapshot
from cellarhand.domain.discounts.allowance import AllowanceRecord
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.errors import StorageUnavailableError
from cellarhand.domain.records import tenant_partition
from cellarhand.domain.reservations.reservation import ReservationRecord
from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.use_cases.reservations.keep_reservation import KeptReservation
from tests.fakes.http import TENANT
from tests.integration.allowances.conftest import RULES, AwsWithoutCrm

pytestmark = pytest.mark.emulator

BOOKINGS = 50
UNITS = 3
ENGINE = Caller(key_id="enginekey", role=Role.ENGINE, tenant_id=TENANT)
OLD_FRIEND = "ada@example.com"


def with_code(number: int) -> Snapshot:
    """Everybody with the same code."""
    return snapshot(
        f"guest-{number}@example.com",
        promo_code="HALF",
        discounts=[{"rule": "half", "guests": 1, "amount": 2000}],
        total=2000,
    )


def of_one_member(number: int) -> Snapshot:
    """The same member each time, for one free guest."""
    return snapshot(OLD_FRIEND, discounts=[{"rule": "free", "guests": 1, "amount": 4000}], total=0)


def snapshot(email: str, **changes: Any) -> Snapshot:
    return Snapshot.model_validate(
        {
            "sequence": 1,
            "state": "confirmed",
            "event_id": "tasting",
            "starts_at": "2026-06-20T14:00",
            "booked_at": "2026-06-06T12:00:00Z",
            "party_size": 1,
            "booking_source": "WGT",
            "guest": {"email": email, "first_name": "Ada", "last_name": "Byron"},
            "fee_per_guest": 4000,
            "paid": 0,
            **changes,
        }
    )


def book(number: int, body: Snapshot) -> KeptReservation:
    """As an engine does: what was not answered is sent again."""
    keep = reservations.keep_reservation()
    for _ in range(10):
        try:
            return keep(ENGINE, TENANT, f"r-{number}", body)
        except StorageUnavailableError:
            continue
    raise AssertionError("never kept")


def book_all_at_once(body_of: Callable[[int], Snapshot]) -> list[KeptReservation]:
    start = threading.Barrier(BOOKINGS)
    reservations.keep_reservation()

    def one(number: int) -> KeptReservation:
        start.wait()
        return book(number, body_of(number))

    with ThreadPoolExecutor(BOOKINGS) as pool:
        return list(pool.map(one, range(BOOKINGS)))


def lose_replies(share: float) -> list[str]:
    """Cut this share of the replies to writes, after they were executed. Answers which were cut, in time."""
    cut: list[str] = []
    chance = random.Random(7)  # noqa: S311 - to be repeatable, not secret

    def execute_and_cut(request: Any, event_name: str, **_: Any) -> None:
        if chance.random() < share:
            URLLib3Session().send(request)
            cut.append(event_name)
            raise ReadTimeoutError(endpoint_url=request.url)

    for operation in ("PutItem", "TransactWriteItems"):
        aws.dynamodb().meta.events.register(f"before-send.dynamodb.{operation}", execute_and_cut)
    return cut


def held(world: AwsWithoutCrm) -> list[int]:
    """What each kept reservation holds."""
    partition = tenant_partition(TENANT)
    kept = world.ledger.list_records(ReservationRecord, partition, "RES#", limit=100).items
    return [sum(use.amount for use in record.allowances.uses) for record in kept]


def used(world: AwsWithoutCrm) -> int:
    found = world.ledger.list_records(AllowanceRecord, tenant_partition(TENANT), "ALLOWANCE#").items
    return sum(each.used for each in found)


@pytest.mark.parametrize("share", [0.0, 0.3])
@pytest.mark.parametrize("body_of", [with_code, of_one_member])
def test_fifty_at_once_for_the_last_three_units_give_exactly_three(
    world: AwsWithoutCrm, body_of: Callable[[int], Snapshot], share: float
):
    cut = lose_replies(share)
    answers = book_all_at_once(body_of)
    assert bool(cut) is bool(share)
    granted = [allowance.granted for answer in answers for allowance in answer.allowances]
    assert (len(granted), sum(granted)) == (BOOKINGS, UNITS)
    assert sorted(held(world)) == [0] * (BOOKINGS - UNITS) + [1] * UNITS
    assert used(world) == UNITS
    told = [answer.price_check.cause for answer in answers if answer.price_check]
    assert told == ["allowance_gone"] * (BOOKINGS - UNITS)


def test_a_crowd_at_a_code_that_is_enough_for_all_is_refused_to_nobody(world: AwsWithoutCrm):
    rule = {**RULES[0], "code_limit_total": 100}
    document = DiscountSchema.model_validate({"rules": [rule]})
    discounts.write_schema()(TENANT, document, written_by="anna", if_match=None)
    answers = book_all_at_once(with_code)
    causes = {answer.price_check.cause for answer in answers if answer.price_check}
    granted = [allowance.granted for answer in answers for allowance in answer.allowances]
    assert causes <= {"allowance_busy"}
    assert sum(granted) == len(granted) == used(world) > UNITS
