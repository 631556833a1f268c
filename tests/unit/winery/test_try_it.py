"""README's "Try it" and what `make run` prints are the same lines, and each finds what it needs."""

import re
import shlex
import stat
from datetime import UTC, datetime
from pathlib import Path

from sandbox.machine.places import DEMO_ENV, LOCAL, ROOT
from sandbox.winery.clients import Cellarhand, VinSuite
from sandbox.winery.demo import Demo
from sandbox.winery.narration import Narrator
from sandbox.winery.stack import LocalStack
from sandbox.winery.tour.visit import Visit
from sandbox.winery.try_it import LINES, write_demo_env


def demo() -> Demo:
    api, vinsuite = "http://127.0.0.1:4566/_aws/execute-api/a1/$default", "http://127.0.0.1:8480"
    stack = LocalStack("http://127.0.0.1:4566", api, vinsuite, {})
    engine, staff, support = (Cellarhand(api, f"ch_{role}") for role in ("engine", "staff", "support"))
    return Demo(
        stack,
        Narrator(),
        Visit(datetime(2026, 6, 1, tzinfo=UTC)),
        engine,
        staff,
        support,
        VinSuite(vinsuite, "any"),
    )


def variables_of(file: Path) -> dict[str, str]:
    """What a shell makes of the file."""
    words = (shlex.split(line)[0] for line in file.read_text().splitlines())
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def test_readme_shows_the_lines_that_make_run_prints():
    section = (ROOT / "README.md").read_text().partition("## Try it")[2].partition("\n## ")[0]
    assert f"```\n{LINES}\n```" in section


def test_the_lines_read_the_file_that_make_run_writes():
    assert LINES.splitlines()[0] == f". {DEMO_ENV.relative_to(ROOT)}"
    assert DEMO_ENV.parent == LOCAL


def test_the_file_holds_every_variable_of_the_lines_and_only_its_owner_reads_it(tmp_path: Path):
    file = tmp_path / "demo.env"
    write_demo_env(demo(), file)
    variables = variables_of(file)
    assert set(re.findall(r"\$([A-Z]+)", LINES)) == set(variables)
    assert variables["API"].endswith("/$default")
    assert variables["ENGINE"] == "Authorization: Bearer ch_engine"
    assert variables["STAFF"] == "Authorization: Bearer ch_staff"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
