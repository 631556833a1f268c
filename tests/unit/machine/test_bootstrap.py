"""Finding Python 3.13 and knowing whether an environment is up to date."""

from pathlib import Path

import pytest

from sandbox.machine.bootstrap import (
    STAMP,
    candidates,
    digest_of,
    find_python,
    interpreter,
    is_current,
    missing_tool,
    pinned,
)

LOCK = """\
uvicorn==0.40.0 \\
    --hash=sha256:cccc
uv==0.13.9 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via -r requirements/dev.in
vine==5.0 \\
    --hash=sha256:dddd
"""


def pyenv(root: Path, *versions: str) -> None:
    for version in versions:
        (root / "versions" / version / "bin").mkdir(parents=True)
        (root / "versions" / version / "bin" / "python").touch()


def test_path_is_searched_before_pyenv(tmp_path: Path):
    pyenv(tmp_path, "3.13.0")
    found = list(candidates({"PATH": "/a:/b", "PYENV_ROOT": str(tmp_path)}))
    assert found[:4] == ["/a/python3.13", "/b/python3.13", "/a/python3", "/b/python3"]
    assert found[-1] == str(tmp_path / "versions/3.13.0/bin/python")


def test_pyenv_is_searched_in_the_home_folder_too(tmp_path: Path):
    pyenv(tmp_path / ".pyenv", "3.12.1", "3.13.2")
    expected = str(tmp_path / ".pyenv/versions/3.13.2/bin/python")
    assert [path for path in candidates({"HOME": str(tmp_path)}) if "versions" in path] == [expected]


def test_a_shim_that_leads_nowhere_is_passed_over():
    real = {"/b/python3": "/usr/bin/python3.13"}
    assert find_python({"PATH": "/a:/b"}, real.get) == "/usr/bin/python3.13"


def test_without_a_python_there_is_no_answer():
    assert find_python({"PATH": "/a"}, {}.get) is None


@pytest.mark.parametrize(
    ("answer", "accepted"), [("3.13\n/opt/python3.13", True), ("3.12\n/opt/python3.12", False)]
)
def test_an_interpreter_of_another_version_is_refused(tmp_path: Path, answer: str, accepted: bool):
    script = tmp_path / "python3"
    script.write_text(f'#!/bin/sh\nprintf "{answer}\\n"\n')
    script.chmod(0o755)
    assert interpreter(str(script)) == ("/opt/python3.13" if accepted else None)


def test_the_first_missing_tool_is_named():
    assert missing_tool({"make": "/usr/bin/make"}.get) == "git"
    assert missing_tool({"make": "/usr/bin/make", "git": "/usr/bin/git"}.get) is None


def test_the_lines_of_one_package_are_taken_with_all_their_hashes():
    expected = (
        "uv==0.13.9 \\\n    --hash=sha256:aaaa \\\n    --hash=sha256:bbbb\n    # via -r requirements/dev.in\n"
    )
    assert pinned("uv", LOCK) == expected


def test_an_environment_is_current_until_its_lock_changes(tmp_path: Path):
    environment, lock = tmp_path / "dev", tmp_path / "dev.txt"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").touch()
    lock.write_text("uv==1")
    assert not is_current(environment, lock)
    (environment / STAMP).write_text(digest_of(lock))
    assert is_current(environment, lock)
    lock.write_text("uv==2")
    assert not is_current(environment, lock)
