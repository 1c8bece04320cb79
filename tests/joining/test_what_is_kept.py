"""What was answered is on the disk, whatever happens then; and nothing on it, or in any output, names a
reader.
"""

import base64
import hashlib
import itertools
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote

import pytest

from briefing.joining import protocol
from briefing.joining.protocol import RequestKind, token_digest
from briefing.joining.wishes import Change, decrypt
from tests.joining.conftest import (
    EDITOR,
    OTHER,
    TOKEN,
    MailServer,
    Server,
    running,
    start,
)

CANARY = "canary.bird@nest.example.org"
NAME = "Kanarienvogel"
IP = "203.0.113.77"


def tokens(count: int) -> list[str]:
    return [f"{number:030x}" for number in range(count)]


@dataclass
class Answered:
    """What readers did and were told had worked."""

    left: set[str] = field(default_factory=set)
    """Digests of tokens."""
    changed: set[str] = field(default_factory=set)
    """Tokens of readers who want another language."""

    @property
    def count(self) -> int:
        return len(self.left) + len(self.changed)

    def add(self, other: "Answered") -> None:
        self.left |= other.left
        self.changed |= other.changed


def kept(server: Server) -> Answered:
    """Return what the server has for home."""
    found = Answered()
    after = 0
    while batch := server.batch(after).requests:
        for request in batch:
            if request.kind is RequestKind.LEAVE:
                found.left.add(request.body)
            else:
                wish = decrypt(request, [EDITOR])
                assert isinstance(wish, Change)
                found.changed.add(wish.token)
        after = batch[-1].id
    return found


