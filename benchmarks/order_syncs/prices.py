"""List prices in us-east-1, without free tier, volume discount or reserved capacity.

From the published price pages as the performance notes quote them: DynamoDB on demand since November 2024,
Lambda on x86, SQS standard queues, CloudWatch Logs, HTTP API. In US dollars.
"""

from benchmarks.order_syncs.spent import (
    INDEX_UNITS,
    INVOCATIONS,
    LOG_BYTES,
    READ_UNITS,
    SQS_CALLS,
    WRITE_UNITS,
    Counts,
)

MILLION = 1e6
MEGABYTE_MILLISECONDS = "MB·ms"

_EACH = {
    "DynamoDB writes": ((WRITE_UNITS, INDEX_UNITS), 0.625 / MILLION),
    "DynamoDB reads": ((READ_UNITS,), 0.125 / MILLION),
    "Lambda": ((MEGABYTE_MILLISECONDS,), 0.0000166667 / 1024 / 1000),
    "Lambda requests": ((INVOCATIONS,), 0.20 / MILLION),
    "SQS": ((SQS_CALLS,), 0.40 / MILLION),
    "logs": ((LOG_BYTES,), 0.50 / 1e9),
}


def dollars(spent: Counts) -> dict[str, float]:
    """What was spent, part by part. API Gateway's own price of a request is not in it."""
    return {part: sum(spent[what] for what in counted) * price for part, (counted, price) in _EACH.items()}
