"""A newsletter that is ready to be sent, the children that send it, and the server that they send
to.
"""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, TypedDict, Unpack

from tests.forked import PROJECT, serving
from tests.sending.crash import oracle
from tests.sending.crash.child import RUNS, Order
from tests.sending.crash.oracle import View, Watch
from tests.sending.servers.listener import Listener

PATIENCE = 300.0
"""Seconds until a child that doesn't end is killed, and its test fails: only against hangs."""
RUNNING = ("Sending: ", "Stopping. Waiting for ")
"""The beginnings of lines that show the progress of a send; anything else is said once, at the end."""
ISSUE = "2020-10-09"
WITNESS = "zeugin"
"""Is in every address and name on the list, and must appear nowhere else."""
PASSWORD = "kanarienpass-5d1e"  # noqa: S105  # of a server on this computer
API_KEY = "SG.kanarienschluessel-77c2"
SECRETS = {
    "BRIEFING_SMTP_PASSWORD": PASSWORD,
    "SENDGRID_API_KEY": API_KEY,
    "NO_COLOR": "1",
}
USER = "editor"

Via = Literal["smtp", "sendgrid"]


class Happens(TypedDict, total=False):
    """What happens to a child: see `Order`."""

    point: str
    nth: int
    action: str
    clock_error: int
    stderr_is_full: bool
    shows_each_step: bool


TEXT = """\
# Weekly Brief
date: 2020-10-09

welcome.

### A ruling
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/ruling

{text}
"""


class Office:
    """A newsletter's folder, its issue and its list; by default in one language, since two take twice as long."""

    def __init__(
        self,
        root: Path,
        readers: int,
        port: int,
        *,
        connections: int = 2,
        languages: Sequence[str] = ("en",),
    ) -> None:
        self.root = root
        self.languages = languages
        self.readers = [
            f"{WITNESS}{number}@example.org" for number in range(readers)
        ]
        self.folder.mkdir(parents=True)
        self.write_issue("Its text.")
        (root / "briefing.toml").write_text(
            '[newsletter]\nname = "Weekly Brief"\nfrom = "Weekly Brief <weekly@example.org>"\n'
            f"languages = {json.dumps(languages)}\n"
            f'[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nusername = "{USER}"\n'
            f'connections = {connections}\n[sendgrid]\nhost = "http://127.0.0.1:{port}"\n'
            '[unsubscribe]\nurl = "https://example.org/u/{token}"\nmailto = "leave@example.org"\n',
            "utf-8",
        )
        self.write_list(self.readers)

    @property
    def state(self) -> Path:
        return self.root / ".briefing"

    @property
    def folder(self) -> Path:
        return self.root / "issues" / ISSUE

    @property
    def ledger(self) -> Path:
        return self.state / "ledger.sqlite"

    def write_issue(self, text: str) -> None:
        (self.folder / "issue.md").write_text(TEXT.format(text=text), "utf-8")
        if "de" in self.languages:
            (self.folder / "issue.de.md").write_text(
                TEXT.format(text="Der Text."), "utf-8"
            )

    def write_list(self, readers: Sequence[str]) -> None:
        """Every third reads German."""
        rows = (
            f"{reader},{WITNESS.title()} {place},{'en' if place % 3 else 'de'}"
            for place, reader in enumerate(readers)
        )
        path = self.root / "subscribers.csv"
        path.touch(0o600)
        path.write_text(
            "".join(f"{row}\n" for row in ("email,name,lang", *rows)), "utf-8"
        )


