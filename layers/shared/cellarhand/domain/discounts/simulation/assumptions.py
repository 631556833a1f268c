"""What a simulation takes for granted, in words for people: said in every answer."""

VISIT = (
    "Both prices are worked out anew, by the schema in force and by the draft.",
    "No allowance and no code was taken as used before.",
)

REPLAY = (
    "Both prices are worked out anew, with the list price of the booking and the event's tax of today; "
    "`booked_total` is what was booked, discounts given by staff included.",
    "`looked_up`: the guest has the memberships that the CRM tells today.",
    "`inferred`: the guest is in every club and contact type of the rules in force that gave a discount "
    "when the visit was booked.",
    "`unknown`: nothing shows a membership, so the guest is priced as one without any.",
    "Everybody was logged in, and no allowance and no code was taken as used before.",
    "Cancelled reservations and ticket orders are left out; whether a visit is open to its guest is not "
    "judged.",
)
