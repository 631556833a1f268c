"""AWS on this machine: the pinned emulator (ministack) with its gaps closed, started by `python -m
sandbox.aws`.

Runs in the emulator's own environment and imports the standard library and ministack alone. Each module named
in `GAPS` closes one gap when its `install()` is called before the emulator starts; its contract test in
`tests/integration/emulator` shows the stock behaviour too, so that an upgrade which changes either is seen at
once.
"""

MINISTACK_VERSION = "1.5.33"
"""The gap modules use private names of ministack, so they hold for exactly this version."""

GAPS = (
    "autosave",
    "event_source_mappings",
    "http_api",
    "lambda_runtime",
    "layers",
    "scheduler",
    "stream_records",
    "streams",
)

WITHOUT = "CELLARHAND_WITHOUT"
"""Environment variable: comma separated gaps that are left open, for the contract tests."""

HEALTH_PATH = "/_ministack/health"
