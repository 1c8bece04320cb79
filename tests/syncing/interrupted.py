"""The program as a child process that is killed before one of the steps by which a sync changes
anything, here or on its server. Or the disk is full from a step on.

It reads orders, one JSON object a line, forks a child for each, and prints its exit code. It was
forked itself from a process that has imported all of briefing (tests.forked).
"""

import datetime as dt
import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import briefing.cli
import briefing.syncing.server
from briefing import clock
from briefing.network import http_client


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _carry_out(**json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _carry_out(
    kill: int, full: int, days: int, arguments: list[str], output: str
) -> None:
    """Run a command, some days from now; it dies before its nth step, or the disk is full from its nth
    file on. 0: it doesn't, or isn't.
    """
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    steps = 0

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == kill:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)

        return counted

    files = 0

    def flush(descriptor: int) -> None:
        nonlocal files
        files += 1
        if full and files >= full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    fsync = os.fsync
    os.fsync = before(flush)
    os.replace = before(os.replace)
    http_client.ask = before(http_client.ask)
    now = clock.local_now() + dt.timedelta(days=days)
    clock.local_now = lambda: now
    try:
        briefing.cli.main(arguments)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    os._exit(0)
