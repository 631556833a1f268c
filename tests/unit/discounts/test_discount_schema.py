"""Writing a schema: all of it, checked against what exists, or nothing."""

import random

import pytest

from cellarhand.domain.customers.customer import Club, Customer, Membership, MembershipStatus
from cellarhand.domain.discounts.schema.schema import DiscountSchema
from cellarhand.domain.errors import (
    CrmUnavailableError,
    InvalidRequestError,
    PreconditionFailedError,
    RequestTooLargeError,
)
from cellarhand.use_cases.customers.recognise_guest import FoundGuest
from tests.fakes.crm import ALL_CAPABILITIES, Step
from tests.unit.discounts.winery import TENANT, Winery

TEN = {"id": "ten", "name": "Ten", "benefit": {"kind": "percent_off", "percent": "10"}}
OFF = TEN | {"active": False}
MEMBERS = TEN | {"who": {"clubs_any": ["gold club"], "contact_types_none": ["Trade"]}}


def test_before_the_first_schema_there_is_version_0_without_rules():
    stored = Winery().read(TENANT)
    assert (stored.version, stored.document) == (0, DiscountSchema())


def test_what_was_written_is_read_back_with_who_and_when():
    winery = Winery()
    winery.write(MEMBERS, several_automatic="stack")
    stored = winery.read(TENANT)
    assert (stored.version, stored.written_by, stored.written_at) == (1, "anna", winery.clock.now())
    assert stored.document.rules[0].who.clubs_any == ("gold club",)
    assert stored.document.policy.several_automatic == "stack"


def test_every_version_is_kept_newest_first():
    winery = Winery()
    winery.write(TEN)
    winery.write(TEN, MEMBERS | {"id": "more", "priority": 1})
    listed = winery.read.versions(TENANT).versions
    assert [(version.version, version.rules) for version in listed] == [(2, 2), (1, 1)]


def test_versions_come_in_pages():
    winery = Winery()
    for _ in range(12):
        winery.write(TEN)
    first = winery.read.versions(TENANT)
    rest = winery.read.versions(TENANT, first.next)
    assert [v.version for v in (*first.versions, *rest.versions)] == list(range(12, 0, -1))
    assert rest.next is None


def test_writing_over_another_version_than_was_read_is_refused():
    winery = Winery()
    winery.write(TEN, if_match=0)
    with pytest.raises(PreconditionFailedError):
        winery.write(TEN, if_match=0)
    assert winery.write(TEN, if_match=1).version == 2


def test_a_schema_that_speaks_of_what_does_not_exist_leaves_nothing_behind():
    winery = Winery()
    writes = len(winery.settings.writes)
    with pytest.raises(InvalidRequestError) as refused:
        winery.write(
            TEN | {"who": {"clubs_any": ["Silver"]}}, TEN | {"id": "b", "what": {"events": ["picnic"]}}
        )
    assert [e.pointer for e in refused.value.errors] == [
        "/rules/0/who/clubs_any/0",
        "/rules/1/what/events/0",
    ]
    assert len(winery.settings.writes) == writes


def test_while_the_crm_can_not_confirm_names_nothing_is_stored():
    winery = Winery()
    winery.crm.always("list_clubs", Step.UNAVAILABLE)
    with pytest.raises(CrmUnavailableError):
        winery.write(MEMBERS)
    assert winery.read(TENANT).version == 0


def test_a_schema_without_clubs_and_types_needs_no_crm():
    winery = Winery()
    winery.crm.always("list_clubs", Step.UNAVAILABLE)
    winery.crm.always("list_contact_types", Step.UNAVAILABLE)
    assert winery.write(TEN, TEN | {"id": "any", "who": {"clubs_any": "all"}}).version == 1


YEARLY = TEN | {
    "who": {"clubs_any": "all"},
    "limit_per_member": {"counts": "uses", "maximum": 1, "period": "membership_year"},
}


def test_a_membership_year_is_stored_where_the_crm_knows_joining_dates():
    assert Winery(capabilities=ALL_CAPABILITIES).write(YEARLY).version == 1


def test_a_membership_year_is_refused_where_the_crm_knows_no_joining_dates():
    winery = Winery(capabilities=ALL_CAPABILITIES._replace(knows_joining_dates=False))
    with pytest.raises(InvalidRequestError) as refused:
        winery.write(YEARLY)
    assert [error.pointer for error in refused.value.errors] == ["/rules/0/limit_per_member/period"]
    assert winery.read(TENANT).version == 0


def test_a_club_that_is_renamed_later_stays_the_same_club():
    winery = Winery()
    winery.write(MEMBERS)
    winery.crm.clubs = [Club(id="club-1", name="Platinum", active=True)]
    platinum = Membership(club_id="club-1", club="Platinum", status=MembershipStatus.ACTIVE)
    winery.find_guest.answer = FoundGuest(Customer(customer_id="customer-1", memberships=(platinum,)))
    assert winery.quote(guest={"customer_id": "customer-1"}).discount == 500


def test_a_schema_too_large_to_store_is_refused_and_nothing_is_stored():
    winery = Winery()
    source = random.Random(1)  # noqa: S311 - repeatable noise that does not compress
    noise = [OFF | {"id": f"r{n}", "name": "".join(source.choices(LETTERS, k=200))} for n in range(2600)]
    with pytest.raises(RequestTooLargeError, match="Compressed"):
        winery.write(*noise)
    assert winery.read(TENANT).version == 0


def test_a_document_of_more_than_a_megabyte_is_refused():
    long = [TEN | {"id": f"r{n}", "name": "x" * 200} for n in range(4500)]
    with pytest.raises(RequestTooLargeError, match="1 MB"):
        Winery().write(*long)


def test_more_than_five_thousand_rules_are_refused():
    rules = [TEN | {"id": f"r{n}"} for n in range(5_001)]
    with pytest.raises(ValueError, match="at most 5000"):
        DiscountSchema.model_validate({"rules": rules})


LETTERS = "".join(map(chr, range(0x21, 0x7F)))
