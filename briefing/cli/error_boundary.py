"""The one place that handles errors: each becomes a line on standard error and an exit code."""

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from briefing.bugs import describe_bug
from briefing.errors import BriefingError
from briefing.storage.files import reason

from .output import fail
from .signals import INTERRUPTED


def report_errors(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command so that its errors end the program with one line and an exit code."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except BriefingError as error:
            fail(str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            fail("stopped", INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # The program that read our output has closed it, as `| head` does.
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            fail(f"{error.filename or 'this computer'}: {reason(error)}")
        except Exception as error:
            if os.environ.get("BRIEFING_DEBUG"):
                raise
            fail(f"{describe_bug(error)}; set BRIEFING_DEBUG=1 for details")

    return guarded
