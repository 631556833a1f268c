"""Every workflow that touches the store."""

from tests.integration.lost_replies import afterwards, books, guests, orders, staff

WORKFLOWS = (*afterwards.WORKFLOWS, *books.WORKFLOWS, *guests.WORKFLOWS, *orders.WORKFLOWS, *staff.WORKFLOWS)
