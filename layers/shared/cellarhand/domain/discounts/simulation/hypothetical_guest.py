"""Make up a guest from the names of clubs and contact types."""

from collections.abc import Iterable, Iterator

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.discounts.schema.labels import Directory, Known, Named
from cellarhand.domain.errors import FieldError, InvalidRequestError

from .models import InventedGuest
from .replay import customer_in


def customer_of(guest: InventedGuest, known: Known) -> Customer:
    """Raises `InvalidRequestError` for clubs and contact types that the CRM does not have."""
    errors: list[FieldError] = []
    customer = customer_in(
        clubs=_named("clubs", guest.clubs, known.clubs, errors),
        on_hold=_named("clubs_on_hold", guest.clubs_on_hold, known.clubs, errors),
        types=_named("contact_types", guest.contact_types, known.contact_types, errors),
    )
    if errors:
        raise InvalidRequestError(
            "There can't be such a guest: check the clubs and contact types.", errors=tuple(errors)
        )
    return customer


def _named(
    field: str, labels: tuple[str, ...], things: Iterable[Named], errors: list[FieldError]
) -> Iterator[Named]:
    kind = "contact type" if field == "contact_types" else "club"
    names, directory = {thing.id: thing.name for thing in things}, Directory(things)
    for place, label in enumerate(labels):
        match directory.ids(label):
            case [found]:
                yield Named(found, names[found])
            case []:
                message = f"the CRM has no {kind} with this id or name"
                errors.append(FieldError(f"/invented_guest/{field}/{place}", message))
            case several:
                message = f"ambiguous: {len(several)} have this name, use the id of one {kind}"
                errors.append(FieldError(f"/invented_guest/{field}/{place}", message))
