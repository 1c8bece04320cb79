"""briefing subscribers add: put readers on the list."""

from pathlib import Path

import click

from briefing import clock
from briefing.cli import decorators
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

EXAMPLES = """\
briefing subscribers add --file -
briefing subscribers add --file new.txt --lang de --tag press
briefing subscribers add --file - --name "Amina Yusuf" --consent "by phone"
"""


@decorators.command("add", examples=EXAMPLES)
@named_readers.arguments_for("[ADDRESS]...", "addresses")
@decorators.list_option
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
    help="What they agreed to, how and when, for the record.",
)
@decorators.pass_newsletter
def add(
    newsletter: Newsletter,
    names: named_readers.Names,
    list_: Path | None,
    name: str,
    lang: str,
    tags: tuple[str, ...],
    consent: str,
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
    from briefing.subscribers import plans, reader_changes
    from briefing.subscribers.subscriber import parse_address
    from briefing.subscribers.suppression import Suppression

    addresses = names.parse(parse_address)
    if name and len(addresses) > 1:
        raise RefusedError(
            "--name is the name of one reader, and there are several addresses; nothing was changed"
        )
    today = clock.today().isoformat()
    texts = {
        "name": name,
        "lang": lang,
        reader_changes.TAGS: ", ".join(tags),
        reader_changes.JOINED: today if consent else "",
        reader_changes.CONSENT: consent,
    }
    try:
        columns = reader_changes.clean_values(texts)
    except ValueError as error:
        raise RefusedError(f"{error}; nothing was changed") from None
    key = Key.of(newsletter)
    with list_update.editing(
        newsletter, key, clock.local_now(), list_, create=True
    ) as editing:
        planned = plans.plan_adding(
            addresses,
            columns,
            key,
            Suppression.of(newsletter),
            editing.subscribers,
        )
        count = counted(len(planned.changes), "reader")
        editing.apply(planned.changes, f"{count} added")
    done = f"{count} added to {editing.subscribers.name}."
    named_readers.report(planned, done, "added")
