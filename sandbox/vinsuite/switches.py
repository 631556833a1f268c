"""What can be switched at run time: faults by rule, behaviours, and the dialect of the replies."""

from typing import Literal, Self

from pydantic import Field, model_validator

from sandbox.vinsuite.state.book import Entry

FaultKind = Literal[
    "bad_login",
    "inactive_account",
    "fault",
    "slow",
    "timeout_before_commit",
    "timeout_after_commit",
    "late_execution",
    "garbage_reply",
    "cut_reply",
    "connection_reset",
    "refused_duplicates",
    "hold_means_inactive",
    "artificial_cap",
]

PARAMETERS: dict[str, frozenset[str]] = {
    "bad_login": frozenset(),
    "inactive_account": frozenset(),
    "fault": frozenset({"executed"}),
    "slow": frozenset({"seconds", "jitter_seconds"}),
    "timeout_before_commit": frozenset({"seconds"}),
    "timeout_after_commit": frozenset({"seconds"}),
    "late_execution": frozenset({"seconds", "late_seconds"}),
    "garbage_reply": frozenset({"executed"}),
    "cut_reply": frozenset({"executed"}),
    "connection_reset": frozenset({"executed"}),
    "refused_duplicates": frozenset(),
    "hold_means_inactive": frozenset(),
    "artificial_cap": frozenset(
        {"max_results", "max_in_flight", "max_per_second", "status", "retry_after_seconds"}
    ),
}
"""Which parameters each kind takes; any other is refused when the rules are set."""

_CAPS = ("max_results", "max_in_flight", "max_per_second")


class FaultRule(Entry):
    """One way to fail, and which of the calls it meets. Without a chance given, every one."""

    kind: FaultKind
    operations: tuple[str, ...] | None = None
    winery: str | None = None
    after: int = Field(default=0, ge=0, description="so many matching calls pass first")
    probability: float | None = Field(default=None, gt=0, le=1)
    every_nth: int | None = Field(default=None, ge=1)
    times: int | None = Field(default=None, ge=1, description="fires so often, then never again")
    seconds: float = Field(default=60, ge=0, description="slow: the delay; else the longest hold")
    jitter_seconds: float = Field(default=0, ge=0, description="up to so much more delay")
    late_seconds: float = Field(default=2, ge=0, description="executed so long after the client hung up")
    executed: bool | None = Field(default=None, description="whether the call takes effect all the same")
    max_results: int | None = Field(default=None, ge=0)
    max_in_flight: int | None = Field(default=None, ge=0)
    max_per_second: int | None = Field(default=None, ge=0)
    status: Literal[429, 503] = 503
    retry_after_seconds: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _only_what_the_kind_takes(self) -> Self:
        every = frozenset().union(*PARAMETERS.values())
        foreign = (self.model_fields_set & every) - PARAMETERS[self.kind]
        if foreign:
            raise ValueError(f"{self.kind} does not take {', '.join(sorted(foreign))}")
        if self.probability is not None and self.every_nth is not None:
            raise ValueError("give probability or every_nth, not both")
        if self.kind == "artificial_cap" and sum(getattr(self, cap) is not None for cap in _CAPS) != 1:
            raise ValueError(f"artificial_cap needs exactly one of {', '.join(_CAPS)}")
        return self


class Dialect(Entry):
    """How replies are written where the contract leaves it open; any of these must be understood."""

    prefix: str = Field(default="", pattern=r"^([A-Za-z_][\w.-]*)?$", description="empty: default namespace")
    envelope_prefix: str = Field(default="soap", pattern=r"^[A-Za-z_][\w.-]*$")
    list_item_names: str | None = Field(
        default=None, pattern=r"^[A-Za-z_][\w.-]*$", description="one name for every list item"
    )
    booleans: Literal["words", "digits"] = "words"
    unset: Literal["dotnet", "nil", "missing", "empty"] = "dotnet"
    empty_lists: Literal["empty", "nil", "missing"] = "empty"
    unknown_fields: bool = Field(default=False, description="every object carries fields nobody knows")
    hold_fields: bool = Field(default=True, description="memberships carry IsOnHold and HoldUntilDate")
    byte_order_mark: bool = False
    indented: bool = False


OrderFilter = Literal["OrderID", "OrderNumber", "Email"]
RefusedLogin = Literal["bad_login", "inactive_account", "bad_partner_key", "foreign_winery", "locked"]
"""Why a login is refused, where the switches name it."""


class Behaviours(Entry):
    """How the service answers lawful calls where the contract is an assumption."""

    repeated_email: Literal["updates", "creates_second", "refused"] = "updates"
    order_creates_member: bool = True
    empty_strings: Literal["clear", "change_nothing"] = "clear"
    last_name_match: Literal["exact", "prefix"] = "exact"
    wrong_totals: Literal["warning", "refused"] = "warning"
    without_operations: tuple[str, ...] = ()
    server_utc_offset_minutes: int = Field(
        default=-480, ge=-840, le=840, description="the clock in which DateModified is written"
    )
    given_numbers: Literal["kept", "replaced"] = "kept"
    repeated_number: Literal["creates_second", "renumbers", "answers_first"] = "creates_second"
    own_numbers: Literal["after_highest", "own_range"] = "after_highest"
    order_filters: tuple[OrderFilter, ...] = ("OrderID", "OrderNumber", "Email")
    orders_show_prefix: Literal["apart", "joined", "left_out"] = "apart"
    read_lag_seconds: float = Field(default=0, ge=0, description="new orders and members are read so late")
    email_match: Literal["folded", "exact", "part"] = "folded"
    texts: dict[RefusedLogin, str] = Field(default={}, description="other words for a refused login")
    locks_after: int | None = Field(default=None, ge=1, description="so many wrong passwords lock an account")
    does_unasked: tuple[Literal["bill", "decrement"], ...] = ()
    tells_stock: bool = Field(default=False, description="products carry their stock")
    dialect: Dialect = Dialect()


class Switches(Entry):
    """Everything that can be switched, set as one document; `seed` fixes what the probabilities draw."""

    seed: int = 0
    rules: tuple[FaultRule, ...] = ()
    behaviours: Behaviours = Behaviours()
