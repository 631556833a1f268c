"""What keeps a good request from being answered."""

from .problem_code import ProblemCode

ASK_OPERATORS = "It is recorded and raises an alarm. Name the request_id if you ask about it."
SEND_LATER = "Send the same request again after a few seconds, then at longer and longer intervals."

FAILURES = (
    ProblemCode(
        "too_many_requests",
        429,
        "nobody",
        "This access key asks for too many guests in a minute, or one guest is asked for too often.",
        "Wait for as many seconds as the header Retry-After says.",
    ),
    ProblemCode(
        "internal_error",
        500,
        "operators",
        "Something failed on our side that nobody foresaw.",
        ASK_OPERATORS,
    ),
    ProblemCode(
        "not_configured",
        500,
        "operators",
        "The stack lacks a setting that this function needs.",
        ASK_OPERATORS,
    ),
    ProblemCode(
        "storage_unavailable",
        503,
        "nobody",
        "The database, a queue, the scheduler or the secret store did not answer in time.",
        SEND_LATER,
    ),
    ProblemCode(
        "crm_unavailable",
        503,
        "nobody",
        "The CRM did not answer, its reply could not be read, or it fails so often that it is left alone a "
        "while. It never means that the CRM has no such customer.",
        SEND_LATER,
    ),
    ProblemCode(
        "no_time_left",
        503,
        "nobody",
        "The CRM's turn came too late within this request, so it was not asked.",
        SEND_LATER,
    ),
    ProblemCode(
        "too_much_to_read",
        503,
        "nobody",
        "The CRM's orders of this period could not be read within one request.",
        "Choose fewer days.",
    ),
    ProblemCode(
        "crm_login_refused",
        503,
        "staff",
        "The CRM refuses the winery's user name and password.",
        "Enter the login anew with PUT /v1/settings/credentials, and test it.",
    ),
    ProblemCode(
        "crm_refused",
        503,
        "staff",
        "The CRM understood the request and said no; `detail` holds its own words.",
        "Settle in the CRM what it objects to.",
    ),
    ProblemCode(
        "crm_error",
        503,
        "operators",
        "The CRM failed in a way that has no name of its own.",
        ASK_OPERATORS,
    ),
    ProblemCode(
        "crm_not_configured",
        503,
        "operators",
        "This stack does not know the address of the winery's CRM, or has no partner key for it.",
        ASK_OPERATORS,
    ),
    ProblemCode(
        "our_configuration",
        503,
        "operators",
        "The CRM refuses Cellarhand's own identity: the partner key is wrong.",
        ASK_OPERATORS,
    ),
)
