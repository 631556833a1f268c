"""Scenes about one order: its reply lost, its sender killed, cancelled or changed meanwhile, reviewed."""

from collections.abc import Callable

from sandbox.vinsuite.state.book import Order
from tests.e2e.fault_run import wineries
from tests.e2e.one_effect.scene import Scene, Told
from tests.e2e.one_effect.workers import kill, workers
from tests.integration.vinsuite_simulator.caller import Caller, an_order

AT_ONCE = {"seconds": 120.0, "every": 0.02}


def sent_once(scene: Scene) -> Told:
    """A guest, a run, and whatever VinSuite does."""
    scene.until_known(0)
    return scene.told(scene.run_through())


def kill_sender(scene: Scene) -> Callable[[Scene], Told]:
    """Kill the runner while VinSuite has its order; answers how the scene goes on by itself."""
    scene.until_known(0)
    run_id = scene.start_run()
    scene.until(lambda: scene.calls("AddOrder") == 1, **AT_ONCE)
    kill(workers(scene.stack, scene.stack.outputs["OrderSyncRunnerFunctionName"]))
    assert scene.reservation()["order"]["state"] == "sending"

    def goes_on(scene: Scene) -> Told:
        scene.until_over(run_id)
        return scene.told(run_id)

    return goes_on


def cancelled_while_unknown(scene: Scene) -> Told:
    """The engine cancels while nobody knows whether the order has arrived; another run comes after."""
    scene.until_known(0)
    run_id = scene.start_run()
    scene.until_order_is("unknown")
    scene.book(sequence=2, state="cancelled")
    scene.until_over(run_id)
    return scene.told(run_id, scene.run_through())


def changed_after_sync(scene: Scene) -> Told:
    """The visit gets a guest more once its order is there; another run comes after."""
    scene.until_known(0)
    run_id = scene.run_through()
    scene.book(sequence=2, party_size=3, total=7500, paid=7500)
    return scene.told(run_id, scene.run_through())


def settled_by_staff(scene: Scene) -> Told:
    """Another's order stands under the number of an unanswered one: staff look, decide, and start a run."""
    scene.until_known(0)
    run_id = scene.start_run()
    scene.until_order_is("unknown")
    _add_foreign_order(scene)
    scene.until_over(run_id)
    assert scene.reservation()["order"]["state"] == "review"
    ours = own_orders(scene, scene.orders())
    if ours:
        scene.decide(0, order="it_is_there", crm_order_id=str(ours[0].order_id))
    else:
        scene.decide(0, order="send_again")
    return scene.told(run_id, scene.run_through())


def own_orders(scene: Scene, orders: list[Order]) -> list[Order]:
    """Those of the guest of place 0."""
    return [order for order in orders if order.payload.billing_email == scene.email(0)]


def _add_foreign_order(scene: Scene) -> None:
    caller = Caller(scene.simulator.soap_url, username=f"{scene.name}-ws", password=wineries.PASSWORD)
    answer = caller("AddOrder", Order=an_order(OrderNumber="7000", OrderNumberPrefix="CH-"))
    assert answer.successful, answer.error
