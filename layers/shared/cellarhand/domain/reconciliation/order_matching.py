"""Match the CRM's orders to reservations.

An order belongs to a reservation if it has the id that the CRM or staff gave us, or shows its number with the
prefix. If the order with that id shows another number of ours, whoever named the id made a mistake. Where a
CRM shows numbers without our prefix, anybody may use the same number: there every other field that it shows
must match the order as we sent it, now or in an earlier version.

Why: docs/decisions.md#one-crm-order-belongs-to-one-reservation, #remember-every-order-that-was-sent
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from cellarhand.domain.orders.order import ListedOrder, Order

from .ledger_side import LedgerEntry


class CrmOrders:
    """All orders that a CRM lists for a window of time, indexed by id and number."""

    def __init__(self, listed: Iterable[ListedOrder], prefixes: Collection[str]) -> None:
        """`prefixes`: those of our orders, earlier ones included."""
        self._by_id = {order.crm_order_id.casefold(): order for order in listed}
        self._prefixes = sorted({prefix.casefold() for prefix in prefixes if prefix}, key=len, reverse=True)
        self._by_number: dict[str, list[ListedOrder]] = defaultdict(list)
        for order in self._by_id.values():
            self._by_number[_folded(order)].append(order)
        self.shows_prefixes = any(self._numbered(order) is not None for order in self._by_id.values())

    def of(self, entry: LedgerEntry) -> list[ListedOrder]:
        """The reservation's orders: none, one (as it should be) or more."""
        found = {order.crm_order_id: order for order in self._with_number(entry)}
        known = self._by_id.get(entry.crm_order_id.casefold()) if entry.crm_order_id else None
        if known and not self._has_other_number(known, entry):
            found[known.crm_order_id] = known
        return list(found.values())

    def numbers(self) -> set[int]:
        """Numbers that may be ours, under any prefix.

        Where the CRM shows our prefixes, numbers without one belong to others.
        """
        return {number for order in self._by_id.values() if (number := self._number(order)) is not None}

    def prefixed(self, excluded: Collection[str]) -> dict[int, list[ListedOrder]]:
        """Orders with one of our prefixes, by number, without those in `excluded` (CRM ids)."""
        found: dict[int, list[ListedOrder]] = defaultdict(list)
        for order in self._by_id.values():
            if order.crm_order_id not in excluded and (number := self._numbered(order)) is not None:
                found[number].append(order)
        return dict(found)

    def others(self, ours: Collection[str]) -> int:
        """How many orders are neither in `ours` (CRM ids) nor have one of our prefixes."""
        return sum(
            order.crm_order_id not in ours and self._numbered(order) is None for order in self._by_id.values()
        )

    def refund_of(
        self, entry: LedgerEntry, order: ListedOrder, excluded: Collection[str]
    ) -> ListedOrder | None:
        """The refund of the reservation's order, in full or down to the adjusted total, if there is one.

        It is the same buyer's order of exactly that negative sum, and not in `excluded` (CRM ids).
        """
        adjusted = entry.crm_total_after_adjustment
        if entry.sent is None or adjusted is None or order.total is None:
            return None
        totals = {total for total in (-order.total, adjusted - order.total) if total < 0}
        email = entry.sent.buyer.email
        refunds = (o for o in self._by_id.values() if o.total in totals and o.email == email)
        free = (o for o in refunds if o.crm_order_id not in excluded and not self._has_other_number(o, entry))
        return next(free, None)

    def _has_other_number(self, order: ListedOrder, entry: LedgerEntry) -> bool:
        """Whether the order shows a number of ours that isn't the reservation's."""
        if entry.number is None or _folded(order) == str(entry.number).casefold():
            return False
        return self._numbered(order) not in {None, entry.number.number}

    def _with_number(self, entry: LedgerEntry) -> list[ListedOrder]:
        if entry.number is None:
            return []
        whole, bare = str(entry.number).casefold(), str(entry.number.number)
        exact = self._by_number.get(whole, [])
        if whole == bare or self.shows_prefixes or entry.sent is None:
            return list(exact)
        sent = (entry.sent, *entry.also_sent)
        shown = self._by_number.get(bare, [])
        return [*exact, *(order for order in shown if any(fits(order, version) for version in sent))]

    def _number(self, order: ListedOrder) -> int | None:
        if (numbered := self._numbered(order)) is not None:
            return numbered
        shown = _folded(order)
        digits = shown[len(shown.rstrip("0123456789")) :]
        return None if digits == shown and self.shows_prefixes else _digits(digits)

    def _numbered(self, order: ListedOrder) -> int | None:
        shown = _folded(order)
        digits = (_digits(shown.removeprefix(p)) for p in self._prefixes if shown.startswith(p))
        return next((number for number in digits if number is not None), None)


def fits(listed: ListedOrder, sent: Order) -> bool:
    """Whether all fields that the CRM shows of an order are as they were sent."""
    pairs: Sequence[tuple[object, object]] = (
        (listed.email, sent.buyer.email),
        (listed.total, sent.total),
        (listed.pickup_date, sent.pickup_date),
    )
    return all(theirs is None or theirs == mine for theirs, mine in pairs)


def _folded(order: ListedOrder) -> str:
    return (order.number or "").casefold()


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(2**31)) else None
