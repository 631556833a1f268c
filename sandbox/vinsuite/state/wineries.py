"""Every winery the simulator knows, and which of them an account opens."""

from dataclasses import dataclass
from hmac import compare_digest

from pydantic import Field, SecretStr

from sandbox.vinsuite.state.book import Entry, Seed
from sandbox.vinsuite.state.live_book import LiveBook, read_book, write_book
from sandbox.vinsuite.state.store import Store


class UsernameTakenError(Exception):
    """Another winery has this user name; an account belongs to exactly one winery."""


class Account(Entry):
    """How a winery logs in."""

    username: str
    password: str = Field(repr=False)
    active: bool


@dataclass(frozen=True)
class Winery:
    """An account with the book that it opens."""

    account: Account
    book: LiveBook

    def accepts(self, password: str | None) -> bool:
        """Compare a password with the account's."""
        return compare_digest(self.account.password.encode(), (password or "").encode())


class Wineries:
    """The wineries by name; loading one replaces its whole book."""

    def __init__(self, store: Store) -> None:
        """Bring back what the store has."""
        self._store = store
        self._by_name: dict[str, Winery] = {}
        self._by_username: dict[str, Winery] = {}
        for name, account in store.wineries().items():
            book = LiveBook(name, read_book(store, name), store)
            self._enter(Winery(Account.model_validate_json(account), book))

    def load(self, name: str, seed: Seed) -> None:
        """Replace a winery by a seed; raises UsernameTakenError."""
        owner = self.with_username(seed.username)
        if owner is not None and owner.book.name != name:
            raise UsernameTakenError(f"the user name {seed.username} belongs to {owner.book.name}")
        account = Account(
            username=seed.username, password=seed.password.get_secret_value(), active=seed.active
        )
        with self._store.transaction():
            self._store.remove_winery(name)
            self._store.put_winery(name, account.model_dump_json())
            write_book(self._store, name, seed.book)
        self._leave(name)
        self._enter(Winery(account, LiveBook(name, seed.book, self._store)))

    def change_password(self, name: str, password: SecretStr) -> None:
        """Accept this password and no other from now on."""
        before = self._by_name[name]
        account = before.account.model_copy(update={"password": password.get_secret_value()})
        with self._store.transaction():
            self._store.put_winery(name, account.model_dump_json())
        self._enter(Winery(account, before.book))

    def remove(self, name: str) -> None:
        """Forget a winery, if it is there."""
        self._leave(name)
        with self._store.transaction():
            self._store.remove_winery(name)

    def by_name(self) -> dict[str, Winery]:
        """Give all of them, in the order they were loaded."""
        return dict(self._by_name)

    def with_username(self, username: str | None) -> Winery | None:
        """Find the winery that a user name belongs to."""
        return self._by_username.get(username or "")

    def _enter(self, winery: Winery) -> None:
        self._by_name[winery.book.name] = winery
        self._by_username[winery.account.username] = winery

    def _leave(self, name: str) -> None:
        winery = self._by_name.pop(name, None)
        if winery is not None:
            del self._by_username[winery.account.username]
