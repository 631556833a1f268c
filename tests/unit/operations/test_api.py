"""The API as tools call it, against a server that answers by a script."""

from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from operations.api import TRIES, ApiRefusedError, HttpApi

Script = deque[tuple[int, dict[str, str], bytes]]


@pytest.fixture
def script() -> Script:
    return deque()


@pytest.fixture
def url(script: Script) -> Iterator[str]:
    class Scripted(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = script.popleft()
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_is_busy_is_asked_again_after_the_time_it_named(url: str, script: Script):
    script.extend([(429, {"Retry-After": "7"}, b""), (503, {}, b""), (200, {}, b'{"a": 1}')])
    pauses: list[float] = []
    assert HttpApi(url, "key", pauses.append).ask("POST", "/v1/x", body={}) == {"a": 1}
    assert pauses == [7, 2]


def test_patience_ends(url: str, script: Script):
    script.extend([(503, {}, b'{"message": "Service Unavailable"}')] * TRIES)
    with pytest.raises(ApiRefusedError, match="503 503: Service Unavailable"):
        HttpApi(url, "key", lambda _: None).ask("POST", "/v1/x", body={})
    assert not script


def test_a_refusal_is_told_by_its_code_and_not_asked_again(url: str, script: Script):
    script.append((409, {}, b'{"code": "choice_needed", "detail": "Look there."}'))
    with pytest.raises(ApiRefusedError) as refused:
        HttpApi(url, "key").ask("POST", "/v1/x", body={})
    assert (refused.value.code, str(refused.value)) == ("choice_needed", "409 choice_needed: Look there.")
