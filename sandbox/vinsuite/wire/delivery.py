"""Carrying a call through, straight or in one of the ways of failing."""

import asyncio
from collections.abc import Awaitable, Callable

from sandbox.vinsuite.connection import Connection
from sandbox.vinsuite.faults import Strike, Subject
from sandbox.vinsuite.service import Reply, Service
from sandbox.vinsuite.state.traffic import Traffic
from sandbox.vinsuite.switches import RefusedLogin
from sandbox.vinsuite.wire.soap import Call

_GARBAGE = b"<!DOCTYPE html><html><body><h1>Service temporarily busy</h1><br>Please try again.</body></html>"
_TOO_MUCH = b"<html><body><h1>Too many requests</h1></body></html>"


class Delivery:
    """Runs calls and treats their connections; what it does late outlives the connection."""

    def __init__(self, service: Service, traffic: Traffic) -> None:
        """Serve with these."""
        self._service, self._traffic = service, traffic
        self._late: set[asyncio.Task[None]] = set()
        self._ways: dict[str, Callable[[Strike, Call, Connection], Awaitable[str]]] = {
            "bad_login": self._refuse_login,
            "inactive_account": self._refuse_login,
            "fault": self._fault,
            "garbage_reply": self._garbage_reply,
            "cut_reply": self._cut_reply,
            "connection_reset": self._connection_reset,
            "timeout_before_commit": self._timeout_before_commit,
            "timeout_after_commit": self._timeout_after_commit,
            "late_execution": self._late_execution,
        }

    async def deliver(self, call: Call, connection: Connection) -> str:
        """Carry a call through; gives the outcome, or the name of what was done to it."""
        faults, subject = self._service.faults, self._service.subject(call)
        over = faults.draw({"artificial_cap"}, subject, lambda rule: self._traffic.is_over(rule, subject))
        if over is not None:
            return await self._turn_away(over, connection)
        with self._traffic.passing(subject):
            await self._be_slow(subject)
            strike = faults.draw(self._ways, subject)
            if strike is not None:
                return await self._ways[strike.rule.kind](strike, call, connection)
            return await self._answer(self._service.execute(call), connection)

    async def _answer(self, reply: Reply, connection: Connection) -> str:
        await connection.answer(reply)
        return reply.outcome

    async def _turn_away(self, strike: Strike, connection: Connection) -> str:
        """Answer as a front end does that lets nobody through for now."""
        wait = strike.rule.retry_after_seconds
        strike.took_effect()
        reply = Reply(strike.rule.status, _TOO_MUCH, "artificial_cap", "text/html")
        await connection.answer(reply, {} if wait is None else {"retry-after": str(wait)})
        return reply.outcome

    async def _be_slow(self, subject: Subject) -> None:
        """Keep a call waiting before it is executed; as in ASP.NET, hanging up does not stop it."""
        strike = self._service.faults.draw({"slow"}, subject)
        if strike is not None:
            strike.took_effect()
            await asyncio.sleep(strike.rule.seconds + strike.jitter())

    async def _refuse_login(self, strike: Strike, call: Call, connection: Connection) -> str:
        strike.took_effect()
        inactive = strike.rule.kind == "inactive_account"
        cause: RefusedLogin = "inactive_account" if inactive else "bad_login"
        await connection.answer(self._service.refused_login(call.operation, cause))
        return strike.rule.kind

    async def _fault(self, strike: Strike, call: Call, connection: Connection) -> str:
        self._execute_if(strike, call, default=False)
        strike.took_effect()
        await connection.answer(
            self._service.fault("Server", "Server was unable to process request. ---> Simulated.")
        )
        return strike.rule.kind

    async def _garbage_reply(self, strike: Strike, call: Call, connection: Connection) -> str:
        self._execute_if(strike, call, default=True)
        strike.took_effect()
        await connection.answer(Reply(200, _GARBAGE, "garbage_reply", "text/html"))
        return strike.rule.kind

    async def _cut_reply(self, strike: Strike, call: Call, connection: Connection) -> str:
        reply = self._execute_if(strike, call, default=True)
        strike.took_effect()
        await connection.answer_half(reply or Reply(200, _GARBAGE, "cut_reply"))
        return strike.rule.kind

    async def _connection_reset(self, strike: Strike, call: Call, connection: Connection) -> str:
        self._execute_if(strike, call, default=False)
        strike.took_effect()
        await connection.reset()
        return strike.rule.kind

    async def _timeout_before_commit(self, strike: Strike, _call: Call, connection: Connection) -> str:
        strike.took_effect()
        await connection.hold(strike.rule.seconds)
        return strike.rule.kind

    async def _timeout_after_commit(self, strike: Strike, call: Call, connection: Connection) -> str:
        """Lose the reply of a call that succeeded; answer a refusal as usual, for it committed nothing."""
        reply = self._service.execute(call)
        if reply.outcome != "successful":
            strike.had_no_effect()
            return await self._answer(reply, connection)
        strike.took_effect()
        await connection.hold(strike.rule.seconds)
        return strike.rule.kind

    async def _late_execution(self, strike: Strike, call: Call, connection: Connection) -> str:
        await connection.hold(strike.rule.seconds)
        task = asyncio.create_task(self._execute_late(strike, call))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return strike.rule.kind

    async def _execute_late(self, strike: Strike, call: Call) -> None:
        await asyncio.sleep(strike.rule.late_seconds)
        self._service.execute(call)
        strike.took_effect()

    def _execute_if(self, strike: Strike, call: Call, default: bool) -> Reply | None:
        """Execute before the failure shows, where the rule or the kind's default says so."""
        wanted = default if strike.rule.executed is None else strike.rule.executed
        return self._service.execute(call) if wanted else None
