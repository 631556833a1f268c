"""From a call to its reply: who calls, what it does to the book, how the answer is written."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from sandbox.vinsuite.faults import FaultBoard, Subject
from sandbox.vinsuite.operations.connection import refused_identities
from sandbox.vinsuite.operations.context import Clock, Context, CrashError, RefusedError
from sandbox.vinsuite.operations.table import OPERATIONS
from sandbox.vinsuite.state.store import Store
from sandbox.vinsuite.state.wineries import Wineries, Winery
from sandbox.vinsuite.switches import RefusedLogin
from sandbox.vinsuite.wire.reply_xml import Fields, write_fault, write_reply
from sandbox.vinsuite.wire.soap import Call, UnreadableCallError

_TEXTS: dict[RefusedLogin, str] = {
    "bad_login": "Invalid username or password.",
    "inactive_account": "The account is inactive.",
    "bad_partner_key": "Invalid partner key.",
    "foreign_winery": "The account does not belong to this winery.",
    "locked": "The account is locked.",
}
_IDENTITIES: dict[RefusedLogin, tuple[str, str]] = {
    "bad_login": ("INVALID", "SUPPLIER"),
    "inactive_account": ("ANONYMOUS", "SUPPLIER"),
    "bad_partner_key": ("WINERY", "INVALID"),
    "foreign_winery": ("INVALID", "SUPPLIER"),
    "locked": ("INVALID", "SUPPLIER"),
}


@dataclass(frozen=True)
class Reply:
    """A whole answer; `outcome` is successful, refused, client_fault or server_fault."""

    status: int
    body: bytes
    outcome: str
    content_type: str = "text/xml; charset=utf-8"


class LoginRefusedError(Exception):
    """One of the ways in which credentials fail, named as the switches name them."""

    def __init__(self, cause: RefusedLogin) -> None:
        """Keep the cause."""
        super().__init__(cause)
        self.cause = cause


class Service:
    """The web service without its transport. Every method returns at once and is never interrupted."""

    def __init__(self, store: Store, faults: FaultBoard, partner_key: UUID, clock: Clock) -> None:
        """Serve the wineries that the store has."""
        self._store, self._clock = store, clock
        self._partner_key = str(partner_key).lower()
        self.faults = faults
        self.wineries = Wineries(store)

    def subject(self, call: Call) -> Subject:
        """Find whose call it is, by the account it names, whether or not the login is good."""
        winery = self.wineries.with_username(call.username)
        return Subject(call.operation, winery.book.name if winery else None)

    def refuse_unknown(self, operation: str) -> None:
        """Raise UnreadableCallError for an operation that does not exist, or is switched away."""
        away = operation in self.faults.behaviours.without_operations
        if away:
            self.faults.behaved("without_operations")
        if away or operation not in OPERATIONS:
            raise UnreadableCallError(
                f"Server did not recognize the value of HTTP Header SOAPAction: {operation}."
            )

    def execute(self, call: Call) -> Reply:
        """Do what the call asks, commit it, and give the answer."""
        try:
            winery = self._login(call)
            context = Context(call.operation, winery, self.faults, self._clock())
            with self._store.transaction():
                fields = OPERATIONS[call.operation](context, call.fields)
            return self._answer(call.operation, {"IsSuccessful": True, "ErrorMessage": None, **fields})
        except LoginRefusedError as error:
            return self.refused_login(call.operation, error.cause)
        except RefusedError as error:
            return self._answer(call.operation, {"IsSuccessful": False, "ErrorMessage": str(error)})
        except ValidationError:
            return self.fault("Client", "Server was unable to read request. ---> A value has the wrong type.")
        except CrashError as error:
            return self.fault("Server", f"Server was unable to process request. ---> {error}")

    def refused_login(self, operation: str, cause: RefusedLogin) -> Reply:
        """Answer as for credentials that fail; no data beside the reason."""
        reason = self.faults.behaviours.texts.get(cause, _TEXTS[cause])
        fields: Fields = {"IsSuccessful": False, "ErrorMessage": reason}
        if operation == "TestConnection":
            fields = {**fields, **refused_identities(*_IDENTITIES[cause], reason)}
        return self._answer(operation, fields)

    def fault(self, blame: str, text: str) -> Reply:
        """Answer with a technical fault; `blame` is Client or Server."""
        body = write_fault(blame, text, self.faults.behaviours.dialect)
        return Reply(500, body, f"{blame.lower()}_fault")

    def _login(self, call: Call) -> Winery:
        """Check account, partner key and winery, in that order; raises LoginRefusedError."""
        winery = self.wineries.with_username(call.username)
        if winery is not None and self._is_locked(winery, call.password):
            raise LoginRefusedError("locked")
        if winery is None or not winery.accepts(call.password):
            raise LoginRefusedError("bad_login")
        if not winery.account.active:
            raise LoginRefusedError("inactive_account")
        if (call.partner_key or "").lower() != self._partner_key:
            raise LoginRefusedError("bad_partner_key")
        if call.winery_id and call.winery_id.lower() != str(winery.book.winery_id):
            raise LoginRefusedError("foreign_winery")
        return winery

    def _is_locked(self, winery: Winery, password: str | None) -> bool:
        """Count wrong passwords in a row; a right one in time forgets them."""
        limit, wrong, name = self.faults.behaviours.locks_after, self.faults.wrong_passwords, winery.book.name
        if limit is not None and wrong[name] >= limit:
            return True
        wrong[name] = 0 if winery.accepts(password) else wrong[name] + 1
        return False

    def _answer(self, operation: str, fields: Fields) -> Reply:
        body = write_reply(operation, fields, self.faults.behaviours.dialect)
        return Reply(200, body, "successful" if fields["IsSuccessful"] else "refused")
