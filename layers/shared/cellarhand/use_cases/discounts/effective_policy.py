"""The winery's policy: its settings', but where the discount schema says something, the schema's."""

from cellarhand.domain.tenants.settings import Policy
from cellarhand.ports.records import Records
from cellarhand.use_cases.tenants.read_tenant import settings_of

from .compiled_schemas import CompiledSchemas


class EffectivePolicy:
    """Reads both."""

    def __init__(self, settings: Records) -> None:
        self._settings = settings
        self._schemas = CompiledSchemas(settings)

    def __call__(self, tenant_id: str) -> Policy:
        """Raises `NotFoundError` for an unknown tenant."""
        _, schema = self._schemas.current(tenant_id)
        return schema.policy.over(settings_of(self._settings, tenant_id).policy)
