"""Invite-only events: the engine decided, so every booking is kept, answered for, and written down."""

from typing import Any

import pytest

from cellarhand.bootstrap import discounts
from cellarhand.domain.customers.customer import ContactType, Membership, MembershipStatus
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.tenants.audit_entry import AuditEntry
from tests.fakes.crm import Step
from tests.unit.guest_upsert.winery import ADA, TENANT, Winery

TRADE = ContactType(id="t-1", name="Trade")
GOLD = Membership(club_id="g", club="Gold", status=MembershipStatus.ACTIVE)
OVERRIDE = {"by": "Desk", "reason": "A friend of the house"}


def a_winery_with_an_invite_only_event() -> Winery:
    winery = Winery()
    winery.add_event(invite_only={"clubs_any": ["gold"], "contact_types_any": ["trade"]})
    return winery


def audited(winery: Winery) -> list[tuple[str, dict[str, str]]]:
    page = winery.world.audit.list_records(AuditEntry, "T#oak-hollow", "AUD#")
    return [(entry.what, entry.ids) for entry in page.items]


@pytest.mark.parametrize(
    "known", [{"memberships": (GOLD,)}, {"contact_types": (TRADE,)}], ids=["club", "type"]
)
def test_an_invited_guest_is_allowed(known: dict[str, Any]):
    winery = a_winery_with_an_invite_only_event()
    winery.crm.put_customer(ADA.model_copy(update=known))
    assert winery.put().body["access"] == {"allowed": True, "reason": None}
    assert audited(winery) == []


def test_a_membership_on_hold_counts_as_the_discount_schema_says_over_the_settings():
    winery = a_winery_with_an_invite_only_event()
    held = GOLD.model_copy(update={"status": MembershipStatus.ON_HOLD})
    winery.crm.put_customer(ADA.model_copy(update={"memberships": (held,)}))
    assert winery.put("r-1").body["access"]["allowed"] is False
    schema = DiscountSchema.model_validate({"policy": {"membership_on_hold": "keeps_benefits"}})
    discounts.write_schema()(TENANT, schema, written_by="staff")
    assert winery.put("r-2").body["access"]["allowed"] is True


def test_an_uninvited_guest_is_kept_and_written_down():
    winery = a_winery_with_an_invite_only_event()
    answer = winery.put()
    assert answer.body["access"] == {"allowed": False, "reason": "invite_required"}
    assert answer.body["customer"]["state"] == "created"
    assert audited(winery) == [("uninvited_guest_kept", {"reservation_id": "r-1", "event_id": "tasting"})]


def test_an_override_is_written_down_with_who_and_why():
    winery = a_winery_with_an_invite_only_event()
    answer = winery.put(invite_override=OVERRIDE)
    assert answer.body["access"] == {"allowed": True, "reason": "invite_required"}
    [(what, ids)] = audited(winery)
    assert what == "invitation_overridden"
    assert (ids["by"], ids["reason"]) == ("Desk", "A friend of the house")


def test_an_invited_guest_needs_no_override_and_none_is_written_down():
    winery = a_winery_with_an_invite_only_event()
    winery.crm.put_customer(ADA.model_copy(update={"memberships": (GOLD,)}))
    assert winery.put(invite_override=OVERRIDE).body["access"] == {"allowed": True, "reason": None}
    assert audited(winery) == []


def test_an_override_without_a_name_or_a_reason_is_refused():
    winery = a_winery_with_an_invite_only_event()
    for missing in ({"by": "Desk"}, {"reason": "A friend"}, {"by": " ", "reason": "A friend"}):
        assert winery.put(invite_override=missing).status == 422


def test_staff_may_let_a_guest_in_whom_a_silent_crm_can_not_vouch_for():
    winery = a_winery_with_an_invite_only_event()
    winery.crm.always("*", Step.UNAVAILABLE)
    answer = winery.put(invite_override=OVERRIDE)
    assert answer.body["access"] == {"allowed": True, "reason": "crm_lookup_unavailable"}
    assert [what for what, _ in audited(winery)] == ["invitation_overridden"]


OPENING = {"id": "friends", "name": "Friends", "benefit": {"kind": "access_only"}}


@pytest.mark.parametrize(
    ("rule", "code", "allowed"),
    [
        ({"code": "FRIENDS"}, "friends", True),
        ({"code": "FRIENDS"}, "strangers", False),
        ({"code": "FRIENDS"}, None, False),
        ({"when": {"party_size_max": 2}}, None, True),
        ({"when": {"party_size_min": 3}}, None, False),
        ({"when": {"channels": ["back_office"]}}, None, False),
    ],
)
def test_a_rule_for_access_opens_the_event_to_a_booking_as_it_does_to_a_quote(
    rule: dict[str, Any], code: str | None, allowed: bool
):
    winery = a_winery_with_an_invite_only_event()
    schema = DiscountSchema.model_validate({"rules": [OPENING | rule]})
    discounts.write_schema()(TENANT, schema, written_by="staff")
    assert winery.put(promo_code=code).body["access"]["allowed"] is allowed
    assert len(audited(winery)) == (0 if allowed else 1)


def test_with_a_silent_crm_nobody_is_known_to_be_invited():
    winery = a_winery_with_an_invite_only_event()
    winery.crm.always("*", Step.UNAVAILABLE)
    answer = winery.put()
    assert answer.status == 200
    assert answer.body["access"] == {"allowed": False, "reason": "crm_lookup_unavailable"}


def test_an_open_event_costs_no_call():
    winery = Winery()
    winery.add_event()
    winery.put()
    assert winery.crm.calls_of("get_customer") == []
