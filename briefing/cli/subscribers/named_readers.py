"""Readers as an editor names them on the command line: by address or token, or in a file."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from briefing.cli import output, prompts, words
from briefing.errors import FileError, NotFoundError, RefusedError
from briefing.text.counts import counted

if TYPE_CHECKING:
    from briefing.subscribers.plans import EditPlan

Function = Callable[..., Any]
T = TypeVar("T")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Names:
    """What an editor typed to name readers."""

    typed: tuple[str, ...]
    file: str | None
    what: str
    """What each entry has."""

    def parse(self, parse: Callable[[str], T]) -> dict[str, T]:
        """Return what is named on the command line and in the file, each read by `parse`, by its place.

        Raises FileError, RefusedError, and click's error if there is neither.
        """
        from briefing.subscribers import named_reader

        if not self.typed and self.file is None:
            raise click.UsageError(
                f"give {self.what}, or list them line by line with --file FILE (- reads standard input)"
            )
        entries = {
            f"entry {number}": text for number, text in enumerate(self.typed, 1)
        }
        if self.file is not None:
            data = _read(self.file, self.what)
            name = "standard input" if self.file == "-" else self.file
            entries |= named_reader.entries_in(data, name)
        if not entries:
            raise RefusedError("the file is empty; nothing was changed")
        return named_reader.parse_entries(entries, parse)


def arguments_for(metavar: str, what: str) -> Callable[[Function], Function]:
    """Add the argument for readers, and the option --file; the function gets them as `names`.

    `metavar` is what the help calls the argument, and `what` is what each entry has.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def with_names(
            *arguments: Any,
            readers: tuple[str, ...],
            file: str | None,
            **options: Any,
        ) -> Any:
            names = Names(readers, file, what)
            return function(*arguments, names=names, **options)

        for decorator in (
            click.option(
                "--file",
                "file",
                metavar="FILE",
                help="A file that lists them line by line; - reads standard input.",
            ),
            click.argument("readers", nargs=-1, metavar=metavar),
        ):
            with_names = decorator(with_names)
        return with_names

    return decorate


arguments = arguments_for("[ADDRESS|TOKEN]...", "addresses or tokens")


def report(plan: "EditPlan[C]", done: str, verb: str) -> None:
    """Print what a plan did, such as `2 readers are subscribed again.`, and whom it leaves out; the command
    fails if it leaves out anyone. `verb` is what was to be done, such as `restored`.
    """
    if plan.changes:
        output.say(done)
    for note in plan.notes:
        output.say(note)
    if plan.changes:
        output.echo(words.UNDO)
    for problem in plan.problems:
        output.error(problem)
    if plan.problems:
        output.fail(f"{counted(len(plan.problems), 'reader')} not {verb}")


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
    hint = f"Type {what}, line by line.\nThen press Ctrl-D on an empty line."
    return prompts.read_input(hint, "--file")
