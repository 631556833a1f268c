"""Loopback ports."""

import os
import socket
from collections.abc import Mapping

from sandbox.machine.problem import Problem

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 4566
PORT_VARIABLE = "CELLARHAND_AWS_PORT"


def chosen_port(environ: Mapping[str, str] = os.environ) -> int:
    """The emulator's port: `CELLARHAND_AWS_PORT`, else 4566. Raises Problem for what is no port."""
    value = environ.get(PORT_VARIABLE) or str(DEFAULT_PORT)
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise Problem(f"{PORT_VARIABLE} must be a port number, it is {value!r}.")
    return int(value)


def is_taken(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def require_free(port: int, variable: str | None = None) -> None:
    """Raises Problem with what to do when the port is taken; `variable` is the setting of the port."""
    if is_taken(port):
        otherwise = f", or choose another port with {variable}" if variable else ""
        raise Problem(f"Port {port} is taken by another program: stop that program{otherwise}.")


def free_port() -> int:
    """A port that was free a moment ago, for tests."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
