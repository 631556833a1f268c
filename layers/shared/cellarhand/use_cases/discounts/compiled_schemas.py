"""A cache of compiled discount schemas, so that a quote reads one small record and not the document."""

from cellarhand.domain.discounts.engine.compiled_schema import NO_RULES, CompiledSchema, compile_schema
from cellarhand.ports.records import Records

from .read_schema import schema_in_force, schema_version

MAX_KEPT = 32


class CompiledSchemas:
    """The schema in force of each tenant. The version number is always read, compiled rules are cached."""

    def __init__(self, settings: Records) -> None:
        self._settings = settings
        self._kept: dict[str, tuple[int, CompiledSchema]] = {}

    def current(self, tenant_id: str) -> tuple[int, CompiledSchema]:
        """The number of the version in force and its rules; 0 and no rules if none was ever written."""
        number = schema_in_force(self._settings, tenant_id).number
        if number == 0:
            return 0, NO_RULES
        kept = self._kept.pop(tenant_id, None)
        if kept is None or kept[0] != number:
            record = schema_version(self._settings, tenant_id, number)
            kept = number, compile_schema(record.document, record.meanings)
        self._keep(tenant_id, kept)
        return kept

    def _keep(self, tenant_id: str, kept: tuple[int, CompiledSchema]) -> None:
        """Drops the least recently used schema when the cache is full."""
        self._kept[tenant_id] = kept
        if len(self._kept) > MAX_KEPT:
            del self._kept[next(iter(self._kept))]
