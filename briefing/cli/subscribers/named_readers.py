"""Readers as an editor names them on the command line: by address or token, or in a file."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import (
    BriefingError,
    FileError,
    NotFoundError,
    RefusedError,
)
from briefing.newsletter import Newsletter
from briefing.subscribers.named_reader import NOTHING_CHANGED

if TYPE_CHECKING:
    from briefing.subscribers.named_reader import NamedReader, Parse, T
    from briefing.subscribers.subscriber_list import SubscriberList

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What an editor typed to name readers, and the list to look them up in."""

    typed: tuple[str, ...]
    file: str | None
    list_: Path | None
    what: str = "addresses and tokens"
    """What each line of the file has."""
    outcome: str = NOTHING_CHANGED
    """The end of messages about what can't be read."""

    def parse(self, *, sure: bool = False) -> "list[NamedReader]":
        """Return the readers that are named; `sure`: with --force. Raises FileError, RefusedError."""
        from briefing.subscribers.named_reader import parse_reader

        named = self.parse_as(
            parse_reader,
            "give readers' tokens, or use --file FILE for addresses (- reads standard input)",
            "the file contains neither an address nor a token",
        )
        return [replace(reader, sure=sure) for reader in named]

    def parse_as(self, parse: "Parse[T]", usage: str, empty: str) -> "list[T]":
        """Return what is named on the command line and in the file, each read by `parse`.

        Raises FileError, RefusedError, and click's error with the text `usage` if there is neither.
        `empty` says that the file names nobody, without the outcome.
        """
        from briefing.subscribers import named_reader

        if not self.typed and self.file is None:
            raise click.UsageError(usage)
        named = named_reader.parse_arguments(self.typed, parse, self.outcome)
        if self.file is not None:
            data = _read(self.file, self.what)
            name = "standard input" if self.file == "-" else self.file
            named += named_reader.parse_file(data, name, parse, self.outcome)
        if not named:
            raise RefusedError(empty + self.outcome)
        return named

    def open_list(self, newsletter: Newsletter) -> "SubscriberList | None":
        """Return the list to look readers up in. Only one that was named with --list must exist."""
        from briefing.subscribers.formats import open_list

        if self.list_:
            return open_list(self.list_)
        try:
            return open_list(newsletter.subscribers)
        except BriefingError as error:
            output.warn(
                f"couldn't find out which of them are on the list: {error}"
            )
            return None


def arguments_for(metavar: str, what: str) -> Callable[[Function], Function]:
    """Add the argument for readers, and the options --file and --list; the function gets them as
    `names`.

    `metavar` is what the help calls the argument, and `what` is what a line of the file has.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def with_names(
            *arguments: Any,
            readers: tuple[str, ...],
            file: str | None,
            list_: Path | None,
            **options: Any,
        ) -> Any:
            names = Names(readers, file, list_, what)
            return function(*arguments, names=names, **options)

        for decorator in (
            decorators.list_option,
            click.option(
                "--file",
                "file",
                metavar="FILE",
                help=f"{what.capitalize()}, one per line; - reads standard input.",
            ),
            click.argument("readers", nargs=-1, metavar=metavar),
        ):
            with_names = decorator(with_names)
        return with_names

    return decorate


arguments = arguments_for("[ADDRESS|TOKEN]...", "addresses and tokens")


def _read(file: str, what: str) -> bytes:
    if file != "-":
        try:
            return Path(file).read_bytes()
        except FileNotFoundError:  # without the name: it may be an address
            raise NotFoundError(
                "the file given with --file doesn't exist; use - to read standard input"
            ) from None
        except OSError as error:
            raise FileError(
                file, f"can't be read ({error.strerror}); check its permissions"
            ) from None
    hint = f"Type {what}, one per line.\nThen press Ctrl-D on an empty line."
    return prompts.read_input(hint, "--file")
