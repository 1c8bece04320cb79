"""Sends that are killed again and again before one may finish; each scenario is a row of the table."""

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from tests.sending.crash import points
from tests.sending.crash.harness import (
    API_KEY,
    PASSWORD,
    PATIENCE,
    USER,
    Children,
    Office,
    Send,
)
from tests.sending.servers.sendgrid import SendGridServer, SgRule
from tests.sending.servers.smtp import Kill, Rule, SmtpServer, Stage

NTH = {
    "an answer: after": (1, 4, 5, 9),
    "any commit": (2, 4, 5, 6),
    "body: before": (1, 2),
    "body: half": (1, 3),
    "body: with the dot": (1, 3),
    "claim is waited for: after": (1, 2),
    "claims are counted: after": (1, 3),
    "claims are counted: before": (1, 3),
    "intent, outcome: after": (1, 2),
    "intent, outcome: before": (1, 2, 3),
    "intent, outcome: before its commit": (1, 2),
    "intent, outcome: in the middle": (1, 2),
    "outcome is noted: before": (1, 3),
    "receipt: in the middle": (1, 2),
    "request: after its answer": (1, 2),
}
"""The times at which a point is of interest, if that isn't only the first."""
ONLY_AFTER_A_KILL = "what was under way: before its commit"
"""The only point that a send may not reach."""
LONGEST_CHAIN = 6
"""Kills of one send, at named points."""
STAGES: tuple[Stage, ...] = (
    "connect",
    "ehlo",
    "auth",
    "mail",
    "rcpt",
    "data",
    "body",
    "dot",
)
AT_A_TIME = 2
"""Sends that are killed side by side."""
BATCH = 1000
"""Readers of one request to SendGrid."""

Begin = Callable[[], AbstractContextManager[Send]]


COLUMNS = ("kills", "mails", "accepted", "uncertain", "twice", "lost")


@dataclass
class Row:
    """What came of a scenario."""

    name: str
    kills: int = 0
    mails: int = 0
    accepted: int = 0
    uncertain: int = 0
    twice: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)

    def add(self, send: Send) -> None:
        """Take in a send that has ended."""
        view = send.finish()
        self.kills += send.kills
        self.mails += view.mails.total()
        self.accepted += view.count("accepted")
        self.uncertain += view.count("uncertain")
        self.twice += len(view.twice)
        self.lost += len(view.lost) + len(view.unfinished())
        self.broken += send.broken

    @classmethod
    def together(cls, name: str, rows: Iterable[Self]) -> Self:
        """The sum of several."""
        total = cls(name)
        for row in rows:
            for column in COLUMNS:
                setattr(
                    total, column, getattr(total, column) + getattr(row, column)
                )
            total.broken += row.broken
        return total


@contextmanager
def smtp(
    children: Children,
    *rules: Rule,
    readers: int = 12,
    connections: int = 2,
    pipelining: bool = True,
    delay: float = 0,
    languages: Sequence[str] = ("en",),
) -> Iterator[Send]:
    """A newsletter of its own, to be sent through SMTP."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with SmtpServer(
            *rules,
            log=log,
            durable=True,
            login=(USER, PASSWORD),
            pipelining=pipelining,
            delay=delay,
            size=10**7,
        ) as server:
            root = Path(folder) / "newsletter"
            office = Office(
                root,
                readers,
                server.port,
                connections=connections,
                languages=languages,
            )
            yield Send(office, server, children, "smtp", 2 * connections)


@contextmanager
def sendgrid(
    children: Children, *rules: SgRule, readers: int = 2 * BATCH + 10
) -> Iterator[Send]:
    """The same through SendGrid."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SendGridServer(
            *rules, log=Path(folder) / "log", durable=True, key=API_KEY
        ) as server,
    ):
        office = Office(
            Path(folder) / "newsletter",
            readers,
            server.port,
            languages=("en", "de"),
        )
        yield Send(office, server, children, "sendgrid", BATCH)


# Named points

Places = dict[str, points.Install]


def some(places: Places, *words: str) -> Places:
    """Those of the points whose names hold one of the words."""
    return {
        name: install
        for name, install in places.items()
        if any(word in name for word in words)
    }