@dataclass(frozen=True)
class Ended:
    """A child that has ended: its exit code, or minus the signal that killed it."""

    code: int
    out: str
    err: str

    @classmethod
    def of(cls, code: int, order: Order) -> Self:
        out, err = (Path(f"{order.output}{end}") for end in ("", ".err"))
        return cls(
            code,
            *(
                path.read_text("utf-8") if path.exists() else ""
                for path in (out, err)
            ),
        )

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be sent."""
        ends = (
            "was already sent to every reader",
            "may or may not have the issue",
        )
        return self.code == 0 or any(end in self.err for end in ends)

    @property
    def lines(self) -> list[str]:
        """What it said on standard error, without notes."""
        return [
            line
            for line in self.err.splitlines()
            if not line.startswith("note: ")
        ]


class Child:
    """A child at work; only its own process is ever signalled."""

    def __init__(self, children: "Children", pid: int, order: Order) -> None:
        self.pid = pid
        self._children = children
        self._order = order
        self._ended = False
        self._code: int | None = None
        self._lock = threading.Lock()

    def signal(self, number: int = signal.SIGKILL) -> None:
        with self._lock, suppress(ProcessLookupError):
            if not self._ended:
                os.kill(self.pid, number)

    def _reaped(self) -> int:
        while not self.has_ended:
            time.sleep(0.002)
        assert self._code is not None
        return self._code

    @property
    def has_ended(self) -> bool:
        with self._lock:
            # A signal sent afterwards would reach a stranger's process.
            if not self._ended:
                code = self._children.code_of(self.pid)
                self._ended, self._code = code is not None, code
            return self._ended

    def until_stopped(self) -> None:
        """Wait until SIGSTOP holds it."""
        end = time.monotonic() + PATIENCE
        while (
            Path(f"/proc/{self.pid}/stat")
            .read_text("ascii")
            .rpartition(")")[2]
            .split()[0]
            != "T"
        ):
            assert time.monotonic() < end, "it doesn't stop"
            time.sleep(0.005)

    def wait(self) -> Ended:
        patience = threading.Timer(PATIENCE, self.signal, [signal.SIGABRT])
        patience.start()
        code = self._reaped()
        patience.cancel()
        assert code != -signal.SIGABRT, "it didn't end"
        return Ended.of(code, self._order)


class Gate:
    """Holds a server at a step until the test opens it. Call it from a rule's `Kill`."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._open = threading.Event()

    def __call__(self) -> None:
        self._reached.set()
        assert self._open.wait(PATIENCE), "the test doesn't open the gate"

    def wait(self) -> None:
        """Wait until the server has reached the gate."""
        assert self._reached.wait(PATIENCE), (
            "the server doesn't come to the gate"
        )

    def open(self) -> None:
        """Let the server continue."""
        self._open.set()

    @property
    def is_open(self) -> bool:
        return self._open.is_set()


class Children:
    """The process that forks them (`child`), while this is entered."""

    def __enter__(self) -> Self:
        self._lock = threading.Lock()
        self._stack = ExitStack()
        program = serving("tests.sending.crash.child", timeout=PATIENCE)
        self._answer = self._stack.enter_context(program)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, order: Order) -> Child:
        return Child(self, self._ask(order.as_json()), order)

    def code_of(self, pid: int) -> int | None:
        """How a child has ended; None as long as it runs."""
        code = self._ask(json.dumps(pid))
        return None if code == RUNS else code

    def _ask(self, line: str) -> int:
        with self._lock:
            return int(self._answer(line))


