"""What a function's answer means for its batch of stream records."""

from typing import Any

import pytest

from sandbox.aws.stream_batch import Progress, first_failure

RECORDS = [{"dynamodb": {"SequenceNumber": number}} for number in ("10", "11", "12")]


def answer(*numbers: Any) -> dict[str, Any]:
    return {"body": {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}}


CASES: dict[str, tuple[dict[str, Any], int | None]] = {
    "an error fails the whole batch": ({"error": True, "body": {}}, 0),
    "no answer is success": ({"body": None}, None),
    "an empty list is success": (answer(), None),
    "null is success": ({"body": {"batchItemFailures": None}}, None),
    "an answer of another shape is success": ({"body": "[1]"}, None),
    "the answer may be text": ({"body": '{"batchItemFailures": [{"itemIdentifier": "12"}]}'}, 2),
    "the lowest reported one counts": (answer("12", "11"), 1),
    "one that is not of the batch fails it all": (answer("12", "99"), 0),
    "so does an empty one": (answer(""), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_the_batch_goes_on_from_its_first_failure(case: str):
    result, expected = CASES[case]
    assert first_failure(RECORDS, result, reports_items=True) == expected


def test_without_report_batch_item_failures_the_answer_does_not_count():
    assert first_failure(RECORDS, answer("11"), reports_items=False) is None


def test_attempts_count_for_one_record_only():
    progress = Progress()
    for number in ("11", "11", "12"):
        progress.failed(number, left=2)
    assert (progress.attempts, progress.limit) == (1, 2)


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (3, 4)])
def test_retries_are_used_up_after_one_attempt_more(retries: int, attempts: int):
    progress = Progress()
    for _ in range(attempts):
        assert not progress.exhausted(retries)
        progress.failed("11", left=1)
    assert progress.exhausted(retries)


@pytest.mark.parametrize("unlimited", [None, -1])
def test_without_a_limit_retries_are_never_used_up(unlimited: int | None):
    assert not Progress(attempts=10_000).exhausted(unlimited)


def test_bisecting_halves_the_next_read_and_uses_no_attempt():
    progress = Progress()
    progress.bisect(left=5)
    assert (progress.limit, progress.attempts) == (3, 0)


def test_the_wait_doubles_up_to_half_a_minute():
    assert [Progress(attempts=attempts).backoff for attempts in (1, 2, 3, 9)] == [1, 2, 4, 30]
