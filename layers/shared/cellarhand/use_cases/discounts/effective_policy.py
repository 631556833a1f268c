"""The policy that applies to a winery: the discount schema's, or the settings' where the schema sets none."""

from cellarhand.domain.tenants.settings import Policy
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of

from .compiled_schemas import CompiledSchemas


class EffectivePolicy:
    """Reads both the settings and the schema in force."""

    def __init__(self, settings: Records, schemas: CompiledSchemas) -> None:
        self._settings = settings
        self._schemas = schemas

    def __call__(self, tenant_id: str) -> Policy:
        """Raises `NotFoundError` for an unknown tenant."""
        _, schema = self._schemas.current(tenant_id)
        return schema.policy.over(settings_of(self._settings, tenant_id).policy)
