"""Addresses typed on the command line, perhaps in the wrong place: no message repeats them, since output may
be logged.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import click

_PART = r"""[^\s<>"'=,;:/()]"""
# From the start of a word, so that a long one without an @ is looked through only once.
ADDRESS = re.compile(f"(?<!{_PART}){_PART}+@{_PART}+")
SHOWN_OPTION = "--test-to"
"""Its addresses are the editor's own, and which of them failed must be seen."""
_META = "briefing.typed_addresses"


def remember(context: click.Context, arguments: Sequence[str]) -> None:
    """Note the addresses among the arguments of the program."""
    found: list[str] = []
    for previous, argument in pairwise(["", *arguments]):
        is_shown = previous == SHOWN_OPTION or argument.startswith(
            f"{SHOWN_OPTION}="
        )
        if not is_shown:
            found += ADDRESS.findall(argument)
    context.find_root().meta[_META] = found


def hide(message: str) -> str:
    """Return a message with an ellipsis in place of each address that was typed."""
    context = click.get_current_context(silent=True)
    found = context.find_root().meta.get(_META, ()) if context else ()
    for address in found:
        message = re.sub(re.escape(address), "…", message, flags=re.IGNORECASE)
    return message
