"""A newsletter that syncs with a server in memory, on any day, whoever has the key."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from briefing.errors import RefusedError
from briefing.joining import protocol, wishes
from briefing.joining.protocol import Request, RequestBatch, RequestKind
from briefing.joining.wishes import Wish
from briefing.keys import Key
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Suppression, token_of
from briefing.syncing.plan import SyncPlan
from briefing.syncing.reports import OpenMail, Report
from briefing.syncing.run import Sync
from briefing.syncing.server import Server, ServerApi
from tests.joining.conftest import EDITOR, make_folder

OTHER_EDITOR = pyrage.x25519.Identity.generate()
STORE = "0123456789abcdef"


class MemoryServer(ServerApi):
    """The server where readers leave and join, as home asks it, and what they do there."""

    def __init__(self) -> None:
        self.kept: list[Request] = []
        self.today = dt.date(2020, 10, 1)
        self.acknowledged = 0
        self.tokens: set[bytes] = set()
        self.before: Callable[[], None] = lambda: None
        """Called before anything changes here because of home."""
        self._last = 0

    def leave(self, token: str) -> bool:
        """A reader leaves; an earlier wish to leave is replaced. Return whether their token is known."""
        digest = protocol.token_digest(token)
        is_known = digest in self.tokens
        if is_known:
            self.kept = [
                each for each in self.kept if each.body != digest.hex()
            ]
            self._keep(RequestKind.LEAVE, digest.hex())
        return is_known

    def ask(self, wish: Wish, key: pyrage.x25519.Identity = EDITOR) -> None:
        """Somebody asks for something that only this key opens."""
        body = wishes.encrypt(wish, [key.to_public()])
        self._keep(wish.kind, body)

    def _keep(self, kind: RequestKind, body: str) -> None:
        self._last += 1
        day = self.today.isoformat()
        self.kept.append(Request(self._last, kind, day, body))

    def requests(self, after: int) -> RequestBatch:
        later = [each for each in self.kept if each.id > after]
        return RequestBatch(
            STORE,
            len(self.tokens),
            requests=later[: protocol.MOST_REQUESTS],
        )

    def acknowledge(self, store: str, up_to: int) -> None:
        self.before()
        assert store == STORE
        self.acknowledged = up_to

    def replace_tokens(self, digests: bytes, _show: ShowSteps) -> None:
        self.before()
        step = protocol.DIGEST_LENGTH
        self.tokens = {
            digests[start : start + step]
            for start in range(0, len(digests), step)
        }


@dataclass
class MemoryMailbox:
    """The mailbox where readers write to leave (`reports.Source`)."""

    name = "mailbox"
    title = "the mailbox"
    new: Sequence[Report] = ()

    def read(self, _show: ShowSteps) -> Iterator[Report]:
        yield from self.new

    def finish(self, waiting: Set[Report]) -> None:
        self.new = [
            each
            for each in self.new
            if isinstance(each, OpenMail) and each in waiting
        ]


@dataclass
class World:
    """A newsletter, its server and its mailbox."""

    newsletter: Newsletter
    server: MemoryServer = field(default_factory=MemoryServer)
    mailbox: MemoryMailbox = field(default_factory=MemoryMailbox)
    keys: Sequence[pyrage.x25519.Identity] = (EDITOR,)
    is_listed = True
    """Whether the last sync could change the list."""

    @classmethod
    def of(cls, root: Path, *readers: str) -> "World":
        """Make a newsletter with some readers, of whom its server knows."""
        newsletter = Newsletter(make_folder(root, 1))
        newsletter.state.mkdir(0o700)
        secret = newsletter.state / "sync-key"
        secret.write_text("sync-key-of-these-tests", "utf-8")
        secret.chmod(0o600)
        world = cls(newsletter)
        world.write_list(*readers)
        world.sync()
        return world

    @property
    def now(self) -> dt.datetime:
        noon = dt.time(12, tzinfo=dt.UTC)
        return dt.datetime.combine(self.server.today, noon)

    def write_list(self, *readers: str) -> None:
        """Write the list: an address a line, with the language after a comma if there is one."""
        rows = [reader if "," in reader else f"{reader}," for reader in readers]
        text = "\n".join(["email,lang", *rows, ""])
        self.newsletter.subscribers.write_text(text, "utf-8")

    def rows(self) -> list[str]:
        """Return addresses and languages, as they are written."""
        _, *rows = self.newsletter.subscribers.read_text("utf-8").splitlines()
        return [",".join(row.split(",")[:2]).rstrip(",") for row in rows]

    def token(self, address: str) -> str:
        return token_of(Key.of(self.newsletter), Subscriber(address).identity)

    def gone(self, *addresses: str) -> list[str]:
        """Return who of these is unsubscribed."""
        record = Suppression.of(self.newsletter)
        return [each for each in addresses if self.token(each) in record]

    def next_day(self, days: int = 1) -> None:
        self.server.today += dt.timedelta(days)

    def begin(self) -> Sync:
        """Return a sync that has read its sources."""
        source = Server(self.newsletter, lambda: self.keys, self.server.today)
        source.api = self.server
        sync = Sync(self.newsletter, [source, self.mailbox], self.now)
        for each in sync.sources:
            sync.read(each, quiet)
        assert not sync.unread
        return sync

    def sync(self, *, agree: bool = True, discard: bool = False) -> SyncPlan:
        """Sync; return what was to be done. `agree`: the editor agrees to the changes of the list."""
        sync = self.begin()
        made = sync.plan()
        sync.unsubscribe(made)
        self.is_listed = agree
        if agree:
            try:
                sync.change_list(made)
            except RefusedError:
                self.is_listed = False
        sync.finish(made, quiet, listed=self.is_listed, discard=discard)
        return made


def quiet(_done: int, _total: int) -> None:
    pass
