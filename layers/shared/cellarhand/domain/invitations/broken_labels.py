"""Find labels of rules and invitations whose contact type or club no longer exists in the CRM.

Why: docs/decisions.md#before-the-first-sync-every-invite-rule-passes
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from cellarhand.domain.discounts.schema.labels import Meanings, fold_label
from cellarhand.domain.discounts.schema.schema import ALL, DiscountSchema, Rule
from cellarhand.domain.errors import FieldError
from cellarhand.domain.tenants.event import Audience, EventRecord

from .crm_groups import CrmGroup, CrmGroupsRecord
from .views import LabelFault

Fault = Literal["removed", "unknown", "ambiguous"]

_WHY: dict[Fault, str] = {
    "removed": "is no longer in the CRM",
    "unknown": "is not in the CRM: there is no {kind} with this id or name",
    "ambiguous": "is ambiguous: several have this name, name the {kind} by its id",
}


class _UsedLabel(NamedTuple):
    pointer: str
    kind: Literal["contact type", "club"]
    label: str


def is_called(group: CrmGroup, label: str) -> bool:
    """Whether a label means this group in an invite rule: by id or name, case ignored."""
    return fold_label(label) in {fold_label(group.id), fold_label(group.name)}


def invitation_errors(audience: Audience, groups: CrmGroupsRecord) -> tuple[FieldError, ...]:
    """The errors of an event's invite rule, given the groups last synced."""
    return tuple(
        FieldError(used.pointer, _WHY[fault].format(kind=used.kind))
        for used in _of_audience(audience)
        if (fault := _fault_of_label(used, groups))
    )


def faults_of_events(events: Iterable[EventRecord], groups: CrmGroupsRecord) -> Iterator[LabelFault]:
    """Labels of invite rules that don't mean exactly one group."""
    for record in events:
        for used in _of_audience(record.event.invite_only or Audience()):
            if fault := _fault_of_label(used, groups):
                yield LabelFault(used_by="event", id=record.event_id, fault=fault, **used._asdict())


def faults_of_rules(
    schema: DiscountSchema, meanings: Meanings, groups: CrmGroupsRecord
) -> Iterator[LabelFault]:
    """Labels of discount rules whose group no longer exists. Meanings were fixed when a rule was written."""
    for rule in schema.rules:
        for used in _of_rule(rule):
            ids = meanings.clubs if used.kind == "club" else meanings.contact_types
            if fault := _fault(used, groups, _has_id(ids.get(used.label, used.label))):
                yield LabelFault(used_by="discount_rule", id=rule.id, fault=fault, **used._asdict())


def _has_id(wanted: str) -> Callable[[CrmGroup], bool]:
    return lambda group: group.id == wanted


def _of_audience(audience: Audience) -> Iterator[_UsedLabel]:
    for place, label in enumerate(audience.clubs_any):
        yield _UsedLabel(f"/invite_only/clubs_any/{place}", "club", label)
    for place, label in enumerate(audience.contact_types_any):
        yield _UsedLabel(f"/invite_only/contact_types_any/{place}", "contact type", label)


def _of_rule(rule: Rule) -> Iterator[_UsedLabel]:
    who = rule.who
    for place, label in enumerate(() if who.clubs_any == ALL else who.clubs_any):
        yield _UsedLabel(f"/who/clubs_any/{place}", "club", label)
    for place, label in enumerate(who.contact_types_any):
        yield _UsedLabel(f"/who/contact_types_any/{place}", "contact type", label)
    for place, label in enumerate(who.contact_types_none):
        yield _UsedLabel(f"/who/contact_types_none/{place}", "contact type", label)


def _fault_of_label(used: _UsedLabel, groups: CrmGroupsRecord) -> Fault | None:
    return _fault(used, groups, lambda group: is_called(group, used.label))


def _fault(used: _UsedLabel, groups: CrmGroupsRecord, is_meant: Callable[[CrmGroup], bool]) -> Fault | None:
    known = groups.clubs if used.kind == "club" else groups.contact_types
    meant = [group for group in known if is_meant(group)]
    present = sum(1 for group in meant if group.removed_at is None)
    if present == 1:
        return None
    if present > 1:
        return "ambiguous"
    if meant:
        return "removed"
    return "unknown" if used.kind == "club" or groups.contact_types_complete else None
