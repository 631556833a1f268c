"""Making up a guest from names of clubs and contact types."""

from collections.abc import Iterable, Iterator

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.schema.labels import Directory, Known, Named
from cellarhand.domain.errors import FieldError, InvalidRequestError

from .models import InventedGuest
from .replay import imagined


def customer_of(guest: InventedGuest, known: Known) -> Customer:
    """Raises `InvalidRequestError` for clubs and contact types that the CRM does not have."""
    errors: list[FieldError] = []
    customer = imagined(
        clubs=_named("clubs", guest.clubs, known.clubs, errors),
        on_hold=_named("clubs_on_hold", guest.clubs_on_hold, known.clubs, errors),
        types=_named("contact_types", guest.contact_types, known.contact_types, errors),
    )
    if errors:
        raise InvalidRequestError("There can't be such a guest.", errors=tuple(errors))
    return customer


def _named(
    field: str, labels: tuple[str, ...], things: Iterable[Named], errors: list[FieldError]
) -> Iterator[Named]:
    names, directory = {thing.id: thing.name for thing in things}, Directory(things)
    for place, label in enumerate(labels):
        match directory.ids(label):
            case [found]:
                yield Named(found, names[found])
            case []:
                message = "the CRM has none with this id or name"
                errors.append(FieldError(f"/invented_guest/{field}/{place}", message))
            case _:
                message = "ambiguous: several are called so, use an id"
                errors.append(FieldError(f"/invented_guest/{field}/{place}", message))
