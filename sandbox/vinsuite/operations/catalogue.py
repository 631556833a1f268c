"""GetClubs, GetWineryMemberTypes and GetProducts: the winery's lists."""

from sandbox.vinsuite.operations.context import Context, or_nil
from sandbox.vinsuite.state.book import Product
from sandbox.vinsuite.wire.payloads import GetClubsRequest, GetProductsRequest, GetWineryMemberTypesRequest
from sandbox.vinsuite.wire.reply_xml import Fields, Listing, Value


def get_clubs(context: Context, request: GetClubsRequest) -> Fields:
    """Give the club levels, inactive ones only when asked for."""
    clubs = [each for each in context.book.clubs.values() if each.is_active or request.include_inactive_clubs]
    rows: tuple[Fields, ...] = tuple(
        {
            "ClubLevelID": club.club_level_id,
            "Title": club.title,
            "IsActive": club.is_active,
            "Description": club.description,
            "SortOrder": club.sort_order,
        }
        for club in context.capped(clubs)
    )
    return {"WineClubs": Listing("WineClub", rows)}


def get_winery_member_types(context: Context, request: GetWineryMemberTypesRequest) -> Fields:  # noqa: ARG001
    """Give the member types that members may have."""
    rows: tuple[Fields, ...] = tuple(
        {"MemberTypeID": each.member_type_id, "MemberTypeDescription": each.member_type_description}
        for each in context.capped(list(context.book.member_types.values()))
    )
    return {"MemberTypes": Listing("MemberType", rows)}


def get_products(context: Context, request: GetProductsRequest) -> Fields:
    """Give every SKU, inactive ones included."""
    prices = bool(request.include_product_prices)
    stock = context.behaviours.tells_stock
    products = context.capped(list(context.book.products.values()))
    rows = tuple(_product(each, prices, stock) for each in products)
    return {"Products": Listing("Product", rows)}


def _product(product: Product, with_price: bool, with_stock: bool) -> Fields:
    price: dict[str, Value] = {"Price": or_nil(product.price)} if with_price else {}
    return {
        "ProductID": product.product_id,
        "SKU": product.sku,
        "Title": product.title,
        "IsActive": product.is_active,
        **price,
        **({"Inventory": product.stock} if with_stock else {}),
    }
