"""One call across a port, as the seam must know it to let it go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.simulation.kernel.faults.faults import Family, Kind


@dataclass(frozen=True, slots=True)
class Call[T]:
    """`execute` does it, at one instant; `variants` are other ways in which the far side may do it.

    `not_executed` and `no_answer` raise, or answer, what the port promises where a call certainly was not
    executed, or may have been; `refused` where a login is turned down. `gives_up`: seconds that the caller
    waits at most; `late`: how much later what has left may still be executed.
    """

    name: str
    family: Family
    execute: Callable[[], T]
    not_executed: Callable[[], T]
    no_answer: Callable[[], T]
    refused: Callable[[], T] | None = None
    variants: Mapping[Kind, Callable[[], T]] = field(default_factory=dict)
    takes: float = 0.01
    gives_up: float = 9.0
    late: float = 5.0
