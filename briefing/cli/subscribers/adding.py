"""briefing subscribers add: put readers on the list."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, words
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

if TYPE_CHECKING:
    from briefing.subscribers.adding import AddPlan

EXAMPLES = """\
briefing subscribers add --file -
briefing subscribers add --file new.txt --lang de --tag press
briefing subscribers add --file - --name "Amina Yusuf" --consent "by phone"
"""


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
@decorators.pass_newsletter
def add(
    newsletter: Newsletter,
    names: named_readers.Names,
    name: str,
    lang: str,
    tags: tuple[str, ...],
    consent: str,
    joined: dt.date | None,
) -> None:
    """Put readers on the list, in new rows at its end.

    Columns that the list lacks are added, and a list that doesn't exist is
    created. People who are already on it are reported. People who unsubscribed
    or reported an email as spam aren't added: if they ask to come back, use
    'subscribers restore' first.

    Addresses that you type here stay in the shell's history: use --file - for
    them. In a file, empty lines and lines that begin with # are skipped.
    'subscribers undo' undoes the change.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import adding
    from briefing.subscribers.named_reader import parse_new
    from briefing.subscribers.suppression import Suppression

    named = names.parse_as(
        parse_new,
        "give readers' addresses, or use --file FILE (- reads standard input)",
        "the file contains no address",
    )
    if name and len({reader.identity for reader in named}) > 1:
        raise RefusedError(
            "--name is the name of one reader, and there are several addresses; nothing was changed"
        )
    details = adding.details_of(
        name=name,
        lang=lang,
        tags=tags,
        consent=consent,
        joined=joined,
        today=clock.today(),
    )
    key = Key.of(newsletter)
    with list_update.editing(
        newsletter, key, clock.local_now(), names.list_, create=True
    ) as editing:
        planned = adding.plan_adding(
            named, key, Suppression.of(newsletter), editing.subscribers
        )
        changes = adding.changes(planned, details)
        editing.apply(changes, f"{counted(len(changes), 'reader')} added")
    for sentence in adding.describe(planned, editing.subscribers.name):
        output.say(sentence)
    if planned.new:
        output.echo(words.UNDO)
    _fail_for_suppressed(planned)


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
