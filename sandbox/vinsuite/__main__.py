"""`python -m sandbox.vinsuite`: run the simulator on a loopback port until it is stopped."""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from sandbox.vinsuite.app import create_app
from sandbox.vinsuite.server import HOST, PortTakenError, listen, make_server
from sandbox.vinsuite.state.book import Seed
from sandbox.vinsuite.state.default_seed import PARTNER_KEY
from sandbox.vinsuite.state.store import StateInUseError

_SEEDS = TypeAdapter(dict[str, Seed])


def main() -> int:
    """Serve; gives 1 after saying in one line what is in the way."""
    options = _options()
    with ExitStack() as stack:
        try:
            seeds = _SEEDS.validate_json(options.seed.read_bytes()) if options.seed else None
            log = _log_to(options.log, stack)
            listener = listen(options.port)
            stack.callback(listener.close)
            app = create_app(options.state, seeds=seeds, partner_key=options.partner_key, log=log)
        except (PortTakenError, StateInUseError, OSError) as error:
            return _give_up(str(error))
        except ValidationError as error:
            return _give_up(f"the seed {options.seed} is no file of wineries: {error.errors()[0]['msg']}")
        stack.callback(app.state.store.close)
        print(f"VinSuite simulator: http://{HOST}:{listener.getsockname()[1]}/_sim", flush=True)
        with suppress(KeyboardInterrupt):
            make_server(app).run(sockets=[listener])
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.vinsuite", description="The VinSuite simulator.")
    parser.add_argument("--port", type=int, default=8480, help="loopback port, 0 for a free one (8480)")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the books")
    parser.add_argument("--seed", type=Path, help='JSON file {"winery": {seed}}; each is loaded once')
    parser.add_argument("--log", type=Path, help="file for one JSON line per call, without bodies")
    parser.add_argument("--partner-key", type=UUID, default=PARTNER_KEY, help=f"({PARTNER_KEY})")
    return parser.parse_args()


def _log_to(path: Path | None, stack: ExitStack) -> Callable[[str], None]:
    if path is None:
        return lambda _line: None
    path.parent.mkdir(parents=True, exist_ok=True)
    file = stack.enter_context(path.open("a", encoding="utf-8", buffering=1))
    return lambda line: print(line, file=file)


def _give_up(reason: str) -> int:
    print(f"VinSuite simulator: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
