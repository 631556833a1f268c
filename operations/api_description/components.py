"""What many routes share: headers, the access key, API Gateway's own answers; and the introduction."""

from typing import Any

from cellarhand.http.request import IDEMPOTENCY_KEY_SHAPE, TENANT_SHAPE, VERSION_SHAPE
from cellarhand.http.route import IDEMPOTENCY_KEY, IF_MATCH

INTRODUCTION = """\
Ties a winery's booking engine to its CRM: look-up of guests, member prices, guests brought into the CRM, \
orders synced after the visit.

**Access.** Send `Authorization: Bearer <access key>`. The key decides the winery and the role: `engine`, \
`staff` or `support`. A support key belongs to no winery and names one in the header `Cellarhand-Tenant`.

**Money** is in minor units (cents), **dates of a visit** are local to the winery, **instants** are UTC.

**Lists** come in pages: `next` of one page goes into the parameter of the next request.

**Writes.** What has an `ETag` may be replaced with `If-Match`, so that nobody overwrites another's change. \
Sending the same snapshot again changes nothing; other requests that make \
something take an `Idempotency-Key`.

**Failures** of our own code are `application/problem+json` with a stable `code`, a text for people, and who \
must act; `type` leads to [the explanation of the code](/v1/docs/problems). API Gateway's own answers are \
`{"message": "..."}`. New fields and new codes may come at any time: ignore what you do not know.
"""

SCHEMAS: dict[str, Any] = {
    "GatewayMessage": {
        "description": "What API Gateway itself answers, before or instead of a function of ours.",
        "type": "object",
        "properties": {"message": {"type": ["string", "null"]}},
        "required": ["message"],
    }
}

PARAMETERS: dict[str, Any] = {
    "Tenant": {
        "name": "Cellarhand-Tenant",
        "in": "header",
        "description": "The winery for which a support key acts: needed with one, refused with other keys.",
        "schema": {"type": "string", "pattern": f"^{TENANT_SHAPE.pattern}$"},
    },
    "IfMatch": {
        "name": IF_MATCH,
        "in": "header",
        "description": "The ETag that was read. The write is refused if there is a newer version; without "
        "this header it is not checked.",
        "schema": {"type": "string", "pattern": f"^{VERSION_SHAPE.pattern}$"},
    },
    "IdempotencyKey": {
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "description": "Any text of your own: the same request sent again with it is carried out once.",
        "schema": {"type": "string", "pattern": f"^{IDEMPOTENCY_KEY_SHAPE.pattern}$"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of the file that you have.",
        "schema": {"type": "string"},
    },
}

HEADERS: dict[str, Any] = {
    "RequestId": {
        "description": "The request as our logs name it; a problem has it as `request_id`, too.",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "The version of what is answered.", "schema": {"type": "string"}},
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}

SECURITY_SCHEMES: dict[str, Any] = {
    "AccessKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access key. Each operation names the roles that it takes.",
    }
}
