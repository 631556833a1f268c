"""Every workflow that touches the store."""

from tests.integration.lost_replies import guests, orders, staff

WORKFLOWS = (*guests.WORKFLOWS, *orders.WORKFLOWS, *staff.WORKFLOWS)
