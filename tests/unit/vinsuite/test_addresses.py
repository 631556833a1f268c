"""Which addresses a gateway will call."""

import pytest

from cellarhand.adapters.crm.vinsuite.wire import addresses
from tests.unit.vinsuite.replies import gateway

GOOD = [
    addresses.PRODUCTION,
    addresses.UAT,
    "http://127.0.0.1:8080/x",
    "http://localhost/x",
    "http://[::1]:8080/x",
]
BAD = [
    "http://ws.ewinerysolutions.com/x",
    "http://127.0.0.1.example.com/x",
    "http://10.0.0.1/x",
    "http://169.254.169.254/latest/meta-data",
    "ftp://127.0.0.1/x",
    "file:///etc/passwd",
    "https://user:password@ws.ewinerysolutions.com/x",
    "https://ws.ewinerysolutions.com/x?y=z",
    "https://",
    "",
]


@pytest.mark.parametrize("address", GOOD)
def test_https_and_this_machine_are_fine(address: str):
    assert addresses.checked(address) == address


@pytest.mark.parametrize("address", BAD)
def test_anything_else_is_refused_before_a_gateway_exists(address: str):
    with pytest.raises(ValueError, match="CRM address"):
        gateway(address)
