"""What the CRM does to us, and what its own users do in it."""

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cellarhand.domain.customers.customer import Customer
from cellarhand.domain.reservations.order_progress import OrderState
from tests.fakes.crm import Step
from tests.simulation.stateful.crm import WRITES, Mood
from tests.simulation.stateful.engine import emails, whose
from tests.simulation.stateful.world import World

BAD = st.sampled_from(
    [
        Step.LATE,
        Step.LATE,
        Step.UNKNOWN_EXECUTED,
        Step.UNKNOWN_NOT_EXECUTED,
        Step.NOT_DONE,
        Step.REFUSED,
        Step.NORMAL,
    ]
)


class CrmRules:
    """Each winery's CRM has moods of its own."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)

    @rule(tenant=whose, mood=st.sampled_from(Mood))
    def change_mood(self, tenant: str, mood: Mood) -> None:
        """Until the next one."""
        self.world.crms[tenant].feel(mood)

    @rule(tenant=whose, method=st.sampled_from(WRITES), steps=st.lists(BAD, min_size=1, max_size=3))
    def writes_will_go(self, tenant: str, method: str, steps: list[Step]) -> None:
        """Badly, the next ones."""
        self.world.crms[tenant].script(method, *steps)

    @rule(tenant=whose, in_time=st.booleans())
    def rotate_password(self, tenant: str, in_time: bool) -> None:
        """In the CRM; here staff enter it before anybody notices, or after a sync run has failed."""
        self.world.passwords[tenant] = f"secret-{next(self._numbers)}"
        if not in_time:
            self.world.receive(self.world.hints.message("order_sync_runner", tenant, {}))
        answer = self.world.store_login(tenant)
        assert answer is not None
        assert answer.status == 204

    @rule(tenant=whose)
    def lock_out(self, tenant: str) -> None:
        """Nobody enters the new password until the next rotation, or the end."""
        self.world.passwords[tenant] = f"secret-{next(self._numbers)}"

    @rule(tenant=whose, email=emails)
    def staff_add_the_same_guest(self, tenant: str, email: str) -> None:
        """In the CRM itself, where it could be at the same time as we."""
        customer_id = f"by-hand-{next(self._numbers)}"
        self.world.crms[tenant].put_customer(Customer(customer_id=customer_id, email=email))

    @precondition(lambda self: any(crm.orders for crm in self.world.crms.values()))
    @rule(which=st.integers(0, 9))
    def staff_edit_an_order(self, which: int) -> None:
        """Rather one of which we do not know yet that it is there."""
        records = [record for record in self.world.reservations() if self.world.orders_of(record)]
        unread = [record for record in records if record.order.state is not OrderState.SYNCED]
        record = (unread or records)[which % len(unread or records)]
        self.world.crms[record.tenant_id].edit_order(self.world.orders_of(record)[0])
