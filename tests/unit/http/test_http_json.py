"""What is refused as JSON before any model sees it."""

import json
from contextlib import suppress
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from cellarhand.domain.errors import InvalidRequestError
from cellarhand.http.json_body import DEEPEST, MalformedBodyError, check_json_object, model_of


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a":1}x', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"text"', "must be a JSON object"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b'{"a":NaN}', "not finite"),
        (b'{"a":-Infinity}', "not finite"),
        (b'{"a":1e999}', "not finite"),
        (b'{"a":9223372036854775808}', "63 bits"),
        (b'{"a":' + b"9" * 5000 + b"}", "63 bits"),
        (b'{"a":1,"a":2}', "twice"),
        (b'{"a":{"b":1,"\\u0062":2}}', "twice"),
        (b'{"a":"\xff"}', "UTF-8"),
        (b'{"a":"\\ud800"}', "UTF-8"),
        (b'{"a":["\\u0000"]}', "control character"),
        (b'{"a\\b":1}', "control character"),
        (b'{"\\udfff":1}', "UTF-8"),
        (b'{"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", "levels deep"),
        (b'{"a":' * 100_000, "too deeply"),
    ],
)
def test_a_body_that_readers_could_disagree_on_is_refused(body: bytes, told: str):
    with pytest.raises(MalformedBodyError, match=told):
        check_json_object(body)


@given(st.binary(max_size=60))
def test_no_bytes_at_all_lead_to_any_other_error(body: bytes):
    with suppress(MalformedBodyError):
        check_json_object(body)
        assert isinstance(json.loads(body), dict)


def test_escapes_and_line_breaks_are_fine():
    check_json_object(b'{"note":"line 1\\nline 2\\t\\"M\\u00fcller\\" \\ud83c\\udf77"}')


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["a", "b"]
    parts: list[dict[str, int]] = []


def test_every_wrong_field_is_named_by_a_json_pointer():
    with pytest.raises(InvalidRequestError) as raised:
        model_of(_Body, b'{"kind":"c","parts":[{"x/y~z":"many"}],"more":1}')
    pointers = {error.pointer for error in raised.value.errors}
    assert pointers == {"/kind", "/parts/0/x~1y~0z", "/more"}


def test_a_refusal_never_repeats_what_was_sent():
    with pytest.raises(InvalidRequestError) as raised:
        model_of(_Body, b'{"kind":"anna@example.com"}')
    assert "anna" not in raised.value.message + repr(raised.value.errors)
