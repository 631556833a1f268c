"""The assumptions of a simulation, in words for staff. Part of every answer."""

VISIT = (
    "Both prices are calculated now, one with the schema in force and one with the draft.",
    "Earlier uses of allowances and codes are not counted.",
)

REPLAY = (
    "Both prices are calculated now, with the list price of the booking and the event's tax of today; "
    "`booked_total` is what was booked, including discounts given by staff.",
    "`looked_up`: the guest has the memberships that the CRM shows today.",
    "`inferred`: the guest is in every club and has every contact type of those rules in force that gave a "
    "discount when the visit was booked.",
    "`unknown`: nothing shows a membership, so the guest is priced as one without any.",
    "All guests count as logged in, and earlier uses of allowances and codes are not counted.",
    "Cancelled reservations and ticket orders are left out. Whether a visit is open to its guest is not "
    "checked.",
)
