"""DynamoDB may answer a batch read only in part; the table asks again for the rest."""

from typing import Any

import pytest

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.domain.errors import StorageUnavailableError
from tests.contract.records.a_record import Bottle

BOTTLES = [Bottle(name="a"), Bottle(name="b"), Bottle(name="c")]


def answer_one_at_a_time(*, never_more: bool = False) -> None:
    """Leave all but the first record of each reply (or that one too) unprocessed."""

    def hold_back(parsed: dict[str, Any], **_: Any) -> None:
        found = parsed["Responses"]["ledger"]
        kept, held = (found[:0], found) if never_more else (found[:1], found[1:])
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in held]
        parsed["Responses"]["ledger"] = kept
        parsed["UnprocessedKeys"] = {"ledger": {"Keys": keys, "ConsistentRead": True}} if keys else {}

    aws.dynamodb().meta.events.register("after-call.dynamodb.BatchGetItem", hold_back)


def test_what_was_left_unprocessed_is_asked_for_again(table: RecordTable):
    saved = [table.save(bottle) for bottle in BOTTLES]
    answer_one_at_a_time()
    assert table.get_many(Bottle, [bottle.key for bottle in BOTTLES]) == saved


def test_a_store_that_never_answers_the_rest_is_unavailable(table: RecordTable):
    table.save(BOTTLES[0])
    answer_one_at_a_time(never_more=True)
    with pytest.raises(StorageUnavailableError):
        table.get_many(Bottle, [BOTTLES[0].key])
