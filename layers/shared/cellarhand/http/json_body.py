"""JSON from strangers: stricter than the standard library, which lets NaN and repeated keys pass.

Pydantic would take the last of two repeated keys in silence; what the caller meant is not ours to guess.
"""

import json
import re
from math import isfinite
from typing import Any

from pydantic import BaseModel, ValidationError

from cellarhand.domain.errors import FieldError, InvalidRequestError

DEEPEST = 32
"""Levels of arrays and objects in one another; our deepest body has 8."""
_MAX_DIGITS = 20
_MAX_INTEGER = 2**63
_MAX_ERRORS = 50
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class MalformedBodyError(InvalidRequestError):
    """The body is no JSON object at all, before any field of it is looked at."""

    code = "invalid_json"


def model_of[M: BaseModel](model: type[M], body: bytes) -> M:
    """The body as a model. Raises `MalformedBodyError`, or `InvalidRequestError` with a pointer per field."""
    check_json_object(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid_fields(error) from None


def check_json_object(body: bytes) -> None:
    """Raises `MalformedBodyError` unless the bytes are one JSON object that every parser reads alike."""
    try:
        value = json.loads(
            body.decode(),
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_finite,
            object_pairs_hook=_without_repeats,
        )
        if b"\\" in body:
            _check_texts(value)
    except UnicodeError:
        raise MalformedBodyError("The body is not valid UTF-8 text.") from None
    except RecursionError:
        raise MalformedBodyError("The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise MalformedBodyError(f"The body is not JSON: {error.msg} at position {error.pos}.") from None
    if not isinstance(value, dict):
        raise MalformedBodyError("The body must be a JSON object.")
    if _is_deeper_than(DEEPEST, value):
        raise MalformedBodyError(f"The body is nested more than {DEEPEST} levels deep.")


def invalid_fields(error: ValidationError, *, below: str = "") -> InvalidRequestError:
    """What pydantic found, as pointers and texts; never with the value that was sent (it may be personal)."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = tuple(
        FieldError(below + _pointer(one["loc"]), _in_words(one["msg"])) for one in found[:_MAX_ERRORS]
    )
    where = ", ".join(dict.fromkeys(one.pointer or "the body" for one in errors[:5]))
    return InvalidRequestError(f"The request is not valid: see {where}.", errors=errors)


def _in_words(message: str) -> str:
    """Without what pydantic puts before the words of a validator of ours."""
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or abs(number := int(digits)) >= _MAX_INTEGER:
        raise MalformedBodyError("The body has an integer of more than 63 bits.")
    return number


def _finite(text: str) -> float:
    if not isfinite(number := float(text)):
        raise MalformedBodyError("The body has a number that is not finite.")
    return number


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise MalformedBodyError("The body names a key twice in one object.")
    return members


def _check_texts(value: Any) -> None:
    """Escapes can smuggle in what no XML and no database takes: half characters and control characters."""
    level = [value]
    while level:
        for text in (one for node in level for one in _texts(node)):
            text.encode()
            if _CONTROL.search(text):
                raise MalformedBodyError("The body has a control character.")
        level = [child for node in level for child in _children(node)]


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return list(node)
    return [node] if isinstance(node, str) else []


def _is_deeper_than(levels: int, value: Any) -> bool:
    level = [value]
    for _ in range(levels):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return any(isinstance(node, dict | list) for node in level)


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
