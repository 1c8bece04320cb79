"""Measure how many readers a second `briefing subscribers serve` lets leave, each durably.

    python benchmarks/serving.py [--seconds S] [--rate N] [--tokens T]

Readers press the button at fixed times, whatever the server does, over connections that stay open,
as those of a web server in front of it do; the generator runs on the same machine. One in ten has a
token that the server doesn't know. Afterwards all that were answered are looked for in what the
server hands over to home. A full run takes 600 seconds (`--seconds 600`).
"""

import argparse
import asyncio
import http.client
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import pyrage

from benchmarks import newsletter
from benchmarks.running import (
    argument_parser,
    commit_time,
    print_targets,
    verdict,
)
from briefing.joining import protocol
from briefing.joining.protocol import RequestKind, token_digest

HOST = "join.example.org"
KEY = "benchmark"
CONNECTIONS = 128
UNKNOWN = 10
"""One in so many tokens isn't known."""
SETTINGS = """\
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
languages = ["en", "de", "tr", "ug", "zh"]
[smtp]
host = "127.0.0.1"
security = "none"
[unsubscribe]
url = "https://{host}/leave/{{token}}"
[joining]
url = "https://{host}"
from = "confirm@example.org"
keys = ["{key}"]
"""


@dataclass
class Load:
    """What the readers met with."""

    seconds: list[float] = field(default_factory=list)
    """From the moment a reader pressed the button to the whole answer."""
    left: list[str] = field(default_factory=list)
    """The tokens of those who were answered, in order."""
    unknown: list[float] = field(default_factory=list)
    """The seconds of those among them whose token wasn't known."""
    failed: int = 0
    duration: float = 0
    """Seconds from the first reader's button to the last answer."""


class Connection:
    """A connection on which one reader after the other leaves, opened again if the server ended it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: (
            tuple[asyncio.StreamReader, asyncio.StreamWriter] | None
        ) = None

    async def leave(self, token: str) -> int:
        """Post what mail apps do (RFC 8058); return the status, 0 if there is no answer."""
        try:
            reader, writer = await self._open()
            return await _post(reader, writer, token)
        except (OSError, asyncio.IncompleteReadError):
            self._streams = None
            return 0

    async def _open(
        self,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        # A server may end a connection on which nothing is asked for a while.
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._port
            )
        return self._streams


async def _post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str
) -> int:
    body = "List-Unsubscribe=One-Click"
    writer.write(
        f"POST /leave/{token} HTTP/1.1\r\nHost: {HOST}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    assert length
    await reader.readexactly(int(length[1]))
    return int(head.split()[1])


async def press(
    port: int, tokens: Iterator[str], rate: float, seconds: float
) -> Load:
    """Let readers leave at fixed times; return what they met with."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(Connection(port))
    load = Load()
    loop = asyncio.get_running_loop()
    begun = loop.time() + 0.1

    async def leave(token: str, due: float) -> None:
        connection = await free.get()
        status = await connection.leave(token)
        free.put_nowait(connection)
        if status == 200:
            load.seconds.append(loop.time() - due)
            if token.startswith("f"):
                load.unknown.append(load.seconds[-1])
            load.left.append(token)
        else:
            load.failed += 1

    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            due = begun + number / rate
            await asyncio.sleep(max(0, due - loop.time()))
            group.create_task(leave(next(tokens), due))
    load.duration = loop.time() - begun
    return load


def ask(port: int, method: str, path: str, body: bytes | None = None) -> bytes:
    """Ask the server as home does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": HOST, "Authorization": f"Bearer {KEY}"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status}")
    return data


def send_tokens(port: int, tokens: list[str]) -> float:
    """Send all tokens' digests; return the seconds that it took."""
    start = time.perf_counter()
    digests = sorted(map(token_digest, tokens))
    for place in range(0, len(digests), protocol.DIGESTS_AT_ONCE):
        part = b"".join(digests[place : place + protocol.DIGESTS_AT_ONCE])
        ask(port, "PUT", f"{protocol.TOKENS}?upload=1", part)
    use = json.dumps({"upload": 1, "count": len(digests)}).encode()
    ask(port, "POST", protocol.TOKENS, use)
    return time.perf_counter() - start


