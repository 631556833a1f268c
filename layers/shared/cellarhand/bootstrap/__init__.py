"""The only place where ports meet adapters: one function per use case, wired from `outside()` on first use.

A use case is imported inside its function, so that each Lambda loads only what it runs. Tests call
`bootstrap.run_in(FakeOutside())` and then the handlers as they are.
"""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once, outside, run_in

if TYPE_CHECKING:
    from cellarhand.use_cases.authenticate_caller import AuthenticateCaller

__all__ = ["Outside", "once", "outside", "run_in"]


def check_tenant(tenant_id: str) -> None:
    """Raises `NotFoundError` unless there is such a tenant."""
    from cellarhand.use_cases.tenant_records import tenant_record

    tenant_record(outside().settings, tenant_id)


@once
def authenticate_caller(outside: Outside) -> "AuthenticateCaller":
    """For the authorizer."""
    from cellarhand.use_cases.authenticate_caller import AuthenticateCaller

    return AuthenticateCaller(outside.access, outside.clock)
