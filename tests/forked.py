"""The program as processes that are forked from one which has imported everything already, and has
rendered an issue: each is as much a process of its own as one that begins with a new Python, and
starts ten times as fast.

As a program, this module is the process to fork from. It gets an order with the child's standard
input, output and error over a socket, and answers with the child's number, or with how it ended. A
child may also be a program of the tests' own.
"""

import atexit
import contextlib
import datetime as dt
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing.pool import ThreadPool
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from typing import IO, Any, NoReturn

import briefing
from briefing.checks.check import check_and_render
from briefing.languages import load_language
from briefing.newsletter import Newsletter

PROJECT = Path(__file__).parents[1]
LARGEST_ORDER = 1 << 20
STANDARD_ERROR = 2


@dataclass
class Forked:
    """A process of the program, used like one of `subprocess.Popen`."""

    pid: int
    stdout: IO[str]
    stderr: IO[str]
    returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait for its end, and return the rest of what it wrote: nothing the second time."""
        if self.returncode is not None:
            return "", ""
        # A process that has filled a pipe waits until it is read.
        with ThreadPool(2) as readers:
            reading = readers.map_async(_rest_of, (self.stdout, self.stderr))
            stdout, stderr = reading.get(timeout)
        self.returncode = wait(self.pid, timeout=timeout)
        return stdout, stderr


def _rest_of(stream: IO[str]) -> str:
    with stream:
        return stream.read()


def fork(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    folder: Path | None = None,
    largest_file: int = 0,
    timeout: float,
) -> Forked:
    """Run `briefing` with arguments, without an input (see `start`).

    `largest_file`: see `joining.conftest.start`.
    """
    reading, writing = zip(os.pipe(), os.pipe(), strict=True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        pid = start(
            arguments,
            environment,
            (nothing, *writing),
            folder=folder,
            largest_file=largest_file,
            timeout=timeout,
        )
    finally:
        for descriptor in (nothing, *writing):
            os.close(descriptor)
    stdout, stderr = (os.fdopen(each, encoding="utf-8") for each in reading)
    return Forked(pid, stdout, stderr)


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    descriptors: Sequence[int],
    *,
    folder: Path | None = None,
    in_new_session: bool = False,
    largest_file: int = 0,
    module: str = "",
    timeout: float,
) -> int:
    """Run `briefing` with arguments, with standard input, output and error; return its number.

    `module`: a program of the tests' own, which runs instead.
    """
    order = {
        "module": module,
        "arguments": arguments,
        "environment": {**environment},
        "folder": str(folder) if folder else None,
        "in_new_session": in_new_session,
        "largest_file": largest_file,
    }
    return _order(order, descriptors, timeout=timeout)


@contextlib.contextmanager
def serving(module: str, *, timeout: float) -> Iterator[Callable[[str], str]]:
    """Run a program of the tests' own that answers each line with a line, and end it afterwards; yield
    the function that asks it.
    """
    reading, orders = os.pipe()
    answers, writing = os.pipe()
    pid = start(
        [],
        os.environ,
        (reading, writing, STANDARD_ERROR),
        folder=PROJECT,
        module=module,
        timeout=timeout,
    )
    for descriptor in (reading, writing):
        os.close(descriptor)
    asking = os.fdopen(orders, "w", encoding="utf-8")
    answering = os.fdopen(answers, encoding="utf-8")

    def ask(line: str) -> str:
        asking.write(f"{line}\n")
        asking.flush()
        return answering.readline()

    try:
        with asking, answering:
            yield ask
    finally:
        wait(pid, timeout=timeout)


def wait(pid: int, *, timeout: float) -> int:
    """Wait for the end of a process; return its exit code."""
    return _order({"wait": pid}, timeout=timeout)


@cache
def _parent() -> socket.socket:
    """Start the process to fork from; return the socket that leads to it. It ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(its.fileno())],
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
        )
    # In reverse order: it ends once the socket is closed.
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _order(
    order: Mapping[str, Any],
    descriptors: Sequence[int] = (),
    *,
    timeout: float,
) -> int:
    parent = _parent()
    parent.settimeout(timeout)
    socket.send_fds(parent, [json.dumps(order).encode()], descriptors)
    answer = parent.recv(100)
    assert answer, "the process to fork from has ended"
    return int(answer)


def main(descriptor: int) -> None:
    """Carry out orders until the socket is closed."""
    for found in walk_packages(briefing.__path__, "briefing."):
        if found.name != "briefing.__main__":
            import_module(found.name)
    warm_up()
    orders = socket.socket(fileno=descriptor)
    while True:
        data, streams, _, _ = socket.recv_fds(orders, LARGEST_ORDER, 3)
        if not data:
            return
        order = json.loads(data)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            orders.send(b"%d" % os.waitstatus_to_exitcode(status))
            continue
        child = os.fork()
        if not child:
            orders.close()
            _run(order, streams)
        for each in streams:
            os.close(each)
        orders.send(b"%d" % child)


def warm_up() -> None:
    """Check and render an issue once, and read all catalogues: otherwise each child would compile all
    templates and patterns, and read what it needs.
    """
    with TemporaryDirectory() as folder:
        newsletter = Newsletter.create(
            Path(folder) / "brief",
            name="Weekly Brief",
            organisation="Example Watch",
            sender="Weekly Brief <weekly@example.org>",
        )
        issue = newsletter.issues / "2020-10-09"
        issue.mkdir(parents=True)
        (issue / "issue.md").write_text("# Weekly Brief\n", "utf-8")
        check_and_render(newsletter, issue, dt.date(2020, 10, 9))
        for code in ("de", "tr", "ug", "zh"):
            load_language(code, newsletter.template_folders)
    gc.freeze()  # what all children share stays shared


def _run(order: Mapping[str, Any], streams: Sequence[int]) -> NoReturn:
    """Become the program, in a child."""
    _set_up(order, streams)
    if order["module"]:
        import_module(order["module"]).main()
        sys.exit()
    code = 1
    with contextlib.suppress(BaseException):
        try:
            sys.modules["briefing.cli"].main(order["arguments"])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _set_up(order: Mapping[str, Any], streams: Sequence[int]) -> None:
    """Give a child its streams, its folder and its environment."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if order["in_new_session"]:
        os.setsid()
    if order["folder"]:
        os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if largest := order["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


if __name__ == "__main__":
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]
    main(int(sys.argv[1]))
