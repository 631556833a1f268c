"""Where VinSuite is, and which addresses we are willing to call at all."""

from ipaddress import ip_address
from urllib.parse import urlsplit

PRODUCTION = "https://ws.ewinerysolutions.com/2.00/EWSWebServices.asmx"
UAT = "https://ws-uat.ewinerysolutions.com/2.00/EWSWebServices.asmx"


def checked(address: str) -> str:
    """The address, if it is https, or http on this very machine; else `ValueError`."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.username or parts.query or parts.fragment or not host:
        raise ValueError("a CRM address has a scheme, a host and a path, and nothing else")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ValueError("a CRM address must be https")
    return address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