def _at_points(
    name: str, places: Places, begin: Begin, *, thorough: bool
) -> Row:
    """Killed at each point. If `thorough`, each in a send of its own, at several times, and once
    more on resuming;

    otherwise one after the other in the same send, as long as there is something to send.
    """
    turns = [
        (point, nth)
        for point in places
        for nth in NTH.get(point, (1,))[0 if thorough else -1 :]
    ]

    def chain(turns: Sequence[tuple[str, int]]) -> Row:
        row, waiting = Row(name), list(turns)
        while waiting:
            with begin() as send:
                for _ in range(1 if thorough else LONGEST_CHAIN):
                    if waiting and send.view().left:
                        _kill_at(row, send, *waiting.pop(0), again=thorough)
                row.add(send)
        return row

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        return Row.together(
            name,
            pool.map(
                chain, [turns[: len(turns) // 2], turns[len(turns) // 2 :]]
            ),
        )


def _kill_at(
    row: Row, send: Send, point: str, nth: int, *, again: bool
) -> None:
    if not send.run(point=point, nth=nth).killed and point != ONLY_AFTER_A_KILL:
        row.broken.append(f"'{point}' isn't reached {nth} times")
    if again:
        send.run(point=point)


def named_smtp(
    children: Children,
    places: Places,
    *,
    pipelining: bool = True,
    thorough: bool = False,
) -> Row:
    name = f"SMTP, named points, {'pipelined' if pipelining else 'lock-step'}"
    return _at_points(
        name,
        places,
        lambda: smtp(children, readers=24, pipelining=pipelining),
        thorough=thorough,
    )


def named_sendgrid(
    children: Children, places: Places, *, thorough: bool = False
) -> Row:
    readers = 2 * BATCH + 10 if thorough else 40
    return _at_points(
        "SendGrid, named points",
        places,
        lambda: sendgrid(children, readers=readers),
        thorough=thorough,
    )


def killed_by_smtp(children: Children, stages: Sequence[Stage] = STAGES) -> Row:
    """The server kills its client: at commands, before and after it has recorded an email."""
    row = Row("SMTP, killed by the server")
    for stage in stages:
        for accepted in (False, True) if stage == "dot" else (True,):
            for nth in (1,) if stage in {"connect", "ehlo", "auth"} else (1, 4):
                with smtp(children) as send:
                    kill = Kill(partial(_kill, send), accepted)
                    assert isinstance(send.server, SmtpServer)
                    send.server.rules.append(Rule(stage, kill, nth=nth))
                    if not send.run().killed:
                        row.broken.append(f"{stage} isn't reached {nth} times")
                    row.add(send)
    return row


def killed_by_sendgrid(
    children: Children, requests: Sequence[int] = (1, 2, 3)
) -> Row:
    """The server kills its client before and after it has recorded a request."""
    row = Row("SendGrid, killed by the server")
    for accepted in (False, True):
        for nth in requests:
            with sendgrid(
                children
            ) as send:  # three requests: two languages, one of them in two
                kill = Kill(partial(_kill, send), accepted)
                assert isinstance(send.server, SendGridServer)
                send.server.rules.append(SgRule(kill, nth=nth))
                if not send.run().killed:
                    row.broken.append(f"request {nth} isn't reached")
                row.add(send)
    return row


def _kill(send: Send) -> None:
    until = time.monotonic() + PATIENCE
    while send.running is None and time.monotonic() < until:
        # The child may be quicker than we note it.
        time.sleep(0.001)
    assert send.running
    send.running.signal()


# Random moments


def _randomly(
    name: str,
    begin: Begin,
    places: Sequence[str],
    kills: int,
    chance: random.Random,
) -> Row:
    """Killed at random: after some milliseconds, or when a random point was reached at random."""
    row, tries = Row(name), 0
    while row.kills < kills and tries < 10 * kills and not row.broken:
        with begin() as send:
            for _ in range(min(chance.randint(1, 6), kills - row.kills)):
                tries += 1
                if chance.random() < 0.5:
                    child = send.start()
                    time.sleep(chance.uniform(0, 0.4))
                    child.signal()
                    send.end(child)
                else:
                    send.run(
                        point=chance.choice(places),
                        nth=1 + int(chance.expovariate(0.15)),
                    )
            row.add(send)
    return row


def random_smtp(
    children: Children,
    connections: int,
    kills: int,
    chance: random.Random,
    *,
    pipelining: bool,
) -> Row:
    def begin() -> AbstractContextManager[Send]:
        delay = chance.choice([0, 0.002])
        return smtp(
            children,
            readers=60,
            connections=connections,
            pipelining=pipelining,
            delay=delay,
        )

    places = [*points.EVERY, *points.REAL, *points.OF_SMTP]
    name = f"SMTP, random, {connections} × {'pipelined' if pipelining else 'lock-step'}"
    return _randomly(name, begin, places, kills, chance)


def random_sendgrid(
    children: Children, kills: int, chance: random.Random
) -> Row:
    places = [*points.EVERY, *points.REAL, *points.OF_SENDGRID]
    return _randomly(
        "SendGrid, random",
        lambda: sendgrid(children, readers=2 * BATCH + 500),
        places,
        kills,
        chance,
    )


# Within a system call


def tracing(send: Send, call: str, what: str) -> list[str]:
    """strace that injects a fault into calls that concern the ledger's log; empty where it isn't
    here, or may not.
    """
    log = f"{send.office.ledger}-wal"
    quick = ["-f", "-qq", "-o", "/dev/null", "-P", log]
    command = [
        "strace",
        *quick,
        "-e",
        f"trace={call}",
        "-e",
        f"inject={call}:{what}",
    ]
    if (
        shutil.which("strace")
        and subprocess.run(
            [*command, "true"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return command
    return []


def torn(children: Children, kills: int, chance: random.Random) -> Row | None:
    """Killed as SQLite writes: a commit is half in its log. None where that can't be done."""
    row = Row("SMTP, in a write of the ledger")
    for _ in range(kills):
        with smtp(children) as send:
            strace = tracing(
                send, "pwrite64", f"signal=KILL:when={chance.randint(1, 40)}"
            )
            if not strace:
                return None
            send.through(*strace)
            row.add(send)
    return row


def unflushed(children: Children, times: int) -> Row | None:
    """Each flush of the ledger's log fails in its turn. None where that can't be done."""
    row = Row("SMTP, a flush of the ledger fails")
    for when in range(1, times + 1):
        with smtp(children, connections=1) as send:
            strace = tracing(send, "fdatasync", f"error=EIO:when={when}")
            if not strace:
                return None
            send.through(*strace)
            row.add(send)
    return row
