"""Every reason for which a reservation is not (yet) an order."""

from datetime import date, timedelta
from typing import Any

import pytest

from cellarhand.domain.reservations.eligibility import (
    EligibilityContext,
    SkuKnowledge,
    assess,
    with_eligibility,
)
from cellarhand.domain.reservations.order_progress import OrderProgress, OrderState
from cellarhand.domain.reservations.reservation import (
    CustomerProgress,
    CustomerState,
    Exclusion,
    ReservationRecord,
)
from tests.unit.order_sync.given import EVENT, LINKED, NOW, SETTINGS, SKUS, reservation, snapshot

BASIS = EligibilityContext(event=EVENT, settings=SETTINGS, skus=SKUS)
CHEESE = {"name": "Cheese", "unit_price": 1500, "quantity": 1}
KEPT_NO_SHOW = reservation(snapshot={"state": "no_show"})
COMP = {"name": "Owner's guests", "by": "Sam", "amount": 8000}
GREATER_DISCOUNT = {
    "discounts": [{"rule": "r", "amount": 9000}],
    "add_ons": [{**CHEESE, "sku": "CHEESE"}],
}


def basis(**changes: Any) -> EligibilityContext:
    return BASIS._replace(**changes)


def guest(**fields: str) -> ReservationRecord:
    return reservation(snapshot={"guest": fields})


def customer(state: CustomerState) -> ReservationRecord:
    return reservation(customer=CustomerProgress(state=state))


LEFT_OUT = [
    ("ticket_order", reservation(snapshot={"kind": "ticket_order"}), BASIS),
    ("cancelled", reservation(snapshot={"state": "cancelled"}), BASIS),
    ("no_show_excluded", KEPT_NO_SHOW, BASIS),
    (
        "no_show_excluded",
        reservation(snapshot={"state": "no_show", "discounts": [COMP]}),
        basis(settings=SETTINGS.model_copy(update={"sync_no_shows": True})),
    ),
    ("balance_due", reservation(snapshot={"paid": 7999}), BASIS),
    ("refund_due", reservation(snapshot={"paid": 8001}), BASIS),
    ("event_unknown", reservation(), basis(event=None)),
    ("sku_missing", reservation(), basis(event=EVENT.model_copy(update={"sku": None}))),
    ("sku_missing", reservation(snapshot={"add_ons": [CHEESE]}), BASIS),
    (
        "sku_missing",
        reservation(snapshot={"gratuity": 500}),
        basis(settings=SETTINGS.model_copy(update={"gratuity_sku": None})),
    ),
    ("sku_unknown_in_crm", reservation(), basis(skus=SKUS - {"TASTING"})),
    (
        "sku_unknown_in_crm",
        reservation(snapshot={"add_ons": [{**CHEESE, "sku": "CHEESE"}]}),
        basis(skus=frozenset({"TASTING"})),
    ),
    ("sku_unknown_in_crm", reservation(snapshot={"gratuity": 500}), basis(skus=SKUS - {"TIP"})),
    ("sku_unconfirmed", reservation(), basis(skus=SkuKnowledge.CRM_CANNOT_TELL)),
    ("customer_missing", customer(CustomerState.NEEDS_ATTENTION), BASIS),
    ("customer_missing", customer(CustomerState.SKIPPED), BASIS),
    ("customer_missing", guest(last_name="Berg", customer_id="customer-1"), BASIS),
    ("customer_missing", guest(email="anna@example.com"), BASIS),
    ("amount_mismatch", reservation(snapshot=GREATER_DISCOUNT), BASIS),
    ("already_synced", reservation(order=OrderProgress(state=OrderState.SYNCED)), BASIS),
    ("too_early", reservation(), basis(visits_until=date(2026, 6, 4))),
    ("excluded_by_staff", reservation(excluded=Exclusion(by="Sam", at=NOW)), BASIS),
]


@pytest.mark.parametrize(("reason", "record", "by"), LEFT_OUT)
def test_each_rule_names_its_reason(reason: str, record: ReservationRecord, by: EligibilityContext):
    verdict = assess(record, by)
    assert (verdict.state, verdict.reason) == (OrderState.NOT_ELIGIBLE, reason)


ADMITTED = [
    ("paid in full", reservation(), BASIS),
    ("complimentary", reservation(snapshot={"discounts": [COMP]}), BASIS),
    ("booked, before the visit, by hand", reservation(snapshot={"state": "confirmed"}), BASIS),
    ("visited on the last day of a schedule", reservation(), basis(visits_until=date(2026, 6, 5))),
    (
        "a no-show whose money was kept, where the winery wants it",
        KEPT_NO_SHOW,
        basis(settings=SETTINGS.model_copy(update={"sync_no_shows": True})),
    ),
    (
        "a SKU that staff confirmed, where the CRM can't tell",
        reservation(),
        basis(event=EVENT.model_copy(update={"sku_confirmed_by": "Sam"}), skus=SkuKnowledge.CRM_CANNOT_TELL),
    ),
    ("SKUs that nobody asked about yet", reservation(), basis(skus=SkuKnowledge.NOT_ASKED)),
]


@pytest.mark.parametrize(("record", "by"), [(r, b) for _, r, b in ADMITTED], ids=[n for n, _, _ in ADMITTED])
def test_what_holds_every_condition_waits_for_its_run(record: ReservationRecord, by: EligibilityContext):
    assert assess(record, by) == (OrderState.PENDING, None, None)


def test_a_guest_still_on_the_way_to_the_crm_is_waited_for():
    verdict = assess(customer(CustomerState.PENDING), BASIS)
    assert (verdict.state, verdict.reason) == (OrderState.PENDING, "customer_pending")


def test_unknown_skus_are_named_for_staff():
    assert "TASTING" in str(assess(reservation(), basis(skus=frozenset({"OTHER"}))).message)


@pytest.mark.parametrize(
    "state", [OrderState.SENDING, OrderState.UNKNOWN, OrderState.SYNCED, OrderState.REVIEW]
)
def test_what_may_be_in_the_crm_is_not_touched_by_an_assessment(state: OrderState):
    record = reservation(snapshot={"state": "cancelled"}, order=OrderProgress(state=state, number=7))
    assert with_eligibility(record, BASIS) == record.order


def test_a_rejected_order_is_judged_anew_and_keeps_its_number():
    rejected = OrderProgress(state=OrderState.REJECTED, reason="refused_by_crm", number=7, attempts=1)
    anew = with_eligibility(reservation(order=rejected), BASIS)
    assert anew == OrderProgress(state=OrderState.PENDING, number=7, attempts=1)


def test_the_visit_date_is_the_winery_s_own():
    late = reservation(snapshot=snapshot(starts_at="2026-06-05T23:30"), customer=LINKED)
    assert assess(late, basis(visits_until=date(2026, 6, 6) - timedelta(days=1))).state is OrderState.PENDING
