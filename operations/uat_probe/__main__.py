"""Command line: `make uat-probe …`, or python -m operations.uat_probe."""

import argparse
import os
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

from cellarhand.adapters.crm.vinsuite.wire.envelope import Credentials
from cellarhand.adapters.crm.vinsuite.wire.outcomes import CallFailedError
from cellarhand.domain.errors import CellarhandError

from .capabilities import measured_crm
from .journal import Journal, OtherLoginError, opened
from .limits import ForbiddenPlaceError, Limits, Site, address_of
from .orders import NotTakenError
from .plan import Step, dry_run, run, steps
from .report import report
from .session import Session
from .writing import WrongTenantError, write

_EPILOG = (
    "The login comes from VINSUITE_USERNAME, VINSUITE_PASSWORD and VINSUITE_PARTNER_KEY, or is asked for. "
    "The report is kept after every sample: the same command goes on where the last one ended. "
    "Production is refused."
)
_HELP = {
    "reads": "orders sent to measure how late reads are",
    "cuts": "orders sent and cut off, to measure late execution",
    "burst": "calls in a row, to find a limit of calls a second",
    "in_flight": "most calls at once",
    "members": "members of one last name, to find a cut list",
    "wrong_logins": "wrong passwords in a row: may lock the account",
    "minutes": "longest time of this run",
    "read_bound": "seconds after which an order counts as not shown",
    "late_bound": "seconds after which a cut order counts as not executed",
    "poll": "seconds between two looks",
    "spacing": "seconds between two cuts",
    "call_timeout": "seconds that one call may take",
}


_ENDS = (
    ForbiddenPlaceError,
    OtherLoginError,
    WrongTenantError,
    NotTakenError,
    CallFailedError,
    CellarhandError,
    OSError,
)
"""Each is printed as one line and ends the probe."""


def main() -> None:
    """Ask, report, and with --write store the findings as the tenant's capabilities."""
    parser = _parser()
    wanted = parser.parse_args()
    limits = Limits(**{name: getattr(wanted, name) for name in Limits._fields})
    plan = steps(wanted.mailbox)
    if wanted.dry_run:
        print(dry_run(limits, plan))
        return
    try:
        address = address_of(wanted.environment, wanted.address)
        site = Site(wanted.environment, address, _credentials())
        notebook = opened(wanted.report, site.environment, address, site.credentials.username)
        finished = _ask(Session(site, limits, notebook, _report), plan, wanted.report)
        if finished and wanted.write:
            _keep(wanted.stack, wanted.write, notebook.journal)
    except _ENDS as error:
        parser.exit(1, f"{error}\n")


def _ask(session: Session, plan: tuple[Step, ...], path: Path) -> bool:
    """Whether every step has its finding now; the report is kept in any case."""
    try:
        finished = run(session, plan)
    finally:
        session.notebook.save()
        text = report(session.journal, plan)
        path.with_suffix(".md").write_text(text)
    print(text)
    print(f"Kept in {path} and {path.with_suffix('.md')}.")
    if not finished:
        print("Not everything could be asked in this run; the same command goes on.")
    return finished


def _keep(stack: str, tenant_id: str, journal: Journal) -> None:
    measured = measured_crm(journal.findings, journal.environment, datetime.now(UTC))
    write(stack, tenant_id, measured)
    print(f"Kept with {tenant_id}: {measured.model_dump_json(exclude_none=True)}")


def _credentials() -> Credentials:
    return Credentials(
        _secret("VINSUITE_PARTNER_KEY"), _secret("VINSUITE_USERNAME"), _secret("VINSUITE_PASSWORD")
    )


def _secret(name: str) -> str:
    return os.environ.get(name) or getpass(f"{name}: ")


def _report(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make uat-probe",
        description="Finds out what nothing public says of VinSuite, at one login of its test installation.",
        epilog=_EPILOG,
    )
    parser.add_argument("--environment", choices=("uat", "sandbox"), default="uat")
    parser.add_argument("--address", help="of a simulator on this machine, with sandbox alone")
    parser.add_argument(
        "--report", type=Path, default=Path(".local/uat-probe.json"), help="file of the findings"
    )
    parser.add_argument("--mailbox", help="e-mail address that somebody can look into, for one order")
    parser.add_argument("--dry-run", action="store_true", help="list what would be asked and made; no call")
    parser.add_argument("--write", metavar="TENANT", help="keep the findings as this tenant's capabilities")
    parser.add_argument("--stack", default="cellarhand", help="where that tenant is (default cellarhand)")
    for name, default in Limits()._asdict().items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(
            option, type=Limits.__annotations__[name], default=default, help=f"{_HELP[name]} ({default:g})"
        )
    return parser


if __name__ == "__main__":
    main()
