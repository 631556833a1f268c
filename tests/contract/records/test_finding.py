"""What `Records` promises of lists and indexes."""

from datetime import timedelta

from cellarhand.domain.records import DUE_SHARDS, Key, due_shard
from cellarhand.ports.records import Page, Records
from tests.contract.records.a_record import Bottle
from tests.fakes.time import FakeClock


def test_many_are_answered_in_the_order_asked_without_the_missing(records: Records):
    bottles = [records.save(Bottle(name=f"{n:03}")) for n in range(120)]
    keys = [Key("T#oak", "BOTTLE#missing"), *(bottle.key for bottle in reversed(bottles))]
    assert records.get_many(Bottle, keys) == list(reversed(bottles))


def test_a_list_is_in_order_and_knows_its_prefix_and_partition(records: Records):
    b, a = records.save(Bottle(name="b")), records.save(Bottle(name="a"))
    records.save(Bottle(name="a", cellar="T#elm"))
    assert records.list_records(Bottle, "T#oak", "BOTTLE#") == Page([a, b], None)
    assert records.list_records(Bottle, "T#oak", "BOTTLE#b") == Page([b], None)
    assert records.list_records(Bottle, "T#oak", "BOTTLE#", newest_first=True) == Page([b, a], None)


def test_a_list_goes_on_where_its_page_ended_and_says_when_it_is_over(records: Records):
    bottles = [records.save(Bottle(name=str(n))) for n in range(4)]
    first = records.list_records(Bottle, "T#oak", "BOTTLE#", limit=2)
    rest = records.list_records(Bottle, "T#oak", "BOTTLE#", limit=2, after=first.next)
    assert first.items == bottles[:2]
    assert rest == Page(bottles[2:], None)


def test_a_list_pages_backwards_too(records: Records):
    bottles = [records.save(Bottle(name=str(n))) for n in range(3)]
    first = records.list_records(Bottle, "T#oak", "BOTTLE#", limit=2, newest_first=True)
    rest = records.list_records(Bottle, "T#oak", "BOTTLE#", limit=2, after=first.next, newest_first=True)
    assert [*first.items, *rest.items] == bottles[::-1]


def test_a_worklist_holds_what_stands_between_its_bounds(records: Records):
    for shelf in ("1", "2", "3", "4"):
        records.save(Bottle(name=f"on-{shelf}", shelf=shelf))
    records.save(Bottle(name="elsewhere", cellar="T#elm", shelf="2"))
    found = records.worklist("T#oak#shelf", start="2", end="3").items
    assert [(key.sort, place.position) for key, place in found] == [
        ("BOTTLE#on-2", "2"),
        ("BOTTLE#on-3", "3"),
    ]


def test_a_worklist_goes_on_where_its_page_ended(records: Records):
    for shelf in ("1", "2", "3"):
        records.save(Bottle(name=shelf, shelf=shelf))
    first = records.worklist("T#oak#shelf", start="1", end="3", limit=2)
    rest = records.worklist("T#oak#shelf", start="1", end="3", limit=2, after=first.next)
    assert [place.position for _, place in (*first.items, *rest.items)] == ["1", "2", "3"]
    assert rest.next is None


def test_a_record_leaves_a_worklist_when_it_says_so(records: Records):
    bottle = records.save(Bottle(name="a", shelf="1"))
    records.save(bottle.model_copy(update={"shelf": None}))
    assert records.worklist("T#oak#shelf", start="1", end="1").items == []


def test_due_work_is_found_longest_waiting_first_and_never_too_early(records: Records, clock: FakeClock):
    now = clock.now()
    for seconds in (-90, -5, 0, 1):
        due = now + timedelta(seconds=seconds)
        records.save(Bottle(name=f"due{seconds:+}", drink_by=due))
    records.save(Bottle(name="never"))
    found = {work for shard in range(DUE_SHARDS) for work in records.due(shard, now)}
    assert {(work.key.sort, (now - work.since).total_seconds()) for work in found} == {
        ("BOTTLE#due-90", 90),
        ("BOTTLE#due-5", 5),
        ("BOTTLE#due+0", 0),
    }


def test_a_shard_lists_at_most_what_was_asked_and_the_oldest(records: Records, clock: FakeClock):
    names = [name for name in map(str, range(200)) if due_shard(Bottle(name=name).key) == 3][:3]
    for age, name in enumerate(names):
        records.save(Bottle(name=name, drink_by=clock.now() - timedelta(minutes=age)))
    oldest_two = [Bottle(name=name).key for name in (names[2], names[1])]
    assert [work.key for work in records.due(3, clock.now(), limit=2)] == oldest_two
