"""briefing subscribers: readers who left get nothing any more."""

import datetime as dt
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output
from briefing.errors import BriefingError, FileError, NotFoundError, RefusedError
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.keys import Key
    from briefing.subscribers.subscriber_list import SubscriberList

EXAMPLES = """\
briefing subscribers remove --file -
briefing subscribers remove --file bounces.txt --reason bounced
briefing subscribers remove 9f86d081884c7d659a2feaa0c55ad0
"""


class Readers(click.Group):
    """A group that doesn't repeat what it takes for a command: it may be an address, with `remove` forgotten."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            known = " or ".join(f"'{ctx.command_path} {name}'" for name in self.list_commands(ctx))
            ctx.fail(f"there is no such command; did you mean {known}?")
        return super().resolve_command(ctx, args)


@decorators.command("remove", examples=EXAMPLES)
@click.argument("readers", nargs=-1, metavar="[ADDRESS|TOKEN]...")
@click.option("--file", "file", metavar="FILE", help="Addresses and tokens, one a line; - reads standard input.")
@click.option("--reason", default="asked", metavar="TEXT", help="Why, for the record: 'asked' unless given.")
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The list that is looked at; subscribers.csv unless given.",
)
@decorators.json_option
@click.pass_obj
def remove(
    directory: Path, readers: tuple[str, ...], file: str | None, reason: str, list_: Path | None, as_json: bool
) -> None:
    """Take readers out of every send, whatever list is imported.

    Each is named by their address, or by the token of the unsubscribe address or subject line that they sent; a pasted
    one will do. They go into .briefing/suppressions.csv as tokens, without their addresses. The list itself stays as
    it is.

    Addresses that are typed here stay in the shell's history: use --file - for them. In a file, empty lines and those
    that begin with # are skipped.
    """
    from briefing.keys import Key
    from briefing.subscribers.suppression import Suppression, token_of

    if not readers and file is None:
        raise click.UsageError("nobody is named; give tokens, or addresses with --file FILE (- reads standard input)")
    newsletter = Newsletter.find(directory)
    named = [*_arguments(readers), *(_lines(file) if file is not None else ())]
    if not named:
        raise RefusedError("there is no address and no token in the file; nothing was changed")
    key = Key.of(newsletter)
    tokens = {one if _is_token(one) else token_of(key, one): _is_token(one) for one in named}
    listed = _listed(newsletter, list_)
    found = None if listed is None else _on(listed, key, tokens)
    today = dt.datetime.now().astimezone().date()
    new = Suppression.of(newsletter).add(tokens, reason, today)
    unknown = None if found is None else sum(is_token and one not in found for one, is_token in tokens.items())
    if as_json:
        result = {
            "suppressed": new,
            "already": len(tokens) - new,
            "list": str(list_ or newsletter.subscribers) if listed else None,
            "on_list": None if found is None else len(found),
            "unknown_tokens": unknown,
        }
        output.print_json(result)
        return
    _say_suppressed(new, len(tokens) - new)
    if listed and found is not None and unknown is not None:
        _say_listed(listed.name, len(found), len(tokens), unknown)
    output.echo("Next: nothing; 'briefing send' leaves them out, whatever list it is given.")


def _say_suppressed(new: int, already: int) -> None:
    if new:
        also = f"; {already:,} {'was' if already == 1 else 'were'} suppressed already" if already else ""
        output.echo(f"{_readers(new)} suppressed{also}.", fg="green")
    else:
        output.echo(f"{_readers(already)} {'was' if already == 1 else 'were'} suppressed already; nothing was changed.")


def _say_listed(path: str, found: int, all_: int, unknown: int) -> None:
    if not found and unknown < all_:
        output.echo(f"{'The reader is not' if all_ == 1 else 'None of them is'} on {path}.")
    elif found == all_ == 1:
        output.echo(f"The reader is on {path}; the row stays in the file, and gets nothing.")
    elif found == 1:
        output.echo(f"1 of them is on {path}; the row stays in the file, and gets nothing.")
    elif found:
        output.echo(f"{found:,} of them are on {path}; they stay in the file, and get nothing.")
    if unknown == 1:
        output.echo(f"1 token fits nobody on {path}: it may be of an older list, and is suppressed all the same.")
    elif unknown:
        output.echo(
            f"{unknown:,} tokens fit nobody on {path}: they may be of an older list, and are suppressed all the same."
        )


def _readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count:,} readers"


def _arguments(texts: tuple[str, ...]) -> Iterator[str]:
    for number, text in enumerate(texts, 1):
        try:
            yield _named(text)
        except ValueError as error:
            raise RefusedError(f"argument {number} {error}; nothing was changed") from None


def _lines(file: str) -> Iterator[str]:
    name = "standard input" if file == "-" else file
    for number, line in enumerate(io.StringIO(_text(file, name), newline=None), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                yield _named(line)
            except ValueError as error:
                raise FileError(name, f"{error}; nothing was changed", line=number) from None


def _text(file: str, name: str) -> str:
    if file != "-":
        try:
            data = Path(file).read_bytes()
        except FileNotFoundError:  # what was given may be an address
            raise NotFoundError("there is no such file as --file names; - reads standard input") from None
        except OSError as error:
            raise FileError(file, f"can't be read ({error.strerror}); is it yours to read?") from None
    elif sys.stdin is None:
        raise RefusedError("standard input is closed; name a file with --file")
    else:
        if sys.stdin.isatty():
            click.echo("Addresses and tokens, one a line; press Ctrl-D on an empty line to end.", err=True)
        data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    raise FileError(name, "is no UTF-8 text; save the file anew as that; nothing was changed", line=line)


def _named(text: str) -> str:
    """The token in `text`, or the identity of the reader whose address it is.

    Raises ValueError without any of it. A mailto: address that has a subject is an address, too, but not the reader's.
    """
    from briefing.subscribers.subscriber import Subscriber, parse_address
    from briefing.subscribers.suppression import TOKEN

    whole = rf"(?<![0-9a-z]){TOKEN.pattern}(?![0-9a-z@])"
    tokens: set[str] = {token.lower() for token in re.findall(whole, text, re.IGNORECASE)}
    identity = reason = ""
    try:
        identity = Subscriber(parse_address(text)).identity
    except ValueError as error:
        reason = str(error)
    if identity and not (tokens and "?" in text):
        return identity
    if len(tokens) > 1:
        raise ValueError("holds several tokens; give one at a time")
    if not tokens:
        raise ValueError(f"is neither a token (30 digits and letters a-f) nor an address ({reason})")
    return tokens.pop()


def _is_token(named: str) -> bool:
    return "@" not in named


def _listed(newsletter: Newsletter, path: Path | None) -> "SubscriberList | None":
    """The list to look at; one that was named must be there."""
    from briefing.subscribers.formats import open_list

    if path:
        return open_list(path)
    try:
        return open_list(newsletter.subscribers)
    except BriefingError as error:
        output.warn(f"it can't be told who of them is on the list. {error}")
        return None


def _on(listed: "SubscriberList", key: "Key", tokens: dict[str, bool]) -> set[str]:
    """Those of the tokens whose readers stand on the list."""
    from briefing.subscribers.subscriber import Subscriber
    from briefing.subscribers.suppression import token_of

    readers = (row for row in listed.rows() if isinstance(row, Subscriber))
    return {token for reader in readers if (token := token_of(key, reader.identity)) in tokens}


command = Readers(
    "subscribers",
    commands=[remove],
    help="Take readers who left out of every send: 'remove' does it.",
    epilog=remove.epilog,
)
