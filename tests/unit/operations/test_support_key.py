"""The first support key of a stack."""

from cellarhand.domain.tenants.access_key import EVERY_TENANT, Role
from cellarhand.use_cases.tenants.authenticate_caller import AuthenticateCaller
from operations.support_key import make_support_key
from tests.fakes.outside import FakeOutside


def test_the_printed_key_opens_every_tenant_as_support() -> None:
    outside = FakeOutside()
    key = make_support_key(outside, "on call")
    holder = AuthenticateCaller(outside.access, outside.clock)(f"Bearer {key}")
    assert holder is not None
    assert (holder.role, holder.tenant_id, holder.label) == (Role.SUPPORT, EVERY_TENANT, "on call")


def test_two_operators_get_two_keys() -> None:
    outside = FakeOutside()
    assert make_support_key(outside, "first") != make_support_key(outside, "second")
