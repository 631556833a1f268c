"""What the launcher refuses before it patches anything."""

from importlib.metadata import PackageNotFoundError

import pytest

from sandbox.aws import GAPS, __main__


@pytest.mark.parametrize("found", ["1.5.34", None])
def test_any_other_version_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, found: str | None):
    def version(name: str) -> str:
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr(__main__, "version", version)
    with pytest.raises(
        SystemExit, match=rf"^sandbox/aws is written for ministack 1\.5\.33, found {found or 'none'}"
    ):
        __main__.require_version()


def test_all_gaps_are_closed_but_those_left_open():
    assert __main__.gaps_to_close("") == list(GAPS)
    assert __main__.gaps_to_close("streams, autosave") == [
        gap for gap in GAPS if gap not in {"streams", "autosave"}
    ]


def test_an_unknown_gap_is_refused():
    with pytest.raises(SystemExit, match="names no gap of sandbox/aws: stream"):
        __main__.gaps_to_close("stream")
