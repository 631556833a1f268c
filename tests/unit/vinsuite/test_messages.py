"""VinSuite's words lose what is personal and keep what staff need."""

import pytest

from cellarhand.adapters.crm.vinsuite.wire.envelope import Fields
from cellarhand.adapters.crm.vinsuite.wire.messages import fit_for_people

SENT: Fields = [
    ("Password", "secret"),
    ("Order", [("BillingLastName", "Archer"), ("OrderItems", [("OrderItemAdd", [("SKU", "TASTE-1")])])]),
    ("OrderNumber", 4711),
    ("IsReservation", True),
    ("BillingState", "C"),
]

CASES = {
    "Unknown product TASTE-1.": "Unknown product TASTE-1.",
    "Order number 4711 is in use.": "Order number 4711 is in use.",
    "Archer, ARCHER and archer's order": "…, … and …'s order",
    "Archers is another word": "Archers is another word",
    "Already given to other@example.com.": "Already given to …",
    "secret": "…",
    "two\nlines\t here": "two lines here",
    "C is too short to be taken out": "C is too short to be taken out",
}


@pytest.mark.parametrize(("text", "shown"), CASES.items())
def test_what_people_get_to_read(text: str, shown: str):
    assert fit_for_people(text, SENT) == shown


def test_a_long_text_is_cut():
    assert len(fit_for_people("x" * 5000, SENT)) == 200
