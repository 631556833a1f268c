"""Gap: ministack keeps how far a table's stream was read, but not the stream itself. After a restart whatever
is written is skipped until there are as many new records as there were before. Here the records are kept too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import dynamodb

KEPT = {"stream_records": "_stream_records", "stream_trimmed": "_stream_trimmed"}
"""Name in the saved state, and ministack's own name."""


def install() -> None:
    """Save the records with the tables, and bring them back with them."""
    dynamodb.get_state = _saving_records(dynamodb.get_state)
    dynamodb._restore_state = _bringing_back_records(dynamodb._restore_state)


def _saving_records(get_state: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    def get_state_with_records() -> dict[str, Any]:
        return get_state() | {name: _copy(getattr(dynamodb, own)) for name, own in KEPT.items()}

    return get_state_with_records


def _copy(scoped: Any) -> Any:
    """A list of records grows while it is written out, so each is taken as it is now."""
    copied = type(scoped)()
    for (account, region, name), value in scoped.all_items():
        copied.set_scoped(account, region, name, list(value) if isinstance(value, list) else value)
    return copied


def _bringing_back_records(restore: Callable[[Any], None]) -> Callable[[Any], None]:
    def restore_with_records(state: Mapping[str, Any]) -> None:
        restore(state)
        for name, own in KEPT.items():
            getattr(dynamodb, own).update((state or {}).get(name, {}))

    return restore_with_records
