"""Readers as an editor names them on the command line: by address or token, or in a file."""

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import output
from briefing.errors import (
    BriefingError,
    FileError,
    NotFoundError,
    RefusedError,
)
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.subscribers.subscriber_list import SubscriberList
    from briefing.subscribers.unsubscribing import NamedReader


@dataclass(frozen=True, slots=True)
class Names:
    """What an editor typed to name readers, and the list to look them up in."""

    typed: tuple[str, ...]
    file: str | None
    list_: Path | None

    def parse(self, *, sure: bool) -> "list[NamedReader]":
        """Return the readers that are named; `sure`: with --force. Raises FileError, RefusedError."""
        from briefing.subscribers import unsubscribing

        if not self.typed and self.file is None:
            raise click.UsageError(
                "Name readers by their tokens, or use --file FILE for addresses (- reads standard input)."
            )
        named = unsubscribing.parse_arguments(self.typed)
        if self.file is not None:
            data = _read(self.file)
            named += unsubscribing.parse_file(data, _file_name(self.file))
        if not named:
            raise RefusedError(
                "the file contains neither an address nor a token; nothing was changed"
            )
        return [replace(reader, sure=sure) for reader in named]

    def open_list(self, newsletter: Newsletter) -> "SubscriberList | None":
        """Return the list to look readers up in. Only one that was named with --list must exist."""
        from briefing.subscribers.formats import open_list

        if self.list_:
            return open_list(self.list_)
        try:
            return open_list(newsletter.subscribers)
        except BriefingError as error:
            output.warn(f"which of them are on the list is unknown: {error}")
            return None


def arguments(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument for readers, and the options --file and --list; the function gets them as
    `names`.
    """

    @functools.wraps(function)
    def with_names(
        *arguments: Any,
        readers: tuple[str, ...],
        file: str | None,
        list_: Path | None,
        **options: Any,
    ) -> Any:
        names = Names(readers, file, list_)
        return function(*arguments, names=names, **options)

    for decorate in (
        click.option(
            "--list",
            "list_",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The list to look them up in (default: subscribers.csv).",
        ),
        click.option(
            "--file",
            "file",
            metavar="FILE",
            help="Addresses and tokens, one per line; - reads standard input.",
        ),
        click.argument("readers", nargs=-1, metavar="[ADDRESS|TOKEN]..."),
    ):
        with_names = decorate(with_names)
    return with_names


def _file_name(file: str) -> str:
    return "standard input" if file == "-" else file


def _read(file: str) -> bytes:
    if file != "-":
        try:
            return Path(file).read_bytes()
        except FileNotFoundError:  # without the name: it may be an address
            raise NotFoundError(
                "the file named by --file doesn't exist; use - to read standard input"
            ) from None
        except OSError as error:
            raise FileError(
                file, f"can't be read ({error.strerror}); check its permissions"
            ) from None
    if sys.stdin is None:
        raise RefusedError("standard input is closed; name a file with --file")
    if sys.stdin.isatty():
        click.echo(
            "Type addresses and tokens, one per line, then press Ctrl-D on an empty line.",
            err=True,
        )
    return sys.stdin.buffer.read()
