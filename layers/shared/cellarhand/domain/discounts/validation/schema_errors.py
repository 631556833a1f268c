"""Validate a discount schema: report all errors at once, each with a JSON pointer."""

from collections.abc import Callable, Iterable, Iterator

from cellarhand.domain.discounts.schema.labels import Directory, Known, fold_label, meanings_of
from cellarhand.domain.discounts.schema.schema import ALL, DiscountSchema, Rule
from cellarhand.domain.errors import FieldError
from cellarhand.domain.tenants.settings import Policy

from .contradictions import contradictions
from .shadowed_rules import shadowed_rules

DEFAULT_POLICY = Policy()


def schema_errors(
    schema: DiscountSchema, known: Known, settings_policy: Policy = DEFAULT_POLICY
) -> tuple[FieldError, ...]:
    """All errors of a schema, given what exists in the CRM and the settings."""
    return (
        *_repeated(schema, lambda rule: rule.id, "id", "another rule has this id"),
        *_repeated(schema, _code, "code", "another rule has this code (case does not matter)"),
        *_from_rules(schema, contradictions),
        *_unknown_labels(schema, known),
        *_tags_without_events(schema, known),
        *_barred_types(schema, known),
        *_unknown_years(schema, known),
        *_hidden(schema, known, settings_policy),
    )


def _code(rule: Rule) -> str | None:
    return fold_label(rule.code) if rule.code else None


def _repeated(
    schema: DiscountSchema, value_of: Callable[[Rule], str | None], field: str, message: str
) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, rule in enumerate(schema.rules):
        value = value_of(rule)
        if value is not None and value in seen:
            yield FieldError(f"/rules/{index}/{field}", message)
        elif value is not None:
            seen.add(value)


def _from_rules(
    schema: DiscountSchema, check: Callable[[Rule], Iterable[tuple[str, str]]]
) -> Iterator[FieldError]:
    for index, rule in enumerate(schema.rules):
        for pointer, message in check(rule):
            yield FieldError(f"/rules/{index}{pointer}", message)


def _unknown_labels(schema: DiscountSchema, known: Known) -> Iterator[FieldError]:
    clubs, types, events = Directory(known.clubs), Directory(known.contact_types), Directory(known.events)

    def check(rule: Rule) -> Iterator[tuple[str, str]]:
        who = rule.who
        yield from _lookup("/who/clubs_any", who.clubs_any, clubs, "club")
        yield from _lookup("/who/contact_types_any", who.contact_types_any, types, "contact type")
        yield from _lookup("/who/contact_types_none", who.contact_types_none, types, "contact type")
        yield from _lookup("/what/events", rule.what.events, events, "event")

    return _from_rules(schema, check)


def _lookup(
    pointer: str, labels: tuple[str, ...], directory: Directory, kind: str
) -> Iterator[tuple[str, str]]:
    for place, label in enumerate(() if labels == ALL else labels):
        meant = directory.ids(label)
        if not meant:
            yield f"{pointer}/{place}", f"there is no {kind} with this id or name"
        elif len(meant) > 1:
            yield f"{pointer}/{place}", f"ambiguous: {len(meant)} have this name, name the {kind} by its id"


def _tags_without_events(schema: DiscountSchema, known: Known) -> Iterator[FieldError]:
    directory = Directory(known.events)
    tags_of = {event.id: {fold_label(tag) for tag in event.tags} for event in known.events}

    def check(rule: Rule) -> Iterator[tuple[str, str]]:
        wanted = {fold_label(tag) for tag in rule.what.event_tags}
        labels = rule.what.events
        chosen = tags_of if labels == ALL else [meant for label in labels for meant in directory.ids(label)]
        if wanted and not any(wanted & tags_of[event] for event in chosen):
            yield "/what/event_tags", "can never apply: no event of this rule carries one of these tags"

    return _from_rules(schema, check)


def _barred_types(schema: DiscountSchema, known: Known) -> Iterator[FieldError]:
    directory = Directory(known.contact_types)

    def meant(labels: tuple[str, ...]) -> set[str]:
        return {kind for label in labels for kind in directory.ids(label) or [fold_label(label)]}

    def check(rule: Rule) -> Iterator[tuple[str, str]]:
        wanted = meant(rule.who.contact_types_any)
        if wanted and wanted <= meant(rule.who.contact_types_none):
            yield (
                "/who/contact_types_none",
                "can never apply: it excludes every contact type that the rule is for",
            )

    return _from_rules(schema, check)


def _unknown_years(schema: DiscountSchema, known: Known) -> Iterator[FieldError]:
    def check(rule: Rule) -> Iterator[tuple[str, str]]:
        limit = rule.limit_per_member
        if limit and limit.period == "membership_year" and not known.joining_dates:
            yield (
                "/limit_per_member/period",
                "the winery's CRM doesn't record when a membership began: use `calendar_year` instead",
            )

    return _from_rules(schema, check)


def _hidden(schema: DiscountSchema, known: Known, settings_policy: Policy) -> Iterator[FieldError]:
    several = schema.policy.over(settings_policy).several_automatic
    for index, message in shadowed_rules(schema, meanings_of(schema, known), several):
        yield FieldError(f"/rules/{index}", message)
