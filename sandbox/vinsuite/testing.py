"""The simulator inside a test run: a thread of this process, a free port, real HTTP."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from sandbox.vinsuite.app import create_app
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.server import HOST, listen, make_server
from sandbox.vinsuite.state.book import Seed


@contextmanager
def running_simulator(state: Path, seeds: dict[str, Seed] | None = None) -> Iterator[RemoteSimulator]:
    """Serve the state folder for the block; without seeds, the default winery is there."""
    app = create_app(state, seeds=seeds)
    server, listener = make_server(app), listen(0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="vinsuite-simulator")
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        with RemoteSimulator(f"http://{HOST}:{listener.getsockname()[1]}") as simulator:
            yield simulator
    finally:
        server.should_exit = True
        thread.join()
        app.state.store.close()
