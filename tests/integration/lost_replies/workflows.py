"""Every workflow that touches the store."""

from tests.integration.lost_replies import books, guests, orders, staff

WORKFLOWS = (*books.WORKFLOWS, *guests.WORKFLOWS, *orders.WORKFLOWS, *staff.WORKFLOWS)
