"""`python -m sandbox.winery run|demo`: bring everything up and take the guided tour; `run` stays up."""

import argparse
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.machine.aws_session import REGION
from sandbox.machine.emulator import stop_emulator
from sandbox.machine.places import ROOT
from sandbox.machine.ports import chosen_port
from sandbox.machine.problem import Problem
from sandbox.winery import simulator, try_it
from sandbox.winery.demo import KEYS, Demo, open_demo
from sandbox.winery.narration import WrongAnswerError
from sandbox.winery.stack import bring_up
from sandbox.winery.tour.route import take

_ADDRESSES = """
Cellarhand is up.
    API               {api}
    VinSuite's book   {vinsuite}/_sim/wineries/{tenant}
    access keys       {keys}
    AWS endpoint      {endpoint}   (region {region}, credentials test/test)

Try it (needs curl):

{lines}

`make stop` ends it; the data stays. `make clean` forgets everything.
"""


def main() -> int:
    """Command line; answers the exit code: 0 when every answer was right."""
    parser = argparse.ArgumentParser(prog="make run | make demo", description=__doc__)
    parser.add_argument("how", choices=("run", "demo"), help="demo: take the tour and stop; run: stay up")
    how = parser.parse_args().how
    try:
        demo = _take_the_tour()
    except (Problem, WrongAnswerError, BotoCoreError, ClientError) as problem:
        print(f"\n✗ {problem}", file=sys.stderr)
        return 1
    else:
        if how == "run":
            try_it.write_demo_env(demo)
            print(_addresses(demo))
        return 0
    finally:
        if how == "demo":
            _stop()


def _take_the_tour() -> Demo:
    began = time.monotonic()
    demo = open_demo(bring_up())
    print(f"Up after {time.monotonic() - began:.0f} s. The tour, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC:")
    take(demo)
    print(f"\nEvery answer was right: {demo.report.checks} checks in {demo.report.seconds():.0f} s.")
    return demo


def _stop() -> None:
    """Only what the demo uses: tests may run emulators of their own beside it."""
    simulator.stop_it()
    with suppress(Problem):  # where the setting is no port, none was started
        stop_emulator(chosen_port())


def _addresses(demo: Demo) -> str:
    return _ADDRESSES.format(
        api=demo.stack.api_url,
        vinsuite=demo.stack.vinsuite_url,
        tenant=demo.tenant_id,
        keys=KEYS.relative_to(ROOT),
        endpoint=demo.stack.endpoint_url,
        region=REGION,
        lines=try_it.LINES,
    )


if __name__ == "__main__":
    sys.exit(main())
