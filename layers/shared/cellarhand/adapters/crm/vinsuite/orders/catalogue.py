"""The winery's lists: club levels, member types, products."""

from cellarhand.adapters.crm.vinsuite.customers.members import Members, read_types
from cellarhand.adapters.crm.vinsuite.wire.attempt import Attempt
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError, Seen
from cellarhand.adapters.crm.vinsuite.wire.service import WebService
from cellarhand.domain.customers.customer import Club, ContactType
from cellarhand.domain.errors import NotSupportedByCrmError

GET_CLUBS = "GetClubs"


class Catalogue:
    """Reads the lists, and learns whether VinSuite lists products and member types."""

    def __init__(self, service: WebService, members: Members) -> None:
        self._service = service
        self._members = members
        self.knows_skus = True
        self.lists_contact_types = True

    def clubs(self, attempt: Attempt) -> list[Club]:
        """All levels; one that does not say whether it is active counts as inactive."""
        result = self._service.call(GET_CLUBS, [("IncludeInactiveClubs", True)], attempt)
        return [
            Club(
                id=club.guid("ClubLevelID") or "",
                name=club.value("Title") or "",
                active=bool(club.flag("IsActive")),
            )
            for club in result.items(self._service.assumptions.clubs_list, "ClubLevelID")
        ]

    def contact_types(self, attempt: Attempt) -> list[ContactType]:
        """All types; where the call does not exist, those seen on members since this gateway was made,
        which may be none.
        """
        assumptions = self._service.assumptions
        try:
            result = self._service.call(assumptions.member_types_call, [], attempt)
        except CallFailedError as failure:
            if not self._service.is_unknown_call(failure):
                raise
            self.lists_contact_types = False
            return self._members.types_seen
        self.lists_contact_types = True
        return list(read_types(result, assumptions))

    def skus(self, attempt: Attempt) -> frozenset[str]:
        """SKUs of all products, inactive ones too. Raises `NotSupportedByCrmError` where there is no such
        call, its products carry none, or there are more than one reply may hold.
        """
        products = self._skus_of_products(attempt)
        self.knows_skus = products is not None and (not products or any(products))
        if products is None or not self.knows_skus:
            raise NotSupportedByCrmError("VinSuite does not list which SKUs exist.")
        return frozenset(sku for sku in products if sku)

    def _skus_of_products(self, attempt: Attempt) -> list[str | None] | None:
        assumptions = self._service.assumptions
        try:
            result = self._service.call(assumptions.products_call, _PRODUCTS_ALONE, attempt)
        except CallFailedError as failure:
            if failure.seen is not Seen.OVERSIZED and not self._service.is_unknown_call(failure):
                raise
            return None
        wrapper = result.child(assumptions.products_list)
        return [product.value(assumptions.sku_field) for product in wrapper.filled()] if wrapper else []


_PRODUCTS_ALONE = [
    ("IncludeProductCategories", False),
    ("IncludeProductInformationPages", False),
    ("IncludeProductPrices", False),
]
