"""A newsletter at home, and the server where its readers leave and join, in a process of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from briefing import clock
from briefing.joining.protocol import key_digest
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Suppression, token_of
from briefing.syncing.server import Server as Source
from tests.joining.conftest import (
    EDITOR,
    MailServer,
    Server,
    mail_server,
    make_folder,
    start,
)

__all__ = ["mail_server"]

SYNC_KEY = "sync-key-of-these-tests"


@dataclass
class Home:
    """The editors' computer, in touch with the server."""

    newsletter: Newsletter
    server: Server

    @property
    def list_path(self) -> Path:
        return self.newsletter.subscribers

    def write_list(self, *addresses: str) -> None:
        rows = "".join(f"{address}\n" for address in addresses)
        self.list_path.write_text(f"email\n{rows}", "utf-8")

    def token(self, address: str) -> str:
        return token_of(Key.of(self.newsletter), address)

    def source(self, keys: Callable[[], Sequence[object]]) -> Source:
        # The server's days are in UTC.
        return Source(self.newsletter, keys, clock.utc_now().date())

    def suppressed(self, *addresses: str) -> list[str]:
        """Which of these readers are unsubscribed."""
        record = Suppression.of(self.newsletter)
        return [name for name in addresses if self.token(name) in record]


@pytest.fixture
def home(
    tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    monkeypatch.setenv("BRIEFING_SYNC_KEY", SYNC_KEY)
    monkeypatch.setenv("BRIEFING_PRIVATE_KEY", str(EDITOR))
    folder = make_folder(tmp_path / "server", mail_server.port)
    server = start(folder, BRIEFING_SYNC_KEY_DIGEST=key_digest(SYNC_KEY))
    root = make_folder(tmp_path / "home", mail_server.port)
    settings = root / "briefing.toml"
    host = f'[joining]\nhost = "http://127.0.0.1:{server.port}"\n'
    text = settings.read_text("utf-8").replace("[joining]\n", host)
    settings.write_text(text, "utf-8")
    try:
        yield Home(Newsletter(root), server)
    finally:
        server.kill()
