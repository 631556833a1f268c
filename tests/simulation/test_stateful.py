"""Everybody at once, in any order: engine, queues, clock, staff, two CRMs and death, as rules are drawn.

`STATEFUL_EXAMPLES=5000 make simulate` plays more stories, and other ones each time.
"""

import os
import sys

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine

from tests.simulation.stateful.ending import Ending
from tests.simulation.stateful.platform import PlatformRules
from tests.simulation.stateful.sickness import CrmRules
from tests.simulation.stateful.world import World

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "0"))
STEPS = 50


class Deployment(CrmRules, PlatformRules, Ending, RuleBasedStateMachine):
    """Whatever happens, the laws hold; and when the faults stop, all is done."""

    def __init__(self) -> None:
        self.world = World()
        super().__init__()

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self.all_is_well_again()
                self.come_to_an_end()
                self.check_laws()
                self.check_the_end()
                self.check_the_books()
        finally:
            self.world.close()


TestDeployment = Deployment.TestCase
TestDeployment.settings = settings(
    max_examples=EXAMPLES or 120,
    stateful_step_count=STEPS,
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
