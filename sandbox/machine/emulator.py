"""Start, find and stop the AWS emulator (`sandbox.aws`). One per port; it outlives the command."""

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.aws import HEALTH_PATH, WITHOUT
from sandbox.machine.fingerprint import fingerprint
from sandbox.machine.places import LOCAL, LOGS, ROOT, RUNNING, TEMPORARY, program
from sandbox.machine.ports import LOOPBACK, PORT_VARIABLE, chosen_port, require_free
from sandbox.machine.problem import Problem
from sandbox.machine.processes import Running, stop

COMMAND = "sandbox.aws"
START_TIMEOUT = 60.0


@dataclass(frozen=True)
class Emulator:
    """A running emulator that answers."""

    endpoint_url: str
    pid: int


def start_emulator(
    state: Path | None,
    port: int | None = None,
    *,
    without: str = "",
    settings: Mapping[str, str] | None = None,
) -> Emulator:
    """Find the emulator of this port or start one, and wait until it answers. Raises Problem.

    It keeps its data in `state` and, for S3, in the folder `s3` beside it; with None it keeps nothing.
    `without` names gaps to leave open, `settings` are further variables for it: both are for tests.
    """
    port = port or chosen_port()
    version = fingerprint([ROOT / "sandbox" / "aws", ROOT / "requirements" / "emulator.txt"], ROOT)
    running = Running.recall(_record(port), COMMAND)
    if running and running.version == version and _answers(port):
        return Emulator(_endpoint(port), running.pid)
    if running:
        stop_emulator(port)
    require_free(port, PORT_VARIABLE)
    if state:
        _require_same_port(state, port)
    process = _launch(port, {**_environment(state, port), WITHOUT: without, **(settings or {})})
    Running(process.pid, port, version).remember(_record(port))
    _await_health(process, port)
    return Emulator(_endpoint(port), process.pid)


def _require_same_port(state: Path, port: int) -> None:
    """Refuse data that was made on another port: the addresses of its queues contain that port."""
    state.mkdir(parents=True, exist_ok=True)
    made_on = state / "port"
    if made_on.exists() and made_on.read_text() != str(port):
        raise Problem(
            f"The data kept here belongs to port {made_on.read_text()}: use that port, or run make clean."
        )
    made_on.write_text(str(port))


def stop_emulator(port: int) -> None:
    """Stop the emulator that was started from this folder on this port, if there is one."""
    if running := Running.recall(_record(port), COMMAND):
        stop(running.pid, COMMAND)
        shutil.rmtree(_temporary(port), ignore_errors=True)
    _record(port).unlink(missing_ok=True)


def log_of(port: int) -> Path:
    """Everything the emulator and its functions print."""
    return LOGS / f"aws-{port}.log"


def _launch(port: int, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start it with this environment alone, in a session of its own so that Ctrl-C does not reach it."""
    shutil.rmtree(_temporary(port), ignore_errors=True)
    for folder in (_temporary(port), LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    with log_of(port).open("wb") as log:
        return subprocess.Popen(
            [program("emulator", "python"), "-m", COMMAND],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
        )


def _environment(state: Path | None, port: int) -> dict[str, str]:
    """All that the emulator sees: nothing of the host's settings, and no Docker even where there is one."""
    kept = {"PERSIST_STATE": "0"}
    if state:
        kept = {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state.parent / "s3"),
        }
        for folder in (state, state.parent / "s3"):
            folder.mkdir(parents=True, exist_ok=True)
    return kept | {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(LOCAL),
        "TMPDIR": str(_temporary(port)),
        "PYTHONPATH": str(ROOT),
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{RUNNING / 'no-docker.sock'}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "LAMBDA_PYTHON": str(program("functions", "python")),
    }


def _await_health(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            lines = log_of(port).read_text(errors="replace").splitlines() or ["nothing was printed"]
            raise Problem(
                f"The AWS emulator did not start ({lines[-1]}); see {log_of(port).relative_to(ROOT)}."
            )
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(_endpoint(port) + HEALTH_PATH, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _endpoint(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _record(port: int) -> Path:
    return RUNNING / f"aws-{port}.json"


def _temporary(port: int) -> Path:
    return TEMPORARY / f"aws-{port}"
