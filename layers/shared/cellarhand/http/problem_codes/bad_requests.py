"""What the caller must put right in the request itself."""

from .problem_code import ProblemCode

BAD_REQUESTS = (
    ProblemCode(
        "invalid_json",
        400,
        "caller",
        "The body is not one JSON object in UTF-8, repeats a key, is nested more than 32 levels deep, or "
        "holds a control character, a number that is not finite, or an integer of more than 63 bits.",
        "Correct what builds the body; `detail` names the fault.",
    ),
    ProblemCode(
        "not_authenticated",
        403,
        "caller",
        "No access key reached the function.",
        "Send the header Authorization: Bearer, with an access key.",
    ),
    ProblemCode(
        "not_allowed",
        403,
        "caller",
        "The access key is good, but a key of its role may not call this route.",
        "Use a key of one of the roles that `detail` names.",
    ),
    ProblemCode(
        "tenant_header_not_allowed",
        403,
        "caller",
        "A winery's own key was sent with the header Cellarhand-Tenant; such a key belongs to one winery.",
        "Leave the header out.",
    ),
    ProblemCode(
        "anonymous_key",
        403,
        "caller",
        "A key for anonymous quotes may not look customers up.",
        "Look customers up with an engine's or a staff key that is not for anonymous quotes.",
    ),
    ProblemCode(
        "no_such_route",
        404,
        "caller",
        "The API has no such method and path.",
        "Compare the method and the path with /v1/docs.",
    ),
    ProblemCode(
        "not_found",
        404,
        "caller",
        "The winery has no object of this id. Another winery's object is answered alike.",
        "Check the id, and with a support key the header Cellarhand-Tenant.",
    ),
    ProblemCode(
        "tenant_not_found",
        404,
        "caller",
        "There is no winery of this id.",
        "Check the id, or take the winery on first with POST /v1/tenants.",
    ),
    ProblemCode(
        "event_not_found",
        404,
        "caller",
        "The event that the visit names is not set up.",
        "Check `event_id`, or create the event with PUT /v1/events/{event_id}.",
    ),
    ProblemCode(
        "customer_not_found",
        404,
        "caller",
        "The CRM answered that it has no customer of this id.",
        "Search for the customer again: the record may have been merged into another.",
    ),
    ProblemCode(
        "schema_not_found",
        404,
        "caller",
        "The winery has no version of the discount schema with this number.",
        "Take a number from GET /v1/discount-schema/versions.",
    ),
    ProblemCode(
        "request_too_large",
        413,
        "caller",
        "The body, or the discount schema in it, is larger than this route takes.",
        "Send less; /v1/docs names the limit of each route.",
    ),
    ProblemCode(
        "invalid_request",
        422,
        "caller",
        "Fields, parameters, headers or ids are not valid. `errors` names each by a JSON pointer: below "
        "/path, /query and /headers, or in the body.",
        "Correct what `errors` names.",
    ),
    ProblemCode(
        "tenant_header_missing",
        422,
        "caller",
        "A support key belongs to no winery, and the request does not say for which one it acts.",
        "Name the winery's id in the header Cellarhand-Tenant.",
    ),
    ProblemCode(
        "schedule_refused",
        422,
        "caller",
        "EventBridge Scheduler refuses the schedule; `detail` holds its reason.",
        "Correct the expression or the time zone.",
    ),
    ProblemCode(
        "period_too_large",
        422,
        "caller",
        "The period has more reservations than one request may compare.",
        "Choose fewer days.",
    ),
)
