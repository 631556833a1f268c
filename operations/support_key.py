"""Make an access key of role support: the first one of a new stack, or one more.

It is written to the stack's access table directly, so whoever's AWS credentials may do that may make one. The
key is printed once and stored nowhere.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cellarhand.domain.tenants.access_key import Caller, Role
from cellarhand.domain.tenants.onboarding import AccessKeyBody
from cellarhand.use_cases.tenants.access_keys import AccessKeys
from cellarhand.use_cases.tenants.audit_trail import AuditTrail
from operations.stack_tables import tables_of_stack

if TYPE_CHECKING:
    from cellarhand.bootstrap.outside import Outside

OPERATOR = Caller(key_id="operator", role=Role.SUPPORT, tenant_id=None)
"""How the audit names a key that was made without one."""


def make_support_key(outside: Outside, label: str) -> str:
    """A fresh support key; the audit keeps its id and that an operator made it."""
    trail = AuditTrail(outside.audit, outside.clock, outside.tokens)
    keys = AccessKeys(outside.access, outside.settings, trail, outside.clock, outside.tokens)
    return keys.make(OPERATOR, AccessKeyBody(role=Role.SUPPORT, label=label)).key


def main() -> None:
    """Command line: `make support-key LABEL=… [STACK=…]`."""
    parser = argparse.ArgumentParser(prog="make support-key", description=__doc__)
    parser.add_argument("--stack", default="cellarhand", help="name of the stack (default cellarhand)")
    parser.add_argument("--label", required=True, help="whose key it is, for the audit")
    wanted = parser.parse_args()
    print(make_support_key(tables_of_stack(wanted.stack), wanted.label))


if __name__ == "__main__":
    main()
