"""Orders: reading back those that carry a number, and all there are, without any search by number."""

from contextlib import suppress
from datetime import datetime

from cellarhand.adapters.crm.vinsuite.wire.assumptions import Assumptions
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.node import Node
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.adapters.crm.vinsuite.wire.values import moment_text
from cellarhand.domain.email import normalise_email
from cellarhand.domain.errors import NotSupportedByCrmError
from cellarhand.domain.orders.order import FoundOrder, ListedOrder, OrderNumber

from .windows import WindowReader


class OrderReader:
    """Reads windows of changed orders, and learns whether there is such a call."""

    def __init__(self, service: WebService) -> None:
        self._service = service
        self.finds_orders = service.assumptions.orders_can_be_found
        self._longest_list = service.assumptions.smallest_result_cap

    def with_number(
        self, number: OrderNumber, around: tuple[datetime, datetime], attempt: Attempt
    ) -> list[FoundOrder]:
        """Orders of that number changed within `around`."""
        assumptions = self._service.assumptions
        rows = self._changed(attempt, assumptions.smallest_result_cap).whole(*self._widened(around))
        orders = {row.guid("OrderID"): row for row in rows if carries(row, number, assumptions)}
        return [read_order(row, number, assumptions) for row in orders.values()]

    def listed(self, around: tuple[datetime, datetime], attempt: Attempt) -> list[ListedOrder]:
        """All orders changed within `around`, and some more.

        Lists are long: what an earlier one has shown of the cap saves reading this one twice.
        """
        reader = self._changed(attempt, self._longest_list)
        orders = {row.guid("OrderID"): row for row in reader.whole(*self._widened(around))}
        self._longest_list = max(self._longest_list, reader.longest)
        return [list_order(row, self._service.assumptions) for row in orders.values()]

    def _changed(self, attempt: Attempt, smallest_cap: int) -> WindowReader[Node]:
        """Yields orders by the time of their last change; some maybe twice."""
        return WindowReader(
            lambda first, last: self._window(first, last, attempt),
            lambda row: row.moment("DateModified"),
            smallest_cap,
        )

    def _widened(self, around: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
        """Because the zone is not known. Raises `NotSupportedByCrmError` if nothing is to be found."""
        assumptions = self._service.assumptions
        if not assumptions.orders_can_be_found:
            raise NotSupportedByCrmError("VinSuite was found not to show orders under their numbers.")
        return around[0] - assumptions.window_widening, around[1] + assumptions.window_widening

    def _window(self, begin: datetime, end: datetime, attempt: Attempt) -> list[Node]:
        assumptions = self._service.assumptions
        fields = [("DateModifiedFrom", moment_text(begin)), ("DateModifiedTo", moment_text(end))]
        try:
            result = self._service.call(assumptions.orders_call, fields, attempt)
        except CallFailedError as failure:
            self.finds_orders = not self._service.is_unknown_call(failure)
            if self.finds_orders:
                raise
        else:
            self.finds_orders = True
            return result.items(assumptions.orders_list, "OrderID")
        raise NotSupportedByCrmError("VinSuite does not list orders.")


def carries(row: Node, number: OrderNumber, assumptions: Assumptions) -> bool:
    """Whether an order's number is ours: prefix and number apart, or both in one field."""
    prefix = row.value("OrderNumberPrefix")
    shown = (row.value("OrderNumber") or "").casefold()
    if prefix is not None:
        return (prefix.casefold(), shown) == (number.prefix.casefold(), str(number.number))
    if shown == str(number).casefold():
        return True
    return shown == str(number.number) and not assumptions.orders_carry_prefix


def read_order(row: Node, number: OrderNumber, assumptions: Assumptions) -> FoundOrder:
    """An order that carries the number; the number is absent if the reply holds no prefix to prove it."""
    proven = row.value("OrderNumberPrefix") is not None or row.value("OrderNumber") == str(number)
    return FoundOrder(
        crm_order_id=row.guid("OrderID") or "",
        order_number=number if proven else None,
        email=_email(row, assumptions),
        total=row.minor_units("Total", assumptions.currency_decimals),
        pickup_date=row.day(assumptions.pickup_date_field),
    )


def list_order(row: Node, assumptions: Assumptions) -> ListedOrder:
    """An order of anybody's: one that is odd must not hide all the others."""
    number = row.value("OrderNumber")
    total = day = None
    with suppress(CallFailedError):
        total = row.minor_units("Total", assumptions.currency_decimals)
    with suppress(CallFailedError):
        day = row.day(assumptions.pickup_date_field)
    return ListedOrder(
        crm_order_id=row.guid("OrderID") or "",
        number=f"{row.value('OrderNumberPrefix') or ''}{number}" if number else None,
        email=_email(row, assumptions),
        total=total,
        pickup_date=day,
    )


def _email(row: Node, assumptions: Assumptions) -> str | None:
    email = row.value(assumptions.order_email_field)
    return normalise_email(email) if email else None
