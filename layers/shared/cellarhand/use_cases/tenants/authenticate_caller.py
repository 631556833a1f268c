"""Who holds this access key? Authentication only: what a key may do, each route says itself."""

import hmac
import re
from hashlib import sha256

from cellarhand.domain.tenants.access_key import AccessKeyRecord, access_key_key
from cellarhand.ports.records import Records
from cellarhand.ports.runtime import Clock

_BEARER = re.compile(r"[Bb]earer +ch_(?P<key_id>[A-Za-z0-9]{8,40})_(?P<secret>[A-Za-z0-9_-]{16,128})")
_NO_SECRET = sha256(b"").hexdigest()


class AuthenticateCaller:
    """Checks `Authorization: Bearer ch_<key id>_<secret>` against the stored SHA-256.

    Nothing is cached here: API Gateway keeps an answer for 30 s, and that is the whole delay with which a
    revoked key stops working.
    """

    def __init__(self, access: Records, clock: Clock) -> None:
        self._access = access
        self._clock = clock

    def __call__(self, authorization: str) -> AccessKeyRecord | None:
        """The key's record; None for whoever can't prove to hold a valid key."""
        presented = _BEARER.fullmatch(authorization)
        if presented is None:
            return None
        key = self._access.get(AccessKeyRecord, access_key_key(presented["key_id"]))
        proven = is_secret_of(key, presented["secret"])
        return key if key is not None and proven and self._is_valid(key) else None

    def _is_valid(self, key: AccessKeyRecord) -> bool:
        expired = key.expires_on is not None and key.expires_on <= self._clock.now()
        return key.revoked_at is None and not expired


def is_secret_of(key: AccessKeyRecord | None, secret: str) -> bool:
    """Compared in constant time, for an unknown key too."""
    stored = key.secret_sha256 if key else _NO_SECRET
    return hmac.compare_digest(sha256(secret.encode()).hexdigest(), stored)