@dataclass
class Send:
    """An issue on its way: start a child, let it end, see what server and ledger say."""

    office: Office
    server: Listener
    children: Children
    via: Via = "smtp"
    most_in_flight: int = 4
    """How many a kill may leave in the state `sending`: two per connection, or one request."""
    always: tuple[str, ...] = ()
    """Options of every `briefing send`."""
    kills: int = 0
    broken: list[str] = field(default_factory=list)
    """Promises that were: empty, or a test fails."""
    running: Child | None = None

    def start(self, *more: str, **happens: Unpack[Happens]) -> Child:
        """Start `briefing send` as a person would who knows how many emails are left."""
        self.running = self.briefing(*self.arguments(*more), **happens)
        return self.running

    def arguments(self, *more: str) -> list[str]:
        expect = (
            [] if "--expect" in more else ["--expect", str(self.view().left)]
        )
        return [
            "send",
            "--via",
            self.via,
            "--yes",
            "--untested",
            *expect,
            *self.always,
            *more,
        ]

    def briefing(self, *arguments: str, **happens: Unpack[Happens]) -> Child:
        """Start any command."""
        return self.children.start(self.order(*arguments, **happens))

    def order(self, *arguments: str, **happens: Unpack[Happens]) -> Order:
        return Order(
            arguments=["-C", str(self.office.root), *arguments],
            output=str(self.office.root / f"said-{secrets.token_hex(4)}"),
            environment=SECRETS,
            **happens,
        )

    def end(self, child: Child) -> Ended:
        """Wait for its end, and note every promise that it broke."""
        ended = self.done(child)
        self.judge(ended)
        return ended

    def done(self, child: Child) -> Ended:
        """Wait for its end."""
        ended = child.wait()
        self.running = None
        return ended

    def run(self, *more: str, **happens: Unpack[Happens]) -> Ended:
        return self.end(self.start(*more, **happens))

    def through(self, *program: str) -> Ended:
        """The same as a process of its own, under another program such as strace."""
        order = self.order(*self.arguments())
        command = [
            *program,
            sys.executable,
            "-m",
            "tests.sending.crash.child",
            order.as_json(),
        ]
        code = subprocess.run(
            command,
            cwd=PROJECT,
            timeout=PATIENCE,
            check=False,
            capture_output=True,
        ).returncode
        ended = Ended.of(code, order)
        self.judge(ended)
        return ended

    def judge(self, ended: Ended) -> None:
        self.kills += ended.killed
        watch = self._watch()
        said = f"{ended.out}{ended.err}"
        view = self.view()
        wrong = [
            *view.broken(),
            *watch.found_in(said.encode(), "the output"),
            *watch.leaks(self.office.state),
        ]
        if "Traceback" in said or "bug in briefing" in said:
            wrong.append(f"it said: {said}")
        if ended.code not in {0, 1, 75, 130, -signal.SIGKILL}:
            wrong.append(f"it ended with {ended.code}: {said}")
        if (
            ended.code in {1, 75, 130}
            and sum(not line.startswith(RUNNING) for line in ended.lines) != 1
        ):
            wrong.append(f"not one line: {ended.lines}")
        if (in_flight := view.count("sending")) > self.most_in_flight:
            wrong.append(f"{in_flight} are under way")
        self.broken += [
            f"{ended.code}: {line}"
            for line in wrong + list(self.server.violations)
        ]

    def in_order(self) -> list[str]:
        """The readers in the order in which they are mailed."""
        secret = (self.office.state / "key").read_bytes()
        return sorted(
            self.office.readers,
            key=lambda reader: oracle.recipient(secret, ISSUE, reader),
        )

    def finish(self) -> View:
        """Let a send end; everyone has theirs then, or is uncertain."""
        ended = self.run()
        view = self.view()
        self.broken += (
            view.unfinished() if ended.is_over else [f"it doesn't end: {ended}"]
        )
        return view

    def view(self) -> View:
        """The state of the send, as soon as the server has read all that was sent to it."""
        if self.running is None:
            self.until_disconnected()
        return oracle.view(
            self.office.ledger, ISSUE, self.office.readers, self._mails()
        )

    def _mails(self) -> Counter[str]:
        assert self.server.log
        return oracle.mails_of_log(self.server.log)

    def _watch(self) -> Watch:
        key = self.office.state / "key"
        secret = (
            [key.read_bytes(), key.read_bytes().hex().encode()]
            if key.exists()
            else []
        )
        return Watch(
            [WITNESS.encode(), PASSWORD.encode(), API_KEY.encode(), *secret]
        )

    def until_disconnected(self) -> None:
        """Wait until the server has no connection."""
        end = time.monotonic() + PATIENCE
        while self.server.connected:
            assert time.monotonic() < end, "the server keeps a connection"
            time.sleep(0.002)

    def until(self, mails: int) -> None:
        """Wait until the server has so many."""
        assert self.server.log
        end = time.monotonic() + PATIENCE
        while oracle.mails_of_log(self.server.log).total() < mails:
            assert time.monotonic() < end, "the emails don't come"
            time.sleep(0.005)


def _batch(body: Mapping[str, object]) -> str:
    return str(body.get("batch_id", ""))


def resume_lines(ended: Ended) -> int:
    """How many lines name the command that continues."""
    return len(
        re.findall(
            rf"'briefing send {ISSUE}(?: --via \w+)?' sends [0-9,]+ more email",
            ended.out,
        )
    )
