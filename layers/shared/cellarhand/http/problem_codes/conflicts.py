"""What contradicts the stored state, or the settings."""

from .problem_code import ProblemCode

CONFLICTS = (
    ProblemCode(
        "conflict",
        409,
        "caller",
        "The request contradicts what is stored.",
        "Read the object again and decide anew; `detail` says what stands against it.",
    ),
    ProblemCode(
        "tenant_exists",
        409,
        "caller",
        "There is a winery of this id already.",
        "Choose another id. If an earlier try made it, make new keys with POST /v1/access-keys.",
    ),
    ProblemCode(
        "idempotency_key_reused",
        409,
        "caller",
        "The Idempotency-Key was used before: for another selection, or to make an access key, which is "
        "shown only once.",
        "Use a new Idempotency-Key for a new request. If an access key was lost, revoke it and make another.",
    ),
    ProblemCode(
        "sequence_reused",
        409,
        "caller",
        "A snapshot of this `sequence` is kept already, and it says something else.",
        "Send the present snapshot with a larger `sequence`.",
    ),
    ProblemCode(
        "order_number_taken",
        409,
        "caller",
        "The reservation's `number` was another reservation's first, so it can't become an order's number.",
        "Give each reservation a number of its own, and send the snapshot again.",
    ),
    ProblemCode(
        "already_synced",
        409,
        "caller",
        "The reservation's order is in the CRM already.",
        "Change the order in the CRM itself.",
    ),
    ProblemCode(
        "not_in_review",
        409,
        "caller",
        "A choice was sent for an order that does not wait for one.",
        "Read the reservation again: its order has come further meanwhile.",
    ),
    ProblemCode(
        "choice_needed",
        409,
        "caller",
        "The order may or may not be in the CRM, and nobody but a person can find out.",
        "Look in the CRM, then send `order`: `it_is_there` with its id, or `send_again`.",
    ),
    ProblemCode(
        "adjustment_changed",
        409,
        "caller",
        "The adjustment has changed since its `revision` was read.",
        "Read it again, carry over what has changed, and send its present `revision`.",
    ),
    ProblemCode(
        "adjustment_withdrawn",
        409,
        "caller",
        "The reservation says again what the order says: there is nothing to carry over.",
        "Undo in the CRM what was carried over already, if anything was.",
    ),
    ProblemCode(
        "simulation_changed",
        409,
        "caller",
        "A replay goes on page by page with one draft against one schema in force, and one of the two has "
        "changed.",
        "Begin the replay anew, without a cursor.",
    ),
    ProblemCode(
        "not_supported_by_crm",
        409,
        "staff",
        "The winery's CRM can't do this; POST /v1/settings/test-login shows what it can.",
        "Do it in the CRM itself.",
    ),
    ProblemCode(
        "settings_incomplete",
        409,
        "staff",
        "Something that this needs is not set; `detail` names it.",
        "Complete the settings or the CRM login, then try again.",
    ),
    ProblemCode(
        "changed_meanwhile",
        409,
        "nobody",
        "Somebody else changed the same object at the same moment.",
        "Read it again and decide anew, or send the same snapshot again.",
    ),
    ProblemCode(
        "version_changed",
        412,
        "caller",
        "If-Match names another version than the stored one: somebody has changed it since you read it.",
        "Read it again, decide anew, and send the new ETag in If-Match.",
    ),
)
