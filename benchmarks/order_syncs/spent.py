"""What was spent: counted per operation, and whose it was."""

from collections import Counter
from collections.abc import Iterable

READ_UNITS = "read units"
WRITE_UNITS = "write units"
INDEX_UNITS = "index write units"
REQUESTS = "requests"
SQS_CALLS = "SQS calls"
INVOCATIONS = "invocations"
LAMBDA_MS = "Lambda ms"
CRM_WRITES = "CRM writes"
CRM_READS = "CRM reads"
LOG_BYTES = "log bytes"

type Counts = Counter[str]


class Spent:
    """A meter that only ever goes up; ask `since` an earlier reading.

    `writes` are the kinds of records of each write, in order: one name for a single write, several for a
    transaction. `touched` counts operations by partition.
    """

    def __init__(self) -> None:
        self.counts: Counts = Counter()
        self.touched: Counter[str] = Counter()
        self.writes: list[tuple[str, ...]] = []

    def add(self, what: str, amount: float = 1) -> None:
        """Count."""
        self.counts[what] += amount  # type: ignore[assignment]

    def touch(self, partitions: Iterable[str]) -> None:
        """An operation looked at, or changed, these partitions."""
        self.touched.update(partitions)

    def reading(self) -> Counts:
        """As it stands."""
        return self.counts.copy()

    def since(self, reading: Counts) -> Counts:
        """What has come since."""
        spent = self.counts.copy()
        spent.subtract(reading)
        return Counter({what: amount for what, amount in spent.items() if amount})
