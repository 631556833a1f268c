"""Gap: a number that comes to an event source mapping from a stack's parameter stays text in ministack, and
the poller then fails at it for ever. Here CloudFormation's numbers are numbers."""

from collections.abc import Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

MAPPING = "AWS::Lambda::EventSourceMapping"


def with_numbers(value: Any) -> Any:
    """The same properties, at every depth, with texts of digits as numbers: no identifier is digits alone."""
    if isinstance(value, Mapping):
        return {name: with_numbers(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, str) and value.isdigit() else value


def install() -> None:
    """Read the properties so whenever CloudFormation creates or updates a mapping."""
    handler = provisioners._RESOURCE_HANDLERS[MAPPING]
    create, update = handler["create"], handler["update"]

    def create_with_numbers(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Any:
        return create(logical_id, with_numbers(properties), stack_name)

    def update_with_numbers(
        physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack_name: str
    ) -> Any:
        return update(physical_id, with_numbers(old), with_numbers(new), stack_name)

    handler.update(create=create_with_numbers, update=update_with_numbers)
