"""Command line: `make replay-attention TENANT=…`, or python -m operations.replay_attention."""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path

import boto3

from operations.api import Api, ApiRefusedError, HttpApi

from .replay import DiaryFile, LoginRefusedError, replay, summary
from .selection import KINDS, Case, cases

_EPILOG = (
    "Needs a support key in CELLARHAND_SUPPORT_KEY, or asks for it. With it a staff key is made for this run "
    "and revoked after it: the audit names that key for every retry. What was tried is kept in a file; after "
    "a stop the same command goes on. An order in review is never sent again unless --send-review-again says "
    "why: somebody must have looked into the CRM and found that it is not there."
)
_MAX_RUN = timedelta(hours=12)


def main() -> None:
    """Try again, and report how it ended, by reason."""
    parser = _parser()
    wanted = parser.parse_args()
    if wanted.rate <= 0:
        parser.error("--rate must be above zero")
    url = wanted.url or _url_of(wanted.stack)
    support = HttpApi(url, os.environ.get("CELLARHAND_SUPPORT_KEY") or getpass("support key: "))
    label = f"replay of needs attention: {wanted.send_review_again or wanted.reason or 'all'}"
    try:
        with staff_key(support, wanted.tenant, label) as key:
            _replay(HttpApi(url, key), wanted)
    except (ApiRefusedError, LoginRefusedError) as error:
        parser.exit(1, f"{error}\n")


def _replay(api: Api, wanted: argparse.Namespace) -> None:
    visits = {"from": wanted.from_date, "to": wanted.to_date}
    found = cases(api, {name: date for name, date in visits.items() if date})
    chosen = choose(
        found, wanted.kind or KINDS, wanted.reason, send_review_again=bool(wanted.send_review_again)
    )
    left = Counter((case.kind, case.reason) for case in found) - Counter((c.kind, c.reason) for c in chosen)
    for (kind, reason), count in sorted(left.items()):
        print(f"{count:6}  {kind} {reason}: left alone")
    if wanted.dry_run:
        for (kind, reason), count in sorted(Counter((case.kind, case.reason) for case in chosen).items()):
            print(f"{count:6}  {kind} {reason}: would be tried again")
        return
    diary = DiaryFile(wanted.diary or Path(f".local/replay-attention-{wanted.tenant}.json"))
    tried = replay(api, chosen, diary, lambda line: print(line, flush=True), rate=wanted.rate)
    diary.close()
    print("\n".join(summary(tried)) or "Nothing to try again.")
    print("Orders that are pending now go out with the next order sync.")


def choose(
    found: list[Case], kinds: tuple[str, ...], reason: str | None, *, send_review_again: bool
) -> list[Case]:
    """The cases of these kinds and this reason; those in review only by their own leave."""
    return [
        case
        for case in found
        if case.kind in kinds
        and reason in (None, case.reason)
        and (case.kind != "review" or send_review_again)
    ]


@contextmanager
def staff_key(support: Api, tenant_id: str, label: str) -> Iterator[str]:
    """A staff key of the tenant for the block, revoked after it; it also ends by itself."""
    expires = (datetime.now(UTC) + _MAX_RUN).isoformat()
    wanted = {"tenant_id": tenant_id, "role": "staff", "label": label[:200], "expires_at": expires}
    made = support.ask("POST", "/v1/access-keys", body=wanted)
    try:
        yield made["key"]
    finally:
        support.ask("DELETE", f"/v1/access-keys/{made['id']}")


def _url_of(stack: str) -> str:
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return next(out["OutputValue"] for out in found["Outputs"] if out["OutputKey"] == "ApiUrl")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make replay-attention",
        description="Tries again what needs attention at a winery.",
        epilog=_EPILOG,
    )
    parser.add_argument("--tenant", required=True, help="whose reservations")
    parser.add_argument("--reason", help="only this reason, such as refused_by_crm (default: every reason)")
    parser.add_argument(
        "--kind", action="append", choices=KINDS, help="only these (default: all; may be repeated)"
    )
    parser.add_argument("--from", dest="from_date", help="first date of the visit, YYYY-MM-DD, winery local")
    parser.add_argument("--to", dest="to_date", help="last date of the visit")
    parser.add_argument("--rate", type=float, default=1, help="tries a second (default 1)")
    parser.add_argument("--dry-run", action="store_true", help="count by reason, try nothing")
    parser.add_argument(
        "--send-review-again", metavar="WHY", help="also send orders in review again: say why"
    )
    parser.add_argument("--diary", type=Path, help="file of what was tried (default under .local)")
    parser.add_argument("--stack", default="cellarhand", help="whose API (default cellarhand)")
    parser.add_argument("--url", help="address of the API, in place of the stack's")
    return parser


if __name__ == "__main__":
    main()
