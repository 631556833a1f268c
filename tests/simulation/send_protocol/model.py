"""The send protocol as it is built, small enough to be searched whole: one order, two runners.

What is modelled: the tenant's lease with its fence; each record read first and saved later on the condition
of its version; an intent before the send; a crash at any point; the platform's kill at F; a CRM that executes
a request at once, late (up to L) or never, and may lose its reply; a read that shows an order only after R;
two clocks up to `skew` apart. Whole ticks stand for time. The judge is the CRM's book: never two orders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Row(NamedTuple):
    """The stored record. `sent` is the intent's time by the clock of its writer."""

    state: str = "pending"
    version: int = 0
    fence: int = 0
    sent: int = 0


class Runner(NamedTuple):
    """One invocation: where it stands, since when, under which fence, and the record as it read it."""

    at: str = "idle"
    since: int = 0
    fence: int = 0
    read: Row = Row()


class Request(NamedTuple):
    """A call that has left us: the CRM forgets it after `until`; `by` waits for its reply (None: nobody)."""

    until: int
    by: int | None


class World(NamedTuple):
    """Everything there is. `book` holds the instants at which the CRM executed an order."""

    now: int = 0
    row: Row = Row()
    fence: int = 0
    lease_until: int = 0
    book: tuple[int, ...] = ()
    air: tuple[Request, ...] = ()
    runners: tuple[Runner, Runner] = (Runner(), Runner())
    starts: int = 0


@dataclass(frozen=True)
class Protocol:
    """The protocol's settings, and how long the world's own delays may be; all in ticks.

    A variant takes one thing away. `refuses_repeats`: the CRM lets no number in twice.
    """

    settle: int
    kill: int = 3
    late: int = 2
    lag: int = 2
    skew: int = 2
    lease: int = 4
    starts: int = 3
    ticks: int = 15
    writes_intent: bool = True
    compare_versions: bool = True
    killed: bool = True
    forgets_on_time_out: bool = False
    refuses_repeats: bool = False

    @property
    def bounds(self) -> int:
        """What `settle` must cover (reliability: F + L + R + skew)."""
        return self.kill + self.late + self.lag + self.skew


type Graph = dict[World, tuple[World, ...]]


def search(protocol: Protocol) -> Graph:
    """Every world that can be reached with what follows it, or those seen until the book held two orders.

    Equal worlds are one object in it, so that to compare two of them takes no look inside.
    """
    seen: Graph = {}
    ahead = [World()]
    met = {ahead[0]: ahead[0]}
    while ahead:
        world = ahead.pop()
        following = []
        for each in after(world, protocol):
            known = met.setdefault(each, each)
            if known is each:
                ahead.append(each)
            following.append(known)
        seen[world] = tuple(following)
        if len(world.book) > 1:
            return seen
    return seen


def most_orders(graph: Graph) -> int:
    """How many orders the CRM's book holds in the worst world found."""
    return max(len(world.book) for world in graph)


def stuck(graph: Graph, protocol: Protocol) -> set[World]:
    """Worlds with time and starts left for whatever may be under way, from which no way leads to the end."""
    before: dict[World, list[World]] = {world: [] for world in graph}
    for world, following in graph.items():
        for each in following:
            before[each].append(world)
    ahead = [world for world in graph if world.row.state == "synced"]
    hopeful = set(ahead)
    while ahead:
        new = set(before[ahead.pop()]) - hopeful
        hopeful |= new
        ahead += new
    time_needed = protocol.settle + 2 * protocol.skew + protocol.lease + 2
    return {
        world
        for world in graph
        if world not in hopeful
        and world.starts + 2 <= protocol.starts
        and world.now + time_needed <= protocol.ticks
    }


def after(world: World, protocol: Protocol) -> Iterator[World]:
    """Every world that can come next."""
    if world.now < protocol.ticks:
        yield tick(world, protocol)
    for request in set(world.air):
        yield from served(world, request, protocol)
    for number, runner in enumerate(world.runners):
        if runner.at != "idle":
            yield moved(world, number, Runner())
        yield from steps(world, number, runner, protocol)


