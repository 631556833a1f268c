"""The booking engine: it reports reservations, changes and cancels them, and repeats itself and old news."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from cellarhand.domain.tenants.access_key import Role
from functions.customer_upsert import app as customer_upsert
from tests.fakes.crm import Step
from tests.fakes.http import Answered
from tests.simulation.stateful.world import TENANTS, World

PUT = "PUT /v1/reservations/{reservation_id}"
IDS = ("r-1", "r-2", "r-3")
EMAILS = ("anna@example.com", "ben@example.com", "cleo@example.com", "dora@example.com")
FEES = {id_: 4000 + 100 * number for number, id_ in enumerate(IDS)}
NUMBERS = {"r-1": 101}
"""The others get one of ours."""
CHANGES: Mapping[str, dict[str, Any]] = {
    "as it is": {},
    "larger party": {"party_size": 3},
    "another visit": {"starts_at": "2026-06-04T15:00"},
    "to come": {"starts_at": "2026-06-20T15:00", "state": "confirmed"},
    "owes": {"paid": 1},
    "no show": {"state": "no_show"},
}
UNANSWERED = (Step.LATE, Step.UNKNOWN_EXECUTED, Step.UNKNOWN_NOT_EXECUTED)
Which = tuple[str, str]

whose = st.sampled_from(TENANTS)
which = st.sampled_from(IDS)
emails = st.sampled_from(EMAILS)
processes = st.integers(0, 1)
changes = st.sampled_from(["as it is", "as it is", *CHANGES])


class EngineRules:
    """`sent`: all that was ever reported of a reservation; `answered`: the newest sequence that was kept."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.sent: defaultdict[Which, list[dict[str, Any]]] = defaultdict(list)
        self.answered: dict[Which, int] = {}

    @initialize(booked=st.sets(st.tuples(whose, which, st.sampled_from(EMAILS[:2])), min_size=3, max_size=6))
    def have_booked(self, booked: set[tuple[str, str, str]]) -> None:
        """The story begins on a good day."""
        for tenant, id_, email in sorted(booked):
            self.put((tenant, id_), self.next_body((tenant, id_), email))

    @rule(tenant=whose, id_=which, email=emails, change=changes, process=processes)
    def report(self, tenant: str, id_: str, email: str, change: str, process: int) -> None:
        """A new reservation, or a change."""
        self.put((tenant, id_), self.next_body((tenant, id_), email, **CHANGES[change]), process)

    @rule(tenant=whose, email=emails, step=st.sampled_from(UNANSWERED))
    def report_two_of_one_guest(self, tenant: str, email: str, step: Step) -> None:
        """The CRM does not answer when the guest is created for the first."""
        self.world.crms[tenant].script("upsert_customer", step)
        for id_ in IDS[:2]:
            self.put((tenant, id_), self.next_body((tenant, id_), email))

    @rule(tenant=whose, id_=which, process=processes)
    def cancel(self, tenant: str, id_: str, process: int) -> None:
        """A reservation that there is, or one that was never heard of."""
        email = self.sent[tenant, id_][-1]["guest"]["email"] if self.sent[tenant, id_] else EMAILS[0]
        self.put((tenant, id_), self.next_body((tenant, id_), email, state="cancelled"), process)

    @rule(tenant=whose, id_=which, writes=st.integers(1, 6), written=st.booleans())
    def report_to_a_dying_function(self, tenant: str, id_: str, writes: int, written: bool) -> None:
        """It may or may not have kept the snapshot: the engine says it again, later or never."""
        body = self.next_body((tenant, id_), EMAILS[writes % 2])
        self.world.mortality.at(writes, written=written)
        self.put((tenant, id_), body)

    @precondition(lambda self: any(self.sent.values()))
    @rule(data=st.data(), process=processes)
    def repeat(self, data: st.DataObject, process: int) -> None:
        """Something that was said before, perhaps long ago."""
        key = data.draw(st.sampled_from(sorted(key for key, bodies in self.sent.items() if bodies)))
        body = data.draw(st.sampled_from(self.sent[key]))
        self.put(key, body, process)

    @rule(tenant=whose, id_=which, email=emails)
    def report_during_a_call(self, tenant: str, id_: str, email: str) -> None:
        """The next call of the CRM has not ended when the engine reports a change."""
        body = self.next_body((tenant, id_), email, party_size=4)
        self.world.crms[tenant].meanwhile.append(lambda: self.put((tenant, id_), body))

    def next_body(self, key: Which, email: str, **changes: Any) -> dict[str, Any]:
        """The next snapshot of a reservation."""
        body = _body(key[1], email, len(self.sent[key]) + 1, changes)
        self.sent[key].append(body)
        return body

    def put(self, key: Which, body: dict[str, Any], process: int = 0) -> None:
        """Answered 200 or not at all, and old news are known as such."""
        tenant, id_ = key
        parts: dict[str, Any] = {"role": Role.ENGINE, "path": {"reservation_id": id_}, "body": body}
        answer = self.world.ask(customer_upsert.lambda_handler, PUT, tenant, process, **parts)
        if answer is not None:
            self._check(key, body["sequence"], answer)

    def _check(self, key: Which, sequence: int, answer: Answered) -> None:
        assert answer.status == 200, answer.body
        newest = self.answered.get(key, 0)
        assert answer.body["sequence"] >= max(newest, sequence)
        # A newer one may also have come while this one's guest was upserted: then this one was not ignored.
        assert answer.body["sequence"] > sequence or not answer.body["ignored"]
        self.answered[key] = max(newest, answer.body["sequence"])


def _body(id_: str, email: str, sequence: int, changes: dict[str, Any]) -> dict[str, Any]:
    name = email.partition("@")[0].title()
    body = {
        "sequence": sequence,
        "number": NUMBERS.get(id_),
        "state": "completed",
        "event_id": "cellar",
        "starts_at": "2026-06-05T11:00",
        "booked_at": "2026-06-01T05:30:00Z",
        "party_size": 2,
        "booking_source": "WGT",
        "guest": {"email": email, "first_name": name, "last_name": "Berg"},
        "fee_per_guest": FEES[id_],
        **changes,
    }
    body["total"] = body["party_size"] * FEES[id_]
    return {"paid": body["total"], **body}
