"""The steps in their order: which question each answers, what it makes there, and how it is run."""

from collections.abc import Callable
from typing import NamedTuple

from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError

from .findings import Finding
from .limits import Limits
from .orders import NotTakenError
from .session import OutOfTimeError, Session
from .steps.delays import late_execution, read_lag
from .steps.members import members
from .steps.order_steps import effects, filters, first_order, own_numbers, repeat
from .steps.pace import pace
from .steps.refusals import refusals


class Cost(NamedTuple):
    """What a step makes at the CRM at most."""

    orders: int = 0
    customers: int = 0
    wrong_logins: int = 0


class Step(NamedTuple):
    """`name` is the field of `Findings` that it fills; `question` the number in docs/unproven.md."""

    name: str
    question: int
    asks: str
    run: Callable[[Session], Finding]
    cost: Callable[[Limits], Cost]


def steps(mailbox: str | None) -> tuple[Step, ...]:
    """All of them; each needs those before it. `mailbox`: where a confirmation would arrive."""
    return (
        Step(
            "first_order",
            9,
            "Is an order shown, under its number, and in which clock?",
            first_order,
            _orders(1, 1),
        ),
        Step(
            "repeat", 1, "Is a repeated order number refused, duplicated or renumbered?", repeat, _orders(2)
        ),
        Step("filters", 2, "By which fields does GetOrders filter?", filters, _orders(2, 2)),
        Step("own_numbers", 8, "Which order numbers does the CRM give itself?", own_numbers, _orders(3)),
        Step("members", 7, "How are e-mails searched, and can one have two members?", members, _crowd),
        Step(
            "effects",
            4,
            "Are billing, e-mail and stock really off?",
            lambda s: effects(s, mailbox),
            _orders(1),
        ),
        Step("pace", 6, "How many calls are let through, and what does Retry-After say?", pace, _orders(0)),
        Step(
            "read_lag",
            2,
            "How late does a read show an order (R)?",
            read_lag,
            lambda x: Cost(x.reads),
        ),
        Step(
            "late_execution",
            3,
            "How late is an order executed after we hung up (L)?",
            late_execution,
            lambda x: Cost(x.cuts),
        ),
        Step(
            "refusals",
            5,
            "What are the words for wrong logins and orders; is there a lock-out?",
            refusals,
            lambda x: Cost(orders=3, wrong_logins=4 + x.wrong_logins),
        ),
    )


def run(session: Session, wanted: tuple[Step, ...]) -> bool:
    """Run every step that has no finding yet; returns whether each has one afterwards.

    A failure is reported, and the next run asks again. A failure of the first step is raised.
    """
    findings = session.journal.findings
    for step in wanted:
        if getattr(findings, step.name) is not None:
            session.report(f"{step.question}. {step.asks} (known already)")
            continue
        session.report(f"{step.question}. {step.asks}")
        try:
            setattr(findings, step.name, step.run(session))
        except OutOfTimeError:
            return False
        except (OSError, CallFailedError, NotTakenError) as failure:
            if findings.first_order is None:
                raise
            session.report(f"  not finished, and asked again next time: {failure}")
        session.notebook.save()
    return all(getattr(findings, step.name) is not None for step in wanted)


def dry_run(limits: Limits, wanted: tuple[Step, ...]) -> str:
    """What would be asked and created, without a call."""
    lines = [f"{step.question}. {step.asks}\n   makes {_in_words(step.cost(limits))}" for step in wanted]
    costs = [step.cost(limits) for step in wanted]
    total = Cost(*(sum(column) for column in zip(*costs, strict=True)))
    lines.append(f"In all at most {_in_words(total)}, in at most {limits.minutes:g} minutes a run.")
    lines += [
        "Orders: 1.00 each, prefix UAT-, never billed; guests: probe-…@example.com, Test Cellarhand Probe.",
        "Numbers lie between 1.6 and 1.8 thousand million: a CRM numbering after the highest goes on there.",
    ]
    return "\n".join(lines)


def _in_words(cost: Cost) -> str:
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in cost._asdict().items() if count]
    return ", ".join(parts) or "nothing"


def _orders(count: int, customers: int = 0) -> Callable[[Limits], Cost]:
    return lambda _: Cost(count, customers)


def _crowd(limits: Limits) -> Cost:
    return Cost(customers=2 + limits.members)
