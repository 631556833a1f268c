"""Hints as SQS messages: which tenant, at most which of its reservations, and nothing else."""

import json
import logging
import math
from collections.abc import Mapping

from cellarhand.adapters import aws
from cellarhand.domain.errors import StorageUnavailableError

MAX_DELAY = 900
"""SQS's own limit, in seconds."""

_log = logging.getLogger(__name__)


class SqsHints:
    """Implements the `Hints` port. A failed send is logged only: the sweeper finds the work.

    `MessageGroupId` on a standard queue asks for fair queues: a noisy tenant doesn't delay the others.
    """

    def __init__(self, customer_upsert_queue_url: str, order_sync_queue_url: str) -> None:
        self._customer_upsert = customer_upsert_queue_url
        self._order_sync = order_sync_queue_url

    def customer_upsert(self, tenant_id: str, *reservation_ids: str, delay: float = 0) -> None:
        work = {"tenant_id": tenant_id, "reservation_ids": reservation_ids}
        _send(self._customer_upsert, tenant_id, work, delay)

    def login_repaired(self, tenant_id: str) -> None:
        work = {"tenant_id": tenant_id, "reservation_ids": [], "login_repaired": True}
        _send(self._customer_upsert, tenant_id, work, 0)

    def order_sync(self, tenant_id: str, *, delay: float = 0) -> None:
        _send(self._order_sync, tenant_id, {"tenant_id": tenant_id}, delay)


def _send(queue_url: str, tenant_id: str, work: Mapping[str, object], delay: float) -> None:
    try:
        with aws.storage_errors():
            aws.sqs().send_message(
                QueueUrl=queue_url,
                MessageBody=json.dumps(work),
                DelaySeconds=min(MAX_DELAY, max(0, math.ceil(delay))),
                MessageGroupId=tenant_id,
            )
    except StorageUnavailableError:
        _log.warning("hint lost", extra={"tenant_id": tenant_id})
