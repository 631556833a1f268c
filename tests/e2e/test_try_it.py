"""README's four curl lines, run as printed by a shell, and what their answers mean."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.winery import members
from sandbox.winery.demo import Demo, open_demo
from sandbox.winery.stack import LocalStack
from sandbox.winery.try_it import LINES, write_demo_env

pytestmark = [
    pytest.mark.emulator,
    pytest.mark.skipif(
        not (shutil.which("bash") and shutil.which("curl")),
        reason="README's Try it was NOT run: it needs bash and curl, and this machine lacks one of them",
    ),
]


@pytest.fixture(scope="module")
def demo(local_stack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return open_demo(local_stack, tmp_path_factory.mktemp("demo") / "demo-keys.json")


@pytest.fixture(scope="module")
def answers(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The JSON of each line, in order; every line must answer 200."""
    folder = tmp_path_factory.mktemp("checkout")
    write_demo_env(demo, folder / ".local" / "demo.env")
    (folder / ".curlrc").write_text('write-out = "\\t%{http_code}"\n')
    printed = _run(LINES, folder)
    bodies, statuses = zip(*(line.rsplit("\t", 1) for line in printed.splitlines()), strict=True)
    assert statuses == ("200",) * 4, printed
    return [json.loads(body) for body in bodies]


def _run(lines: str, folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "CURL_HOME": str(folder), "HOME": str(folder)}
    command = ["bash", "-euc", lines]
    shell = subprocess.run(  # noqa: S603 - our own lines
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (shell.returncode, shell.stderr) == (0, "")
    return shell.stdout


def test_the_look_up_recognises_a_club_member(answers: list[dict[str, Any]]) -> None:
    [person] = answers[0]["customers"]
    [membership] = person["memberships"]
    assert person["first_name"] == "Ada"
    assert (membership["club"], membership["benefits"]) == ("Founders Circle", True)


def test_the_quote_gives_the_member_price_and_its_reason(answers: list[dict[str, Any]]) -> None:
    quote = answers[1]
    assert [quote[name] for name in ("fees", "discount", "tax", "total")] == [7000, 3500, 289, 3789]
    applied = [rule["rule"] for rule in quote["rules"] if rule["outcome"] == "applied"]
    assert applied == ["founders-half"]


def test_the_reservation_is_kept_and_its_guest_linked_to_the_crm(
    answers: list[dict[str, Any]], demo: Demo
) -> None:
    kept = answers[2]
    [member] = demo.vinsuite.members(members.FOUNDER)
    assert (kept["customer"]["state"], kept["order"]["state"]) == ("linked", "pending")
    assert kept["customer"]["customer_id"] == str(member.member_id)


def test_the_preview_shows_the_order_and_sends_nothing(answers: list[dict[str, Any]], demo: Demo) -> None:
    [order] = answers[3]["orders"]
    assert (order["reservation_id"], order["order_number"]) == ("try-1", "LR-1001")
    assert (order["taxes"], order["total"]) == (289, 3789)
    assert answers[3]["skipped"] == []
    assert demo.vinsuite.orders_of(members.FOUNDER) == []


def test_the_lines_can_be_repeated(answers: list[dict[str, Any]], demo: Demo, tmp_path: Path) -> None:
    write_demo_env(demo, tmp_path / ".local" / "demo.env")
    again = [json.loads(line) for line in _run(LINES, tmp_path).splitlines()]
    assert again[2]["order"] == answers[2]["order"]
    assert again[3]["orders"] == answers[3]["orders"]
