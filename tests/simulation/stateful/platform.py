"""AWS: time passes, messages come late, twice, in any order or never, workers die, the clock rings."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.simulation.stateful.engine import IDS, processes, whose
from tests.simulation.stateful.queues import Message
from tests.simulation.stateful.world import World

TICKS = (1, 10, 30, 120, 600, 900, 3_600, 86_400)
ANY = st.integers(0, 50)


class PlatformRules:
    """Messages are named by where they stand among those that can be received."""

    world: World

    @rule(seconds=st.sampled_from(TICKS))
    def tick(self, seconds: int) -> None:
        """From a second to a day."""
        self.world.pass_time(seconds)

    @precondition(lambda self: self.world.hints.visible())
    @rule(most=st.integers(1, 5), process=processes)
    def deliver(self, most: int, process: int) -> None:
        """The messages that have waited longest."""
        for _ in range(most):
            if self.world.hints.visible():
                self.world.receive(self._taken(0), process)

    @rule(seconds=st.sampled_from(TICKS), process=processes)
    def go_on(self, seconds: int, process: int) -> None:
        """Time passes, the clock sweeps, and what is due is delivered: an ordinary hour or day."""
        self.world.pass_time(seconds)
        self.world.sweep()
        self.deliver(5, process)

    @precondition(lambda self: len(self.world.hints.visible()) > 1)
    @rule(which=ANY, process=processes)
    def reorder(self, which: int, process: int) -> None:
        """Any other message first."""
        self.world.receive(self._taken(which), process)

    @precondition(lambda self: self.world.hints.visible())
    @rule(which=ANY, writes=st.integers(1, 12), written=st.booleans())
    def deliver_to_a_dying_worker(self, which: int, writes: int, written: bool) -> None:
        """It dies at its n-th write, just before it or just after."""
        message = self._taken(which)
        self.world.mortality.at(writes, written=written)
        self.world.receive(message)

    @precondition(lambda self: self.world.hints.done)
    @rule(which=ANY, process=processes)
    def deliver_again(self, which: int, process: int) -> None:
        """Queues deliver at least once."""
        done = self.world.hints.done
        self.world.receive(done[which % len(done)], process)

    @precondition(lambda self: self.world.hints.waiting)
    @rule(which=ANY)
    def lose(self, which: int) -> None:
        """A message is gone, or was never sent."""
        waiting = self.world.hints.waiting
        del waiting[which % len(waiting)]

    @precondition(lambda self: self.world.hints.dead)
    @rule()
    def redrive(self) -> None:
        """Operators send the dead letters back."""
        self.world.hints.redrive()

    @rule()
    def two_sweeps(self) -> None:
        """At once: neither knows of the other's hints."""
        self.world.sweep()
        self.world.sweep()

    @rule(tenant=whose, process=processes)
    def work_during_a_call(self, tenant: str, process: int) -> None:
        """The next call of the CRM has not ended when another worker begins."""
        hints = self.world.hints

        def begin() -> None:
            self.world.receive(hints.message("order_sync_runner", tenant, {}), process)
            work = {"reservation_ids": list(IDS)}
            self.world.receive(hints.message("customer_upsert_retry", tenant, work), process)

        self.world.crms[tenant].meanwhile.append(begin)

    @rule(tenant=whose)
    def schedule_fires(self, tenant: str) -> None:
        """As often as EventBridge Scheduler likes: the same time is the same run."""
        if tenant in self.world.schedules.wanted:
            for _ in range(2):
                self.world.fire_schedule(tenant, self.world.clock.now())

    def _taken(self, which: int) -> Message:
        visible = self.world.hints.visible()
        message = visible[which % len(visible)]
        self.world.hints.take(message)
        return message
