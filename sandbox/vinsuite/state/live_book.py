"""A winery's book while it is being worked on: in memory for speed, written through to the store."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from sandbox.vinsuite.state.book import Book, Club, Entry, Member, MemberType, Order, Product, folded
from sandbox.vinsuite.state.store import Store

_FIRST_NUMBER = 100_000


class LiveBook:
    """The records of one winery. Only the event loop's thread may use it."""

    def __init__(self, name: str, book: Book, store: Store) -> None:
        """Take over a book as it is already stored."""
        self.name: Final = name
        self.winery_id: Final = book.winery_id
        self.title: Final = book.title
        self.clubs = {club.club_level_id: club for club in book.clubs}
        self.member_types = {each.member_type_id: each for each in book.member_types}
        self.members = {member.member_id: member for member in book.members}
        self.products = {product.sku: product for product in book.products}
        self.orders = {order.order_id: order for order in book.orders}
        self._store = store
        self._by_email: dict[str, list[UUID]] = {}
        for member in book.members:
            self._by_email.setdefault(folded(member.email), []).append(member.member_id)
        self._numbers = {order.displayed_number for order in book.orders}
        self._highest_number = max((order.order_number for order in book.orders), default=_FIRST_NUMBER)

    def snapshot(self) -> Book:
        """Give the whole book as it is now."""
        return Book(
            winery_id=self.winery_id,
            title=self.title,
            clubs=tuple(self.clubs.values()),
            member_types=tuple(self.member_types.values()),
            members=tuple(self.members.values()),
            products=tuple(self.products.values()),
            orders=tuple(self.orders.values()),
        )

    def members_with_email(self, email: str | None) -> list[Member]:
        """Find members by e-mail, the oldest first; an empty e-mail finds nobody."""
        wanted = folded(email)
        return [self.members[key] for key in self._by_email.get(wanted, [])] if wanted else []

    def has_order_numbered(self, displayed_number: str) -> bool:
        """Whether prefix and number together were used before."""
        return displayed_number in self._numbers

    def next_order_number(self) -> int:
        """Give the number after the highest one so far."""
        return self._highest_number + 1

    def next_own_number(self) -> int:
        """Give the number after the highest one that no caller chose."""
        own = (order.order_number for order in self.orders.values() if order.number_is_ours)
        return max(own, default=_FIRST_NUMBER) + 1

    def order_numbered(self, displayed_number: str) -> Order:
        """Find the first order of that prefix and number; there must be one."""
        return next(each for each in self.orders.values() if each.displayed_number == displayed_number)

    def keep_member(self, member: Member) -> None:
        """Add or replace a member."""
        before = self.members.get(member.member_id)
        if before is not None:
            self._by_email[folded(before.email)].remove(member.member_id)
        self._by_email.setdefault(folded(member.email), []).append(member.member_id)
        self.members[member.member_id] = member
        self._put("member", member.member_id, member)

    def keep_member_type(self, member_type: MemberType) -> None:
        """Add or replace a member type."""
        self.member_types[member_type.member_type_id] = member_type
        self._put("member_type", member_type.member_type_id, member_type)

    def keep_product(self, product: Product) -> None:
        """Add or replace a product; the SKU is its key."""
        self.products[product.sku] = product
        self._put("product", product.sku, product)

    def keep_order(self, order: Order) -> None:
        """Add or replace an order."""
        self.orders[order.order_id] = order
        self._numbers.add(order.displayed_number)
        self._highest_number = max(self._highest_number, order.order_number)
        self._put("order", order.order_id, order)

    def _put(self, kind: str, key: UUID | str, entry: BaseModel) -> None:
        self._store.put(self.name, kind, str(key), entry.model_dump_json())


class _Heading(Entry):
    """What a book says about itself, beside its lists."""

    winery_id: UUID
    title: str


def write_book(store: Store, name: str, book: Book) -> None:
    """Store every record of a book; the caller holds the transaction."""
    heading = _Heading(winery_id=book.winery_id, title=book.title)
    store.put(name, "heading", "", heading.model_dump_json())
    for kind, keyed in _records(book):
        for key, entry in keyed:
            store.put(name, kind, key, entry.model_dump_json())


def read_book(store: Store, name: str) -> Book:
    """Read back what `write_book` and the calls since then stored."""
    heading = _Heading.model_validate_json(next(store.documents(name, "heading")))
    return Book(
        winery_id=heading.winery_id,
        title=heading.title,
        clubs=_read(store, name, "club", Club),
        member_types=_read(store, name, "member_type", MemberType),
        members=_read(store, name, "member", Member),
        products=_read(store, name, "product", Product),
        orders=_read(store, name, "order", Order),
    )


def _records(book: Book) -> Iterable[tuple[str, Iterable[tuple[str, Entry]]]]:
    yield "club", [(str(each.club_level_id), each) for each in book.clubs]
    yield "member_type", [(str(each.member_type_id), each) for each in book.member_types]
    yield "member", [(str(each.member_id), each) for each in book.members]
    yield "product", [(each.sku, each) for each in book.products]
    yield "order", [(str(each.order_id), each) for each in book.orders]


def _read[T: Entry](store: Store, name: str, kind: str, model: type[T]) -> tuple[T, ...]:
    return tuple(model.model_validate_json(body) for body in store.documents(name, kind))
