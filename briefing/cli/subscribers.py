"""briefing subscribers: unsubscribe readers."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output
from briefing.counts import counted
from briefing.errors import BriefingError, FileError, NotFoundError, RefusedError
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.subscribers.subscriber_list import SubscriberList
    from briefing.subscribers.unsubscribing import UnsubscribePlan

EXAMPLES = """\
briefing subscribers remove --file -
briefing subscribers remove --file bounces.txt --reason bounced
briefing subscribers remove 9f86d081884c7d659a2feaa0c55ad0
"""


class PrivateGroup(click.Group):
    """A group that doesn't repeat an unknown command: it may be an address, with `remove`
    forgotten.
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in names:
            known = " or ".join(f"'{ctx.command_path} {name}'" for name in names)
            ctx.fail(f"There is no such command; did you mean {known}?")
        return super().resolve_command(ctx, args)


@decorators.command("remove", examples=EXAMPLES)
@click.argument("readers", nargs=-1, metavar="[ADDRESS|TOKEN]...")
@click.option(
    "--file",
    "file",
    metavar="FILE",
    help="Addresses and tokens, one per line; - reads standard input.",
)
@click.option(
    "--reason",
    default="asked",
    metavar="TEXT",
    help="Why, for the record (default: 'asked').",
)
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The list to look them up in (default: subscribers.csv).",
)
@decorators.json_option
@click.pass_obj
def remove(
    directory: Path,
    readers: tuple[str, ...],
    file: str | None,
    reason: str,
    list_: Path | None,
    as_json: bool,
) -> None:
    """Unsubscribe readers, whatever list is used later.

    Name each reader by their address, or by the token in the link, address or
    subject line that they unsubscribed with; you can paste all of it. They are
    recorded in .briefing/suppressions.csv by their tokens, without addresses.
    The list itself isn't changed.

    Addresses that you type here stay in the shell's history: use --file - for
    them. In a file, empty lines and lines that begin with # are skipped.
    """
    from briefing.keys import Key
    from briefing.sending import rehearsals
    from briefing.subscribers import unsubscribing
    from briefing.subscribers.suppression import Suppression

    if not readers and file is None:
        raise click.UsageError(
            "Name readers by their tokens, or use --file FILE for addresses (- reads standard input)."
        )
    newsletter = Newsletter.find(directory)
    named = unsubscribing.parse_arguments(readers)
    if file is not None:
        named += unsubscribing.parse_file(_read(file), _file_name(file))
    if not named:
        raise RefusedError(
            "the file contains neither an address nor a token; nothing was changed"
        )
    key = Key.of(newsletter)
    subscribers = _list(newsletter, list_)
    suppression = Suppression.of(newsletter)
    planned = unsubscribing.plan(named, key, suppression, subscribers)
    today = dt.datetime.now().astimezone().date()
    recorded = unsubscribing.record(planned, suppression, reason, today)
    deleted = rehearsals.remove_readers(newsletter, key, recorded.tokens)
    if as_json:
        output.print_json(_as_json(recorded, list_ or newsletter.subscribers))
        return
    for sentence in unsubscribing.describe(
        recorded, subscribers.name if subscribers else ""
    ):
        output.echo(sentence)
    if deleted:
        output.echo(f"{counted(deleted, 'mail')} deleted from rehearsal/.")
    output.echo("'briefing send' skips them from now on, whatever list it uses.")


def _as_json(recorded: "UnsubscribePlan", path: Path) -> dict[str, object]:
    return {
        "suppressed": recorded.new,
        "already": recorded.already,
        "list": None if recorded.on_list is None else str(path),
        "on_list": recorded.on_list,
        "unknown_tokens": recorded.unknown_tokens,
    }


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


def _list(newsletter: Newsletter, path: Path | None) -> "SubscriberList | None":
    """Return the list to look readers up in. Only one that was named with --list must exist."""
    from briefing.subscribers.formats import open_list

    if path:
        return open_list(path)
    try:
        return open_list(newsletter.subscribers)
    except BriefingError as error:
        output.warn(f"which of them are on the list is unknown: {error}")
        return None


command = PrivateGroup(
    "subscribers",
    commands=[remove],
    help="Unsubscribe readers: 'subscribers remove'.",
    epilog=remove.epilog,
)
