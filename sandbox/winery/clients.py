"""How the tour speaks: to Cellarhand as engine, staff or support; to VinSuite's book as an auditor."""

from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.described.exchange import Exchange, check_call
from sandbox.vinsuite.remote import RemoteSimulator
from sandbox.vinsuite.state.book import Book, Member, Order, Seed
from sandbox.winery.narration import WrongAnswerError

_SECONDS = 30.0
BAD_GATEWAY = 502
"""The emulator's own answer when a function was killed; AWS answers 500 or 503, which are described."""


@dataclass(frozen=True)
class Cellarhand:
    """The API as one holder of an access key sees it; `tenant` is for support keys only.

    Every request and answer is held against docs/openapi.json.
    """

    url: str
    key: str
    tenant: str | None = None

    def ask(self, method: str, path: str, body: Any = None, *, status: int = 200) -> dict[str, Any]:
        """Call a route and expect a status. Raises `WrongAnswerError` with the real answer otherwise."""
        answer = self.send(method, path, body)
        if answer.status_code != status:
            raise WrongAnswerError(f"{method} {path} answered {answer.status_code}: {answer.text[:600]}")
        return dict(answer.json()) if answer.content else {}

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Call a route and take whatever comes. Raises `WrongDescriptionError`."""
        headers = {"authorization": f"Bearer {self.key}"}
        if self.tenant:
            headers["cellarhand-tenant"] = self.tenant
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=_SECONDS)
        if answer.status_code != BAD_GATEWAY:
            check_call(method, path.partition("?")[0], _exchange(answer, headers, body))
        return answer


def _exchange(answer: httpx.Response, headers: dict[str, str], body: Any) -> Exchange:
    return Exchange(
        status=answer.status_code,
        text=answer.text,
        query=dict(answer.request.url.params),
        sent_headers=headers,
        sent_body=body,
        headers=answer.headers,
    )


class VinSuite:
    """The simulator's book of one winery, and its switches; Cellarhand itself never sees either."""

    def __init__(self, url: str, winery: str) -> None:
        self._simulator = RemoteSimulator(url)
        self._winery = winery

    def book(self) -> Book:
        """Everything the winery's VinSuite holds."""
        return self._simulator.book(self._winery)

    def members(self, email: str) -> tuple[Member, ...]:
        """Members with this e-mail."""
        return self.book().members_with_email(email)

    def orders_of(self, email: str) -> list[Order]:
        """Orders billed to this e-mail, in the order they came."""
        return [order for order in self.book().orders if order.payload.billing_email == email]

    def fail(self, *rules: dict[str, Any]) -> None:
        """Make it fail in these ways."""
        self._simulator.set_faults(*rules)

    def heal(self) -> None:
        """Make it well again."""
        self._simulator.clear_faults()

    def load_once(self, seed: Seed) -> None:
        """Give the winery its account and book, unless it has them already."""
        self._simulator.seed(self._winery, seed, if_absent=True)
