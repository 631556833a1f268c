"""Access keys through the real authorizer, with its cache."""

import time

import pytest

from operations.stack_tables import tables_of
from operations.support_key import make_support_key
from sandbox.winery.clients import Cellarhand
from sandbox.winery.stack import LocalStack

pytestmark = pytest.mark.emulator

REVOKED_WITHIN = 60.0


@pytest.fixture(scope="module")
def support(local_stack: LocalStack) -> Cellarhand:
    return Cellarhand(local_stack.api_url, make_support_key(tables_of(local_stack.outputs), "access tests"))


@pytest.fixture(scope="module")
def staff(support: Cellarhand) -> dict[str, Cellarhand]:
    """Two wineries, each with its first staff key."""
    return {name: _onboard(support, name) for name in ("fern-ridge", "gorse-hill")}


def _onboard(support: Cellarhand, name: str) -> Cellarhand:
    tenant = {
        "tenant_id": name,
        "name": name,
        "timezone": "Europe/Madrid",
        "currency": "EUR",
        "provider": "none",
    }
    made = support.ask("POST", "/v1/tenants", tenant, status=201)
    staff = Cellarhand(support.url, made["keys"]["staff"]["key"])
    staff.ask("PUT", "/v1/settings", {"order_prefix": name[:5].upper()})
    return staff


def test_one_support_key_acts_for_two_tenants_within_a_second(
    support: Cellarhand, staff: dict[str, Cellarhand]
) -> None:
    warm = [Cellarhand(support.url, support.key, tenant=name) for name in staff]
    for _ in range(2):
        began = time.monotonic()
        prefixes = [each.ask("GET", "/v1/settings")["order_prefix"] for each in warm]
        took = time.monotonic() - began
        assert prefixes == ["FERN-", "GORSE"]
    assert took < 1


def test_a_tenants_key_can_not_name_another_tenant(staff: dict[str, Cellarhand]) -> None:
    intruder = Cellarhand(staff["fern-ridge"].url, staff["fern-ridge"].key, tenant="gorse-hill")
    answer = intruder.send("GET", "/v1/settings")
    assert (answer.status_code, answer.json()["code"]) == (403, "tenant_header_not_allowed")


def test_a_new_key_works_beside_the_old_one_and_the_old_one_ends_within_a_minute(
    support: Cellarhand, staff: dict[str, Cellarhand]
) -> None:
    wanted = {"tenant_id": "fern-ridge", "role": "staff", "label": "second"}
    made = support.ask("POST", "/v1/access-keys", wanted, status=201)
    second = Cellarhand(support.url, made["key"])
    assert second.send("GET", "/v1/settings").is_success
    assert staff["fern-ridge"].send("GET", "/v1/settings").is_success
    support.ask("DELETE", f"/v1/access-keys/{made['id']}", status=204)
    end = time.monotonic() + REVOKED_WITHIN
    while second.send("GET", "/v1/settings").is_success:
        assert time.monotonic() < end, "the revoked key still works"
        time.sleep(1)
    assert second.send("GET", "/v1/settings").status_code in (401, 403)
    assert staff["fern-ridge"].send("GET", "/v1/settings").is_success


def test_no_key_and_a_wrong_key_open_nothing(local_stack: LocalStack) -> None:
    for key in ("ch", "ch_x", "ch_0123456789abcdef0123_" + "0" * 64):
        answer = Cellarhand(local_stack.api_url, key).send("GET", "/v1/settings")
        assert answer.status_code in (401, 403)
