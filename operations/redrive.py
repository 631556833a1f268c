"""Move messages from a dead-letter queue back to its source, at a given rate.

Safe at any time: a message is only a hint, so one moved twice finds nothing to do. Each message is sent first
and deleted after, so that a stop in between leaves it in both queues and loses none.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

import boto3

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MOST_AT_ONCE = 10
GROUP: Literal["MessageGroupId"] = "MessageGroupId"


def redrive(
    sqs: SQSClient,
    dead: str,
    source: str,
    *,
    rate: float,
    pause: Callable[[float], None] = time.sleep,
    patience: int = 1,
) -> int:
    """Move every message that `dead` holds to `source`, at most `rate` a second; answers how many.

    It is empty when nothing has come for `patience` seconds.
    """
    moved = 0
    for message in _messages(sqs, dead, patience):
        _send(sqs, source, message)
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        moved += 1
        pause(1 / rate)
    return moved


def _messages(sqs: SQSClient, queue: str, patience: int) -> Iterator[MessageTypeDef]:
    while found := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=MOST_AT_ONCE,
        MessageSystemAttributeNames=[GROUP],
        WaitTimeSeconds=patience,
    ).get("Messages"):
        yield from found


def _send(sqs: SQSClient, queue: str, message: MessageTypeDef) -> None:
    group = message.get("Attributes", {}).get(GROUP)
    if group is None:
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
    else:
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"], MessageGroupId=group)


def main() -> None:
    """Command line: `make redrive FROM=… TO=…`."""
    parser = argparse.ArgumentParser(prog="make redrive", description=__doc__)
    parser.add_argument("--from", dest="dead", required=True, help="URL of the dead-letter queue")
    parser.add_argument("--to", dest="source", required=True, help="URL of the queue it belongs to")
    parser.add_argument("--rate", type=float, default=10, help="messages a second (default 10)")
    wanted = parser.parse_args()
    if wanted.rate <= 0:
        parser.error("--rate must be above zero")
    moved = redrive(boto3.client("sqs"), wanted.dead, wanted.source, rate=wanted.rate)
    print(f"{moved} messages moved")


if __name__ == "__main__":
    main()
