"""The addresses beside the service: seeds, books, pages."""

import pytest
import requests

from sandbox.vinsuite.operations.context import utc_now
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.book import Book, Member, Seed
from sandbox.vinsuite.state.default_seed import PASSWORD, WINERY, default_wineries
from sandbox.vinsuite.wire.values import stable_id
from tests.integration.vinsuite_simulator.caller import Caller, an_order


def _other_winery() -> Seed:
    ada = Member(
        member_id=stable_id("other/ada"), email="ada@example.com", last_name="Other", modified_at=utc_now()
    )
    book = Book(winery_id=stable_id("other"), title="Other Cellars", members=(ada,))
    return Seed.model_validate({"username": "other-user", "password": "other-secret", "book": book})


def test_each_account_opens_its_own_book(simulator: RemoteSimulator, call: Caller):
    simulator.seed("other", _other_winery())
    other = Caller(simulator.soap_url, "other-user", "other-secret")

    other("AddOrder", Order=an_order())

    assert other("GetMembers", Email="ada@example.com").fields["Members"][0]["LastName"] == "Other"
    assert call("GetMembers", Email="ada@example.com").fields["Members"][0]["LastName"] == "Gold"
    assert (len(simulator.book("other").orders), len(simulator.book(WINERY).orders)) == (1, 0)


def test_a_seed_replaces_the_book_unless_it_is_only_for_an_absent_one(
    simulator: RemoteSimulator, call: Caller
):
    call("AddOrder", Order=an_order())
    seed = default_wineries()[WINERY]

    assert not simulator.seed(WINERY, seed, if_absent=True)
    assert len(simulator.book(WINERY).orders) == 1
    assert simulator.seed(WINERY, seed)
    assert simulator.book(WINERY) == seed.book


def test_an_inactive_account_does_not_log_in(simulator: RemoteSimulator):
    simulator.seed("other", _other_winery().model_copy(update={"active": False}))

    answer = Caller(simulator.soap_url, "other-user", "other-secret")("TestConnection")

    assert answer.fields["PrimaryAuthInfo"]["Type"] == "ANONYMOUS"


def test_a_user_name_belongs_to_one_winery(simulator: RemoteSimulator):
    seed = default_wineries()[WINERY]
    body = {**seed.model_dump(mode="json"), "password": "x"}

    answer = requests.put(f"{simulator.url}/_sim/wineries/another", json=body, timeout=5)

    assert answer.status_code == 409


def test_a_removed_winery_is_gone(simulator: RemoteSimulator):
    simulator.seed("other", _other_winery())
    simulator.remove("other")

    assert not Caller(simulator.soap_url, "other-user", "other-secret")("TestConnection").successful
    assert requests.get(f"{simulator.url}/_sim/wineries/other/book", timeout=5).status_code == 404


def test_a_seed_with_a_loose_reference_is_refused():
    seed = default_wineries()[WINERY].book.model_dump()
    seed["clubs"] = ()

    with pytest.raises(ValueError, match="club that the book lacks"):
        Book.model_validate(seed)


@pytest.mark.parametrize(
    "path", ["", "/book", "/faults", "/calls", f"/wineries/{WINERY}", f"/wineries/{WINERY}/book"]
)
def test_no_address_shows_a_password(simulator: RemoteSimulator, call: Caller, path: str):
    call("AddOrder", Order=an_order())

    answer = requests.get(f"{simulator.url}/_sim{path}", timeout=5)

    assert answer.status_code == 200
    assert PASSWORD not in answer.text


def test_the_page_shows_the_order_and_escapes_it(simulator: RemoteSimulator, call: Caller):
    call("AddOrder", Order=an_order(OrderNotes="<script>alert(1)</script>"))

    page = requests.get(f"{simulator.url}/_sim/wineries/{WINERY}", timeout=5).text

    assert "CH-7001" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_only_loopback_names_are_answered(simulator: RemoteSimulator):
    answer = requests.get(f"{simulator.url}/_sim/book", headers={"Host": "sim.example.com"}, timeout=5)

    assert answer.status_code == 400
