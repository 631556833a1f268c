"""Start and stop the VinSuite simulator that the local stack talks to."""

import subprocess
import time

import httpx

from sandbox.machine.fingerprint import fingerprint
from sandbox.machine.places import LOGS, ROOT, RUNNING, STATE, program
from sandbox.machine.ports import require_free
from sandbox.machine.problem import Problem
from sandbox.machine.processes import Running, stop

COMMAND = "sandbox.vinsuite"
PORT = 8480
"""The stack parameter `VinSuiteSandboxUrl` of samconfig's `default` names the same port."""

_RECORD = RUNNING / f"vinsuite-{PORT}.json"
_LOG = LOGS / "vinsuite.log"
_PATIENCE = 20.0


def start() -> str:
    """Find the simulator or start it; answers its address once it answers. Raises Problem."""
    version = fingerprint([ROOT / "sandbox" / "vinsuite"], ROOT)
    running = Running.recall(_RECORD, COMMAND)
    if running and running.version == version and _answers():
        return _address()
    stop_it()
    require_free(PORT)
    process = _launch()
    Running(process.pid, PORT, version).remember(_RECORD)
    _await(process)
    return _address()


def stop_it() -> None:
    """Stop it if it runs; its book stays on disk."""
    if running := Running.recall(_RECORD, COMMAND):
        stop(running.pid, COMMAND)
    _RECORD.unlink(missing_ok=True)


def _launch() -> "subprocess.Popen[bytes]":
    LOGS.mkdir(parents=True, exist_ok=True)
    arguments = ["--port", str(PORT), "--state", str(STATE / "vinsuite")]
    with _LOG.open("wb") as log:
        return subprocess.Popen(
            [program("dev", "python"), "-m", COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )


def _await(process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _PATIENCE
    while not _answers():
        if process.poll() is not None or time.monotonic() > end:
            raise Problem(f"The VinSuite simulator did not start; see {_LOG.relative_to(ROOT)}.")
        time.sleep(0.05)


def _answers() -> bool:
    try:
        return httpx.get(f"{_address()}/_sim/faults", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _address() -> str:
    return f"http://127.0.0.1:{PORT}"
