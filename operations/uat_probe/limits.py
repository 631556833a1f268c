"""Where the probe may ask, and how much."""

from ipaddress import ip_address
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from cellarhand.adapters.crm.vinsuite.wire import addresses
from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials

Environment = Literal["uat", "sandbox"]


class Limits(NamedTuple):
    """Counts, and bounds of time in seconds. `minutes` bounds one run; the next one goes on from there."""

    reads: int = 200
    cuts: int = 200
    burst: int = 40
    in_flight: int = 6
    members: int = 30
    wrong_logins: int = 0
    minutes: float = 120
    read_bound: float = 600
    late_bound: float = 1800
    poll: float = 0.5
    spacing: float = 1
    call_timeout: float = 25


class Site(NamedTuple):
    """One login at one test installation."""

    environment: Environment
    address: str
    credentials: Credentials


class ForbiddenPlaceError(ValueError):
    """The probe writes test orders; only UAT and simulators on this machine may get any."""


def address_of(environment: Environment, sandbox_address: str | None) -> str:
    """Where to ask. Raises `ForbiddenPlaceError` for whatever is neither UAT nor on this machine."""
    if environment == "uat":
        if sandbox_address:
            raise ForbiddenPlaceError("UAT has one address; an address goes with sandbox alone.")
        return addresses.UAT
    host = urlsplit(sandbox_address or "").hostname or ""
    if not _is_here(host):
        raise ForbiddenPlaceError("A sandbox is on this machine: its address must be a loopback one.")
    return addresses.checked(sandbox_address or "")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