def kept(port: int) -> set[str]:
    """Return the digests of all that left, as home gets them."""
    found: set[str] = set()
    after = 0
    while True:
        data = ask(port, "GET", f"{protocol.REQUESTS}?after={after}")
        requests = protocol.parse_batch(data).requests
        if not requests:
            return found
        found |= {
            each.body for each in requests if each.kind is RequestKind.LEAVE
        }
        after = requests[-1].id


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """Run the server; yield its process number and its port."""
    key = pyrage.x25519.Identity.generate().to_public()
    text = SETTINGS.format(host=HOST, key=key)
    (folder / "briefing.toml").write_text(text, "utf-8")
    digest = protocol.key_digest(KEY)
    process = subprocess.Popen(  # noqa: S603  # the program that is measured
        [
            *newsletter.BRIEFING,
            "-C",
            folder,
            "subscribers",
            "serve",
            "--port",
            "0",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {"BRIEFING_SYNC_KEY_DIGEST": digest, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    port = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
    if not port:
        raise SystemExit("the server doesn't start")
    try:
        yield process.pid, int(port[1])
    finally:
        process.terminate()
        process.wait()


def cpu_of(process: int) -> float:
    """Return the CPU seconds that a process has used (proc(5))."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2]
    user, system = after_name.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_of(process: int) -> float:
    """Return the greatest memory of a process so far, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    most = re.search(r"VmHWM:\s+(\d+)", status)
    assert most
    return int(most[1]) / 1024


def measure(folder: Path, options: argparse.Namespace) -> None:
    presses = round(options.rate * options.seconds)
    known = [f"{number:030x}" for number in range(max(options.tokens, presses))]
    with serving(folder) as (process, port):
        commit = commit_time(folder)
        upload = send_tokens(port, known)
        print(
            f"{len(known):,} tokens sent in {upload:.1f} s; a commit takes {commit:.2f} ms on this disk.\n"
        )
        tokens = _with_unknown(known[:presses])
        before = cpu_of(process)
        load = asyncio.run(press(port, tokens, options.rate, options.seconds))
        cpu = cpu_of(process) - before
        memory = memory_of(process)
        found = kept(port)
    answered = len(load.seconds)
    print_targets(_verdicts(load, options.rate, cpu, found))
    print(
        f"{answered:,} answers in {load.duration:.0f} s, the median after {median(load.seconds) * 1000:.1f} ms; "
        f"after {median(load.unknown) * 1000:.1f} ms where the token wasn't known; the server used {memory:.0f} MB."
    )


def _with_unknown(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the tokens, one in UNKNOWN replaced by another."""
    for number, token in enumerate(tokens):
        is_unknown = number % UNKNOWN == 0
        yield f"{'f' * 20}{number:010x}" if is_unknown else token


def _verdicts(
    load: Load, rate: float, cpu: float, found: set[str]
) -> list[list[str]]:
    answered = len(load.seconds)
    slow = quantiles(load.seconds, n=100)[98] * 1000
    each = cpu / answered * 1000
    known = (token for token in load.left if token[0] != "f")
    lost = {token_digest(token).hex() for token in known} - found
    return [
        verdict("leavings a second", answered / load.duration, rate * 0.99),
        verdict(
            "99 % are answered within", slow, 1000, at_most=True, unit=" ms"
        ),
        verdict(
            "CPU of the server for each", each, 5, at_most=True, unit=" ms"
        ),
        verdict("refused or broken off", load.failed, 0, at_most=True),
        verdict("answered, but not kept", len(lost), 0, at_most=True),
    ]


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"))  # noqa: S108  # on a disk, unlike /tmp
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), options)


if __name__ == "__main__":
    main()
