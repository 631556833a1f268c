"""What is stored without its defaults means something else once a default changes: so none ever does.

A field that is new is added to the data; a default that stands there stays as it is.
"""

import json
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from cellarhand.domain.discounts.schema.versions import DiscountSchemaRecord
from cellarhand.domain.invitations.crm_groups import CrmGroupsRecord
from cellarhand.domain.order_sync.run_results import SyncRunResults
from cellarhand.domain.order_sync.sync_run import SyncRun
from cellarhand.domain.records import Record
from cellarhand.domain.reservations.reservation import ReservationRecord

KNOWN: dict[str, str] = json.loads((Path(__file__).parent / "stored_defaults.json").read_text())
STORED_SMALL: set[type[Record]] = {
    CrmGroupsRecord,
    DiscountSchemaRecord,
    ReservationRecord,
    SyncRun,
    SyncRunResults,
}


def models_in(annotation: Any) -> set[type[BaseModel]]:
    """The models that a field may hold, and those that these may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = {m for field in annotation.model_fields.values() for m in models_in(field.annotation)}
        return {annotation, *inner}
    return {model for argument in get_args(annotation) for model in models_in(argument)}


def defaults() -> dict[str, str]:
    """Every default of every model that is stored without defaults, as text."""
    models = {model for kind in STORED_SMALL for model in models_in(kind)}
    return {
        f"{model.__name__}.{name}": repr(field.get_default(call_default_factory=True, validated_data={}))
        for model in models
        for name, field in model.model_fields.items()
        if field.default is not PydanticUndefined or field.default_factory is not None
    }


def test_every_record_that_is_stored_small_is_looked_at():
    product = {kind for kind in Record.__subclasses__() if kind.__module__.startswith("cellarhand.")}
    assert {kind for kind in product if kind.compressed} == STORED_SMALL


def test_no_default_has_changed_and_none_is_unknown():
    assert defaults() == KNOWN
