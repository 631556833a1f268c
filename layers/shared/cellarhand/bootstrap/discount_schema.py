"""Wiring of the discount schema in force, and of the policy that it may override."""

from typing import TYPE_CHECKING

from cellarhand.bootstrap.outside import Outside, once

if TYPE_CHECKING:
    from cellarhand.domain.discounts.engine.compiled_schema import CompiledSchema
    from cellarhand.domain.tenants.settings import Policy
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas
    from cellarhand.use_cases.discounts.effective_policy import EffectivePolicy


@once
def compiled_schemas(outside: Outside) -> "CompiledSchemas":
    """The tenants' discount rules, as this process last compiled them."""
    from cellarhand.use_cases.discounts.compiled_schemas import CompiledSchemas

    return CompiledSchemas(outside.settings)


def schema_of(tenant_id: str) -> "CompiledSchema":
    """The rules in force, looked up only for guests whom an invite rule alone does not let in."""
    return compiled_schemas().current(tenant_id)[1]


@once
def effective_policy(outside: Outside) -> "EffectivePolicy":
    """What the settings and the discount schema say together."""
    from cellarhand.use_cases.discounts.effective_policy import EffectivePolicy

    return EffectivePolicy(outside.settings, compiled_schemas())


def policy_of(tenant_id: str) -> "Policy":
    """Looked up only for a membership on hold: a look-up does not load the discount engine otherwise."""
    return effective_policy()(tenant_id)
