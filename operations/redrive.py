"""Move messages from a dead-letter queue back to its source, at a given rate.

Safe at any time: a message is only a hint, so one moved twice finds nothing to do. Each message is sent first
and deleted after, so that a stop in between leaves it in both queues and loses none.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import boto3

from operations.pacing import Pacing

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MAX_AT_ONCE = 10
WHILE_WE_WORK = 60
"""Seconds for which a message that we took is hidden from others, at least."""
TOLD_EVERY = 100
GROUP: Literal["MessageGroupId"] = "MessageGroupId"


def redrive(
    sqs: SQSClient,
    dead: str,
    source: str,
    *,
    rate: float,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    patience: int = 1,
    report: Callable[[int], object] = lambda _: None,
) -> int:
    """Move every message that `dead` holds to `source`, at most `rate` a second; answers how many.

    It is empty when nothing has come for `patience` seconds. `report` hears how many have been moved.
    """
    pacing, moved = Pacing(rate, pause=pause, clock=clock), 0
    for message in _messages(sqs, dead, patience, hidden=_hidden_for(rate)):
        pacing.wait()
        _send(sqs, source, message)
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        moved += 1
        report(moved)
    return moved


def _hidden_for(rate: float) -> int:
    """Seconds until the last of a batch has gone, with time to spare: a slow rate must not see one twice."""
    return WHILE_WE_WORK + math.ceil(MAX_AT_ONCE / rate)


def _messages(sqs: SQSClient, queue: str, patience: int, hidden: int) -> Iterator[MessageTypeDef]:
    while found := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=MAX_AT_ONCE,
        MessageSystemAttributeNames=[GROUP],
        VisibilityTimeout=hidden,
        WaitTimeSeconds=patience,
    ).get("Messages"):
        yield from found


def _send(sqs: SQSClient, queue: str, message: MessageTypeDef) -> None:
    group = message.get("Attributes", {}).get(GROUP)
    if group is None:
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
    else:
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"], MessageGroupId=group)


def waiting(sqs: SQSClient, queue: str) -> int:
    """About how many messages a queue holds."""
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def main() -> None:
    """Command line: `make redrive FROM=… TO=… [RATE=10]`."""
    parser = argparse.ArgumentParser(prog="make redrive", description=__doc__)
    parser.add_argument("--from", dest="dead", required=True, help="URL of the dead-letter queue")
    parser.add_argument("--to", dest="source", required=True, help="URL of the queue it belongs to")
    parser.add_argument("--rate", type=float, default=10, help="messages a second (default 10)")
    parser.add_argument("--dry-run", action="store_true", help="count the messages, move none")
    wanted = parser.parse_args()
    if not SLOWEST <= wanted.rate <= FASTEST:
        parser.error(f"--rate must be from {SLOWEST} to {FASTEST}")
    sqs = boto3.client("sqs")
    print(f"about {waiting(sqs, wanted.dead)} dead letters", flush=True)
    if not wanted.dry_run:
        moved = redrive(sqs, wanted.dead, wanted.source, rate=wanted.rate, report=_report)
        print(f"{moved} messages moved")


SLOWEST, FASTEST = 0.01, 1000
"""Messages a second; slower, one batch would outlast the longest time that SQS hides a message."""


def _report(moved: int) -> None:
    if moved % TOLD_EVERY == 0:
        print(f"  {moved} moved", flush=True)


if __name__ == "__main__":
    main()