def tick(world: World, protocol: Protocol) -> World:
    """Time passes: the platform kills who has run for F, the CRM forgets what it has not served within L."""
    now = world.now + 1
    first, second = world.runners
    air = tuple(request for request in world.air if request.until >= now)
    runners = (lasting(first, now, protocol), lasting(second, now, protocol))
    return unheard(world._replace(now=now, runners=runners, air=air))


def lasting(runner: Runner, now: int, protocol: Protocol) -> Runner:
    """The runner, or what the platform leaves of it."""
    is_over = protocol.killed and runner.at != "idle" and now >= runner.since + protocol.kill
    return Runner() if is_over else runner


def served(world: World, request: Request, protocol: Protocol) -> Iterator[World]:
    """The CRM executes a request, and its reply arrives or is lost; or it drops the request."""
    air = list(world.air)
    air.remove(request)
    rest = world._replace(air=tuple(air))
    repeat = protocol.refuses_repeats and rest.book
    executed = rest if repeat else rest._replace(book=(*rest.book, world.now))
    yield rest
    yield executed
    if request.by is not None:
        yield moved(executed, request.by, world.runners[request.by]._replace(at="answered"))


def steps(world: World, number: int, runner: Runner, protocol: Protocol) -> Iterator[World]:
    """What one runner may do next. The second runner's clock is ahead by the skew."""
    clock = world.now + (protocol.skew if number else 0)
    match runner.at:
        case "idle":
            if world.starts < protocol.starts and world.row.state != "synced" and clock >= world.lease_until:
                yield leased(world, number, clock, protocol)
        case "leased":
            yield moved(world, number, runner._replace(at="read", read=world.row))
        case "read" if runner.read.state == "pending":
            yield intent(world, number, runner, clock, protocol)
        case "read" if runner.read.state != "synced" and clock >= runner.read.sent + protocol.settle:
            shown = any(world.now >= executed + protocol.lag for executed in world.book)
            outcome = "synced" if shown else "pending"
            yield saved(world, number, runner, outcome, protocol)
        case "intended":
            air = sorted((*world.air, Request(world.now + protocol.late, number)), key=str)
            yield moved(world._replace(air=tuple(air)), number, runner._replace(at="sent"))
        case "sent":
            left = "pending" if protocol.forgets_on_time_out else "unknown"
            yield saved(world, number, runner, left, protocol)
        case "answered":
            yield saved(world, number, runner, "synced", protocol)


def leased(world: World, number: int, clock: int, protocol: Protocol) -> World:
    """Take the tenant's lease under the next fence."""
    fence = world.fence + 1
    held = world._replace(fence=fence, lease_until=clock + protocol.lease, starts=world.starts + 1)
    return moved(held, number, Runner("leased", world.now, fence))


def intent(world: World, number: int, runner: Runner, clock: int, protocol: Protocol) -> World:
    """Save the intent if the record is still the one that was read; else give up."""
    if protocol.compare_versions and world.row.version != runner.read.version:
        return moved(world, number, Runner())
    row = Row("sending", world.row.version + 1, runner.fence, clock)
    if not protocol.writes_intent:
        return moved(
            world, number, runner._replace(at="intended", read=row._replace(version=world.row.version))
        )
    return moved(world._replace(row=row), number, runner._replace(at="intended", read=row))


def saved(world: World, number: int, runner: Runner, state: str, protocol: Protocol) -> World:
    """Save an outcome if the record is still the one that was read, and end."""
    row = runner.read._replace(state=state, version=world.row.version + 1)
    fenced_out = protocol.compare_versions and world.row.version != runner.read.version
    return moved(world if fenced_out else world._replace(row=row), number, Runner())


def moved(world: World, number: int, runner: Runner) -> World:
    """The world with one runner elsewhere; replies to a runner that no longer waits are lost."""
    runners = (runner, world.runners[1]) if number == 0 else (world.runners[0], runner)
    return unheard(world._replace(runners=runners))


def unheard(world: World) -> World:
    """Nobody hears the reply of a call whose sender is gone."""
    waiting = [request for request in world.air if request.by is not None]
    if all(world.runners[request.by].at == "sent" for request in waiting):
        return world
    air = tuple(
        request
        if request.by is not None and world.runners[request.by].at == "sent"
        else request._replace(by=None)
        for request in world.air
    )
    return world._replace(air=air)
