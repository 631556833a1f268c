"""The same tests as in `tests/contract/records`, with this folder's fixture `records`."""

import pytest

from tests.contract.records.test_finding import *  # noqa: F403
from tests.contract.records.test_saving import *  # noqa: F403

pytestmark = pytest.mark.emulator