class TestKills:
    def all_answered_are_kept(self, folder: Path, rounds: int) -> None:
        """Kill the server again and again while readers leave and change languages, and count."""
        chance = random.Random(14)  # noqa: S311  # no secret
        every = tokens(rounds * 400)
        waiting = iter(every)
        answered = Answered()
        with running(folder) as server:
            for start_at in range(0, len(every), protocol.DIGESTS_AT_ONCE):
                part = every[start_at : start_at + protocol.DIGESTS_AT_ONCE]
                digests = b"".join(sorted(map(token_digest, part)))
                server.api("PUT", f"{protocol.TOKENS}?upload=1", digests)
            use = {"upload": 1, "count": len(every)}
            assert server.api("POST", protocol.TOKENS, use).status == 200
        for _ in range(rounds):
            server = start(folder)
            most = chance.randint(1, 60)
            answered.add(self.killed_after(server, most, waiting))
            with running(folder) as later:
                found = kept(later)
                assert answered.left - found.left == set()
                assert answered.changed - found.changed == set()
        path = folder / ".briefing" / "joining.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            (state,) = database.execute("PRAGMA integrity_check").fetchone()
        assert state == "ok"
        assert answered.count >= rounds

    def killed_after(
        self, server: Server, count: int, waiting: Iterator[str]
    ) -> Answered:
        """Let eight readers at a time act, and kill the server after so many answers; return what was
        answered.
        """
        answered = Answered()
        lock = threading.Lock()

        def act() -> None:
            while True:
                with lock:
                    token = next(waiting)
                try:
                    has_left = server.post(f"/leave/{token}").status == 200
                    with lock:
                        if has_left:
                            answered.left.add(token_digest(token).hex())
                        if answered.count >= count:
                            server.process.kill()
                    changed = server.post(f"/change/{token}", lang="de")
                except (OSError, HTTPException):
                    return
                with lock:
                    if changed.status == 200:
                        answered.changed.add(token)

        readers = [threading.Thread(target=act) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        server.kill()
        return answered

    def test_nobody_who_was_answered_is_lost(self, folder: Path) -> None:
        self.all_answered_are_kept(folder, rounds=5)

    @pytest.mark.long
    def test_nor_after_two_hundred_kills(self, folder: Path) -> None:
        self.all_answered_are_kept(folder, rounds=200)


def test_a_full_disk_keeps_what_was_answered_and_says_so_to_others(
    folder: Path,
) -> None:
    with running(folder, largest_file=400_000) as server:
        server.send_tokens(*tokens(400))
        answered: set[str] = set()
        for token in tokens(400):
            answer = server.post(f"/leave/{token}")
            assert answer.status in {200, 503}
            if answer.status == 503:
                break
            answered.add(token_digest(token).hex())
        else:
            pytest.fail("the disk was never full")
        assert answer.heading == "That didn’t work"
        assert "Retry-After" in answer.headers
        assert server.post(f"/change/{TOKEN}", lang="de").status == 503
        assert server.get(f"/leave/{TOKEN}").status == 200
    with running(folder) as server:
        assert kept(server).left == answered
        assert server.post(f"/leave/{tokens(400)[-1]}").status == 200


class TestCanaries:
    """Addresses, names, tokens and IPs are looked for in everything that the server writes."""

    def forms(self, text: str) -> dict[str, bytes]:
        """Return ways in which a text could be written down."""
        data = text.encode()
        found = {
            "itself": data,
            "in capitals": text.upper().encode(),
            "UTF-16": text.encode("utf-16-le"),
            "hexadecimal": data.hex().encode(),
            "in a URL": quote(text, safe="").encode(),
        }
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + data)
            # The ends depend on what is beside it.
            found[f"Base64, {shift}"] = encoded[4:-4]
        for name in ("md5", "sha1", "sha256", "blake2b"):
            digest = hashlib.new(name, data).digest()
            found[f"{name}"] = digest
            found[f"{name}, hexadecimal"] = digest.hex().encode()
        return found

    def test_nothing_names_a_reader(
        self, folder: Path, mail_server: MailServer
    ) -> None:
        mail_server.refuse = lambda address: (
            f"550 5.1.1 no {address} here" if "refused" in address else ""
        )
        server = start(folder)
        try:
            server.send_tokens(TOKEN)
            self.visit(server, mail_server)
            written = {
                path.name: path.read_bytes()
                for path in folder.rglob("*")
                if path.is_file() and path.name != "briefing.toml"
            }
            assert len(server.requests()) == 3
        finally:
            errors = server.stop()
        written["standard error"] = errors.encode()
        written |= {
            f"{path.name} at the end": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "briefing.toml"
        }
        assert "joining.sqlite3-wal" in written
        self.look(written)

    def visit(self, server: Server, mail_server: MailServer) -> None:
        """Do everything that readers, robots and attackers do."""
        server.join(CANARY, name=NAME)
        server.post(mail_server.link())
        server.join(f"refused.{CANARY}", name=NAME)
        server.join(CANARY + "\r\n", name=NAME, website="x")
        server.join(f"{CANARY} {CANARY}")
        server.post("/find", address=CANARY)
        server.post(f"/change/{TOKEN}", lang="de", name=NAME, address=CANARY)
        for token in (TOKEN, OTHER):
            server.ask(
                "POST",
                f"/leave/{token}",
                X_Forwarded_For=IP,
                Forwarded=f"for={IP}",
                X_Real_IP=IP,
                User_Agent=NAME,
                Referer=f"https://{IP}/{NAME}",
            )
        server.get(f"/{CANARY}?{CANARY}", X_Forwarded_For=IP)
        server.ask("BREW", f"/leave/{TOKEN}", Host=CANARY)

    def look(self, written: dict[str, bytes]) -> None:
        for canary in (CANARY, NAME, IP, "127.0.0.1", "canary.bird"):
            for form, data in self.forms(canary).items():
                for name, content in written.items():
                    assert data not in content, (canary, form, name)
        for token, name in itertools.product((TOKEN, OTHER), written):
            assert token.encode() not in written[name]
            assert bytes.fromhex(token) not in written[name]
        unknown = token_digest(OTHER)
        for content in written.values():
            assert unknown not in content
            assert unknown.hex().encode() not in content


def test_only_the_servers_user_can_read_its_files(server: Server) -> None:
    server.post(f"/leave/{TOKEN}")
    state = server.folder / ".briefing"
    assert state.stat().st_mode & 0o777 == 0o700
    for path in state.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
