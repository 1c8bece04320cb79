"""briefing subscribers add: put readers on the list."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, prompts, words
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers, similar_addresses

if TYPE_CHECKING:
    from briefing.subscribers.adding import AddPlan
    from briefing.subscribers.named_reader import NewReader
    from briefing.subscribers.subscriber_list import SubscriberList

EXAMPLES = """\
briefing subscribers add --file -
briefing subscribers add --file new.txt --lang de --tag press
briefing subscribers add --file - --name "Amina Yusuf" --consent "by phone"
"""

_OPTION = re.compile(r"(name|lang|tag|consent|joined)s?\s*\+?=")
"""The beginning of an argument of 'subscribers set' for which there is an option here."""


@decorators.command("add", examples=EXAMPLES)
@named_readers.arguments_for("[ADDRESS]...", "addresses")
@click.option("--name", default="", metavar="TEXT", help="The reader's name.")
@click.option(
    "--lang", default="", metavar="CODE", help="Their language, such as de."
)
@click.option(
    "--tag",
    "tags",
    metavar="TAG",
    multiple=True,
    help="A tag; can be used several times.",
)
@click.option(
    "--consent",
    default="",
    metavar="TEXT",
    help="What they agreed to, and how, for the record.",
)
@click.option(
    "--joined",
    metavar="DATE",
    callback=decorators.as_day,
    help="The day on which they agreed (today, if --consent is used).",
)
@click.option(
    "--force",
    is_flag=True,
    help="Don't ask about addresses that resemble one on the list.",
)
@decorators.json_option
@decorators.pass_newsletter
def add(
    newsletter: Newsletter,
    names: named_readers.Names,
    name: str,
    lang: str,
    tags: tuple[str, ...],
    consent: str,
    joined: dt.date | None,
    force: bool,
    as_json: bool,
) -> None:
    """Put readers on the list, in new rows at its end.

    Every other row stays exactly as it is. Columns that the list lacks are added,
    and a list that doesn't exist is created. People who are already on it are
    reported. People who unsubscribed or reported an email as spam aren't added: if
    they ask to come back, use 'subscribers restore' first.

    Addresses that you type here stay in the shell's history: use --file - for
    them. In a file, empty lines and lines that begin with # are skipped.
    'subscribers undo' undoes the change.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import adding
    from briefing.subscribers.suppression import Suppression

    named = _parse(names, name)
    details = adding.details_of(
        name=name,
        lang=lang,
        tags=tags,
        consent=consent,
        joined=joined,
        today=clock.today(),
    )
    key = Key.of(newsletter)
    path = names.list_ or newsletter.subscribers
    now = clock.local_now()
    with list_update.editing(
        newsletter, key, now, path, create=True
    ) as editing:
        suppression = Suppression.of(newsletter)
        planned = adding.plan_adding(
            named, key, suppression, editing.subscribers
        )
        if not force:
            may_ask = prompts.is_interactive() and not as_json
            planned = _without_slips(
                planned, editing.subscribers, may_ask=may_ask
            )
        changes = adding.changes(planned, details)
        editing.apply(changes, f"{counted(len(changes), 'reader')} added")
    if as_json:
        output.print_json(_as_json(planned, path))
    else:
        _show(planned, editing.subscribers.name)
    _fail_for_suppressed(planned)


def _parse(names: named_readers.Names, name: str) -> "list[NewReader]":
    """Return who is to be added. `name`: that of the only reader, if it is given."""
    named = names.parse_as(
        _parse_one,
        "give readers' addresses, or use --file FILE (- reads standard input)",
        "the file contains no address",
    )
    if name and len({reader.identity for reader in named}) > 1:
        raise RefusedError(
            "--name is the name of one reader, and there are several addresses; nothing was changed"
        )
    return named


def _parse_one(text: str) -> "NewReader":
    """Return the reader with the address in a text. Raises ValueError with a reason that repeats none
    of it.
    """
    from briefing.subscribers.named_reader import parse_new

    try:
        return parse_new(text)
    except ValueError:
        option = _OPTION.match(text)
        if not option:
            raise
    raise ValueError(
        f"isn't an address; write --{option[1]} before the value, without ="
    )


def _show(planned: "AddPlan", list_name: str) -> None:
    from briefing.subscribers import adding

    for sentence in adding.describe(planned, list_name):
        output.say(sentence)
    if planned.new:
        output.echo(words.UNDO)
    elif not (planned.listed or planned.suppressed):
        output.echo("Nothing was changed.")


def _without_slips(
    planned: "AddPlan", subscribers: "SubscriberList", *, may_ask: bool
) -> "AddPlan":
    """Ask about each new address that resembles one on the list, or only warn of it."""
    similar = similar_addresses.find(
        [reader.identity for reader in planned.new], subscribers
    )
    kept: list[NewReader] = []
    for reader in planned.new:
        found = similar.get(reader.identity, [])
        if not found:
            kept.append(reader)
        elif not may_ask:
            hint = similar_addresses.lines_to_compare(found)
            output.warn(
                f"the address in {reader.place} resembles another one{hint}"
            )
            kept.append(reader)
        else:
            output.echo(f"{reader.address} resembles:")
            similar_addresses.show(found)
            if prompts.ask_yes_no("Add it anyway?"):
                kept.append(reader)
    return replace(planned, new=tuple(kept))


def _fail_for_suppressed(planned: "AddPlan") -> None:
    for reader, removal in planned.suppressed:
        did = "unsubscribed"
        if removal.is_complaint:
            did = "reported an email as spam"
        output.error(
            f"the reader in {reader.place} {did} ({removal.date}: {removal.reason})"
        )
    if planned.suppressed:
        count = counted(len(planned.suppressed), "reader")
        output.fail(
            f"{count} not added; if they ask to come back, run 'briefing subscribers restore', then this again"
        )


def _as_json(planned: "AddPlan", path: Path) -> dict[str, object]:
    return {
        "added": len(planned.new),
        "list": str(path),
        "already": [
            {"place": reader.place, "line": row}
            for reader, row in planned.listed
        ],
        "suppressed": [
            {
                "place": reader.place,
                "date": removal.date,
                "reason": removal.reason,
            }
            for reader, removal in planned.suppressed
        ],
    }
