"""DynamoDB's own trap: botocore repeats a write whose reply was lost, and the copy meets the original."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from cellarhand.adapters import aws
from cellarhand.adapters.dynamodb.records import RecordTable
from cellarhand.domain.errors import StaleRecordError, StorageUnavailableError
from tests.contract.records.a_record import Bottle

SYRAH = Bottle(name="syrah")
MERLOT = Bottle(name="merlot")


def lose_replies(operation: str, *, times: int, meanwhile: Callable[[], object] = lambda: None) -> list[Any]:
    """Cut the next replies after execution; answers the list of replies that were cut."""
    cut: list[Any] = []

    def cut_reply(request: Any, event_name: str, **_: Any) -> None:
        if event_name == f"before-send.dynamodb.{operation}" and len(cut) < times:
            cut.append(request)
            meanwhile()
            raise ReadTimeoutError(endpoint_url=request.url)

    # moto answers at the general "before-send", where handlers run after those of a single operation: so this
    # one must stand there too, last, or the request would be cut before it was executed.
    aws.dynamodb().meta.events.register_last("before-send", cut_reply)
    return cut


def test_a_cut_reply_does_not_undo_the_write(table: RecordTable):
    lose_replies("PutItem", times=aws.ATTEMPTS)
    with pytest.raises(StorageUnavailableError):
        table.save(SYRAH)
    assert table.get(Bottle, SYRAH.key) == SYRAH.model_copy(update={"version": 1})


def test_a_save_whose_reply_was_lost_is_recognised_as_ours(table: RecordTable):
    cut = lose_replies("PutItem", times=1)
    saved = table.save(SYRAH)
    assert len(cut) == 1
    assert table.get(Bottle, SYRAH.key) == saved


def test_a_save_that_really_lost_is_stale_even_if_its_reply_was_lost(table: RecordTable):
    table.save(SYRAH)
    lose_replies("PutItem", times=1)
    with pytest.raises(StaleRecordError):
        table.save(SYRAH.model_copy(update={"label": "mine"}))


def test_a_save_overwritten_before_its_repetition_is_stale(table: RecordTable):
    def overwrite() -> None:
        table.save(SYRAH.model_copy(update={"version": 1, "label": "somebody else's"}))

    lose_replies("PutItem", times=1, meanwhile=overwrite)
    with pytest.raises(StaleRecordError):
        table.save(SYRAH)


def test_a_transaction_whose_reply_was_lost_is_recognised_as_ours(table: RecordTable):
    cut = lose_replies("TransactWriteItems", times=1)
    table.save_all([SYRAH, MERLOT])
    assert len(cut) == 1
    assert [bottle.version for bottle in table.get_many(Bottle, [SYRAH.key, MERLOT.key])] == [1, 1]


def test_a_transaction_that_really_lost_is_stale_even_if_its_reply_was_lost(table: RecordTable):
    table.save(SYRAH)
    lose_replies("TransactWriteItems", times=1)
    with pytest.raises(StaleRecordError):
        table.save_all([SYRAH, MERLOT])
    assert table.get(Bottle, MERLOT.key) is None


def test_a_throttled_transaction_is_a_store_that_is_busy(table: RecordTable):
    def throttle(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        parsed["ResponseMetadata"]["HTTPStatusCode"] = 400
        parsed["Error"] = {"Code": "TransactionCanceledException", "Message": "cancelled"}
        parsed["CancellationReasons"] = [{"Code": "None"}, {"Code": "ThrottlingError"}]
        http_response.status_code = 400

    aws.dynamodb().meta.events.register("after-call.dynamodb.TransactWriteItems", throttle)
    with pytest.raises(StorageUnavailableError):
        table.save_all([SYRAH, MERLOT])


def test_a_store_that_never_answers_is_unavailable(table: RecordTable):
    cut = lose_replies("PutItem", times=99)
    with pytest.raises(StorageUnavailableError):
        table.save(SYRAH)
    assert len(cut) == aws.ATTEMPTS


def test_a_repeated_transaction_carries_the_same_token(table: RecordTable):
    cut = lose_replies("TransactWriteItems", times=1)
    sent: list[bytes] = []
    aws.dynamodb().meta.events.register_first(
        "before-send.dynamodb.TransactWriteItems", lambda request, **_: sent.append(request.body)
    )
    table.save_all([SYRAH])
    assert len(cut) == 1
    assert len(sent) == 2
    assert sent[0] == sent[1]
