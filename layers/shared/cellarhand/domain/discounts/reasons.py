"""The reasons and flags of a quote (design section 4.1). Labels are stable: callers branch on them."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a rule was refused, a code was not accepted, or a visit is not open to this guest."""

    NOT_MEMBER = "not_member"
    MEMBERSHIP_NOT_ACTIVE = "membership_not_active"
    WRONG_EVENT = "wrong_event"
    WRONG_CONTACT_TYPE = "wrong_contact_type"
    CHANNEL = "channel"
    WEEKDAY = "weekday"
    START_TIME = "start_time"
    DATES = "dates"
    BLACKOUT = "blackout"
    BOOKED_TOO_LATE = "booked_too_late"
    BOOKED_TOO_EARLY = "booked_too_early"
    PARTY_TOO_LARGE = "party_too_large"
    PARTY_TOO_SMALL = "party_too_small"
    GUESTS_BELOW_MINIMUM = "guests_below_minimum"
    MEMBER_LIMIT_REACHED = "member_limit_reached"
    CODE_NOT_GIVEN = "code_not_given"
    REPLACED_BY_PROMO = "replaced_by_promo"
    SMALLER_THAN_OTHER = "smaller_than_other"
    LOWER_PRIORITY = "lower_priority"
    NOTHING_LEFT = "nothing_left"
    RULE_INACTIVE = "rule_inactive"
    LOGIN_REQUIRED = "login_required"
    CODE_UNKNOWN = "code_unknown"
    CODE_OUTSIDE_DATES = "code_outside_dates"
    CODE_USED_UP = "code_used_up"
    CODE_ALREADY_USED_BY_GUEST = "code_already_used_by_guest"
    INVITE_REQUIRED = "invite_required"
    CRM_LOOKUP_UNAVAILABLE = "crm_lookup_unavailable"


class Flag(StrEnum):
    """What the caller should know about a quote besides its price."""

    CRM_LOOKUP_UNAVAILABLE = "crm_lookup_unavailable"
    DUPLICATE_CUSTOMERS = "duplicate_customers"
