"""The vault of CRM logins across the seam, with the cache that its adapter keeps for each process."""

from cellarhand.ports.crm import CrmLogin
from cellarhand.ports.runtime import Clock
from tests.fakes.outside import FakeCrmLogins
from tests.simulation.kernel.faults.faults import Family
from tests.simulation.kernel.ports.call import Call
from tests.simulation.kernel.ports.record_ports import unavailable
from tests.simulation.kernel.ports.seam import Seam

KEPT_SECONDS = 300.0
"""As `adapters.secrets`."""


class CrossingLogins:
    """Fills `CrmLogins`."""

    def __init__(self, seam: Seam, vault: FakeCrmLogins, clock: Clock) -> None:
        self._seam = seam
        self._vault = vault
        self._clock = clock
        self._kept: dict[str, tuple[float, CrmLogin]] = {}

    def read(self, tenant_id: str, *, fresh: bool = False) -> CrmLogin | None:
        kept = self._kept.get(tenant_id)
        if kept and not fresh and self._clock.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        call = Call(
            "logins.read", Family.VAULT, lambda: self._vault.read(tenant_id), unavailable, unavailable
        )
        login = self._seam.cross(call)
        if login:
            self._kept[tenant_id] = (self._clock.monotonic(), login)
        return login

    def write(self, tenant_id: str, username: str, password: str) -> None:
        self._kept.pop(tenant_id, None)
        self._seam.cross(
            Call(
                "logins.write",
                Family.STORE_WRITE,
                lambda: self._vault.write(tenant_id, username, password),
                unavailable,
                unavailable,
            )
        )
