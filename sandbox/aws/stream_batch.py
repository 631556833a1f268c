"""What a function's answer means for a batch of stream records, by the rules of AWS Lambda."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_BACKOFF = 30.0


def first_failure(
    records: Sequence[Mapping[str, Any]], result: Mapping[str, Any], *, reports_items: bool
) -> int | None:
    """Index of the first record that has to be tried again, or None when all are done.

    With `ReportBatchItemFailures` the lowest reported sequence number counts; an identifier that is not of
    this batch fails the whole batch.
    """
    if result.get("error"):
        return 0
    reported = reported_items(result.get("body")) if reports_items else []
    if not reported:
        return None
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return min(numbers.index(number) if number in numbers else 0 for number in reported)


def reported_items(answer: object) -> list[Any]:
    """The identifiers in `batchItemFailures`; an answer of another shape reports nothing."""
    if isinstance(answer, str) and answer:
        answer = json.loads(answer)
    if not isinstance(answer, dict):
        return []
    return [item.get("itemIdentifier") for item in answer.get("batchItemFailures") or []]


@dataclass
class Progress:
    """How often the records at the head of one mapping's stream have failed; kept in memory only."""

    head: str = ""
    attempts: int = 0
    limit: int | None = None
    """How many records the next read takes; a batch is tried again as it was, without what has come since."""

    def failed(self, sequence_number: str, left: int) -> None:
        """Count a failure of the record that now blocks the stream; its batch has `left` records."""
        if sequence_number != self.head:
            self.head, self.attempts = sequence_number, 0
        self.attempts += 1
        self.limit = left

    def bisect(self, left: int) -> None:
        """Read half of the `left` records next time. This uses up no attempt."""
        self.limit = -(-left // 2)

    def exhausted(self, maximum_retries: int | None) -> bool:
        """Whether the retries are used up; None and -1 mean that they never are."""
        return maximum_retries is not None and 0 <= maximum_retries < self.attempts

    @property
    def backoff(self) -> float:
        """Seconds to the next attempt."""
        return float(min(2 ** (self.attempts - 1), MAX_BACKOFF))
