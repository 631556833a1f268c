"""Cellarhand's API as an operator's tool calls it: with an access key, and patient with 429 and 503."""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

import requests

SECONDS = 30
TRIES = 5
_PASSING = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
_MAX_WAIT = 60


class ApiRefusedError(Exception):
    """The API said no; `code` is the problem's label, or the status where there is none."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.code = code


class Api(Protocol):
    """One key's way to the API."""

    def ask(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer's body. Raises `ApiRefusedError`."""
        ...


class HttpApi:
    """Over HTTP. What fails for a passing reason is sent again, and so perhaps done twice.

    Nothing that the tools here ask for does harm then: a key that was made twice ends by itself.
    """

    def __init__(self, url: str, key: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._pause = pause

    def ask(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer's body. Raises `ApiRefusedError`."""
        answer = self._send(method, path, body, query)
        for _ in range(TRIES - 1):
            if answer.status_code not in _PASSING:
                break
            self._pause(_wait(answer))
            answer = self._send(method, path, body, query)
        if not answer.ok:
            raise _refused(answer)
        return dict(answer.json()) if answer.content else {}

    def _send(self, method: str, path: str, body: Any, query: Mapping[str, str] | None) -> requests.Response:
        return requests.request(
            method,
            self._url + path,
            params=query,
            json=body,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=SECONDS,
        )


def _wait(answer: requests.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(int(asked), _MAX_WAIT) if asked.isdecimal() else 2


def _refused(answer: requests.Response) -> ApiRefusedError:
    """From a problem document, or from API Gateway's `{"message"}`."""
    try:
        problem = dict(answer.json())
    except ValueError:
        problem = {}
    text = str(problem.get("detail") or problem.get("title") or problem.get("message") or "")
    return ApiRefusedError(answer.status_code, str(problem.get("code", answer.status_code)), text)
