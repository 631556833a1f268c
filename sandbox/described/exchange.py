"""One request and its answer, held against the description: a wrong description fails whoever speaks HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.described.description import Operation, published


class WrongDescriptionError(AssertionError):
    """docs/openapi.json says something else than was sent or answered."""


@dataclass(frozen=True)
class Exchange:
    """`text` is the answer's body; header names are in lower case."""

    status: int
    text: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    sent_headers: Mapping[str, str] = field(default_factory=dict)
    sent_body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def check(self, operation: Operation, *, answer_only: bool = False) -> None:
        """Raises `WrongDescriptionError`. A refused request may be as wrong as it likes."""
        faults = operation.answer_faults(self.status, self.headers, self.text)
        if self.status < 400 and not answer_only:
            faults += operation.request_faults(self.path, self.query, self.sent_headers, self.sent_body)
        if faults:
            found = "; ".join(faults[:5])
            raise WrongDescriptionError(
                f"docs/openapi.json does not describe {operation.key} as it is: {found}. Correct the route, "
                "then run: make openapi"
            )


def check_call(method: str, address: str, exchange: Exchange) -> None:
    """Check an exchange by its address. Raises `WrongDescriptionError`, also where no operation has it."""
    operation = published().of_address(method, address)
    if operation is not None:
        replace(exchange, path=operation.path_of(address)).check(operation)
    elif exchange.status < 400:
        raise WrongDescriptionError(f"docs/openapi.json has no operation for {method} {address}")
