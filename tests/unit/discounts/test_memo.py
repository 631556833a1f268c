"""What is remembered is bounded, and forgetting changes no answer."""

from cellarhand.domain.bounded_memo import BoundedMemo
from cellarhand.domain.discounts.engine.matching import MAX_VALUES, Question
from cellarhand.domain.discounts.reasons import Reason


def test_a_value_is_worked_out_once():
    asked: list[int] = []
    memo = BoundedMemo[int, int](lambda key: asked.append(key) or key * 2)
    assert [memo[3], memo[3], memo[4]] == [6, 6, 8]
    assert asked == [3, 4]


def test_a_full_memo_forgets_and_never_grows():
    memo = BoundedMemo[int, int](lambda key: key, max_size=3)
    for key in range(10):
        assert memo[key] == key
    assert len(memo) <= 3


def test_a_question_asked_of_more_values_than_it_keeps_still_answers():
    party = Question[int](0b11, lambda size: iter([(Reason.PARTY_TOO_SMALL, 0b01 if size < 2 else 0b11)]))
    assert [party.learn(size) for size in (1, 2)] == [0b01, 0b11]
    for size in range(2 * MAX_VALUES):
        party.learn(size)
    assert [party.learn(size) for size in (1, 2)] == [0b01, 0b11]
    assert len(party.accepting) <= MAX_VALUES
