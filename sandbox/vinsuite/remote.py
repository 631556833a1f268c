"""A running simulator as its users see it: load, switch, and read the book, all over HTTP."""

from types import TracebackType
from typing import Any, Self

import httpx

from sandbox.vinsuite.state.book import Book, Seed
from sandbox.vinsuite.switches import FaultRule, Switches

SOAP_PATH = "/2.00/EWSWebServices.asmx"


class RemoteSimulator:
    """The addresses under /_sim of the simulator at `url`; HTTP errors are raised as httpx does."""

    def __init__(self, url: str) -> None:
        """Talk to `http://127.0.0.1:<port>`."""
        self.url = url
        self.soap_url = f"{url}{SOAP_PATH}"
        self._http = httpx.Client(base_url=f"{url}/_sim", timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        """Keep the connection for the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the connection go."""
        self._http.close()

    def book(self, winery: str) -> Book:
        """Read a winery's book as it is now."""
        return Book.model_validate_json(self._get(f"/wineries/{winery}/book").content)

    def seed(self, winery: str, seed: Seed, *, if_absent: bool = False) -> bool:
        """Replace a winery, or with `if_absent` add it only if it is new. Returns whether it was loaded."""
        body = seed.model_dump(mode="json") | {"password": seed.password.get_secret_value()}
        query = {"if_absent": "true"} if if_absent else {}
        answer = self._http.put(f"/wineries/{winery}", params=query, json=body).raise_for_status()
        return bool(answer.json()["loaded"])

    def remove(self, winery: str) -> None:
        """Forget a winery."""
        self._http.delete(f"/wineries/{winery}").raise_for_status()

    def set_faults(
        self, *rules: FaultRule | dict[str, Any], seed: int = 0, behaviours: dict[str, Any] | None = None
    ) -> None:
        """Replace all switches by these; raises pydantic's ValidationError for what can't be."""
        switches = Switches.model_validate({"seed": seed, "rules": rules, "behaviours": behaviours or {}})
        body = switches.model_dump_json(exclude_unset=True)
        self._http.put("/faults", content=body).raise_for_status()

    def lift_faults(self, winery: str) -> None:
        """Switch off the rules that name this winery; the others and their counts go on."""
        self._http.delete(f"/wineries/{winery}/faults").raise_for_status()

    def change_password(self, winery: str, password: str) -> None:
        """Let the winery's account be opened by this password alone."""
        self._http.put(f"/wineries/{winery}/password", json={"password": password}).raise_for_status()

    def clear_faults(self) -> None:
        """Switch everything off and forget the counts."""
        self._http.delete("/faults").raise_for_status()

    def fired(self) -> dict[str, int]:
        """Count how often each kind and each unusual behaviour took effect."""
        counts: dict[str, int] = self._get("/faults").json()["fired"]
        return counts

    def calls(self, winery: str) -> dict[str, int]:
        """Count how often each operation was called for a winery."""
        counts: dict[str, int] = self._get("/calls").json()["calls"].get(winery, {})
        return counts

    def most_in_flight(self, winery: str) -> int:
        """Highest number of calls of a winery that were under way at once."""
        return int(self._get("/calls").json()["most_in_flight"].get(winery, 0))

    def forget_calls(self) -> None:
        """Count calls from nothing."""
        self._http.delete("/calls").raise_for_status()

    def _get(self, path: str) -> httpx.Response:
        return self._http.get(path).raise_for_status()
