"""Logs and metrics. A log line names tenant, key and request; never a person, a secret or a whole event.

Metrics are `LookUps`, `Quotes`, `CustomerUpserts`, `Orders`, `SyncRuns`, `LateAudits` and `NightlyBooks` by
`outcome`, `OldestPendingSeconds` by `queue`, `OrdersFoundTwice`, `BooksGivenUp`, and
`ReconciliationDifference` of `records` and of `money` (minor units of whatever currency). All functions'
together are `Failures`, whatever operators must act on, whether or not an invocation ended well, and
`LoginsRefused`. None has the tenant as a dimension: there may be thousands.
"""

import gc
from collections.abc import Callable
from functools import wraps
from traceback import extract_tb
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from cellarhand.adapters.system import LambdaContext
from cellarhand.domain.errors import Actor, CellarhandError

logger = Logger()

Handler = Callable[[dict[str, Any], LambdaContext], Any]

NAMESPACE = "Cellarhand"
EVERY_FUNCTION = "cellarhand"
"""The service under which is counted what one alarm watches for all functions."""

_UNIT_OF = {"OldestPendingSeconds": MetricUnit.Seconds}


def observed(handler: Handler) -> Handler:
    """Wrap a Lambda's entry point; stands last in an `app.py`, when everything it needs is imported.

    What was imported is put out of the garbage collector's sight here, or the first full collection
    (33 ms) would land in the first request.
    """
    gc.freeze()

    @wraps(handler)
    def with_context(event: dict[str, Any], context: LambdaContext) -> Any:
        logger.clear_state()
        logger.append_keys(function_request_id=context.aws_request_id)
        return handler(event, context)

    return with_context


def about(**ids: str | None) -> None:
    """What the following log lines of this invocation are about: ids only, None for no longer about any."""
    logger.append_keys(**{name: value for name, value in ids.items() if value})
    logger.remove_keys([name for name, value in ids.items() if not value])


def report_problem(error: CellarhandError) -> None:
    """A failure with a name: a warning, counted, if operators must act, else just a fact."""
    level = logger.warning if error.actor is Actor.OPERATORS else logger.info
    level("problem", code=error.stable_code, who_acts=error.actor)
    if error.actor is Actor.OPERATORS:
        _count_failure()


def report_finding(what: str, **ids: object) -> None:
    """Something that staff or operators must look into, and no failure of ours: a warning."""
    logger.warning(what, extra=ids)


def report_failure(failure: BaseException) -> None:
    """Log and count an unexpected failure: its class and place, not its text, which may quote the request.

    AWS's error code is logged too (a missing permission, a missing table). A `CellarhandError` is logged as
    a problem.
    """
    if isinstance(failure, CellarhandError):
        report_problem(failure)
        return
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(failure.__traceback__)]
    logger.error("unforeseen failure", error=type(failure).__name__, aws_code=_aws_code(failure), where=where)
    _count_failure()


def report_refused_login(tenant_id: str) -> None:
    """Log and count that a winery's CRM refuses its login: staff must act, and support must tell them."""
    logger.warning("crm login refused", tenant_id=tenant_id, who_acts=Actor.STAFF)
    EmbeddedMetrics().count("LoginsRefused", service=EVERY_FUNCTION)


def _count_failure() -> None:
    EmbeddedMetrics().count("Failures", service=EVERY_FUNCTION)


def _aws_code(failure: BaseException) -> str | None:
    response = getattr(failure, "response", None)
    return response.get("Error", {}).get("Code") if isinstance(response, dict) else None


class EmbeddedMetrics:
    """Implements the `Metrics` port: one line in CloudWatch's embedded metric format per count."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Write the line; CloudWatch does the adding."""
        with single_metric(name, _UNIT_OF.get(name, MetricUnit.Count), value, namespace=NAMESPACE) as metric:
            for dimension, label in dimensions.items():
                metric.add_dimension(dimension, label)
