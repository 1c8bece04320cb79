"""briefing init: a new newsletter's folder."""

from pathlib import Path

import click

from briefing.cli import command as shared
from briefing.errors import shown
from briefing.newsletter import Newsletter
from briefing.settings import Mailbox

NAME = "Weekly Brief"
SENDER = "Weekly Brief <brief@example.org>"

EXAMPLES = """\
briefing init weekly
briefing init weekly --name "Valley Brief" --organisation "Valley Watch"
"""


def _mailbox(text: str) -> str:
    """The mailbox as it was typed; a mistake is click's, so that a prompt asks again."""
    try:
        Mailbox.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' {error}") from error
    return text


@shared.command("init", examples=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the newsletter is called.")
@click.option("--organisation", help="Who publishes it.")
@click.option(
    "--from",
    "sender",
    metavar="MAILBOX",
    callback=lambda _ctx, _param, value: _mailbox(value) if value else value,
    help="Whom mails come from: 'Name <address>'.",
)
@click.pass_obj
def command(directory: Path, folder: Path, name: str | None, organisation: str | None, sender: str | None) -> None:
    """Make a new newsletter's folder, which works at once.

    In a terminal it asks for what isn't given. All of it can be changed later, in briefing.toml.
    """
    asked = shared.terminal()
    if name is None:
        name = click.prompt("Name of the newsletter", default=NAME) if asked else NAME
    if organisation is None:
        organisation = click.prompt("Organisation", default="", show_default=False) if asked else ""
    if sender is None:
        sender = click.prompt("Mails come from", default=SENDER, value_proc=_mailbox) if asked else SENDER
    root = directory / folder
    made = Newsletter.create(root, name=name or NAME, organisation=organisation or "", sender=sender or SENDER)
    shared.say(f"Made the newsletter '{made.settings.newsletter.name}' in {shown(root)}:")
    shared.say("  briefing.toml      its settings, a comment a line")
    shared.say("  subscribers.csv    the list, with example addresses; git leaves it out")
    shared.say("  issues/            an issue is a folder here")
    shared.say()
    shared.say("Next: paste a brief into a file, say brief.txt, and make an issue of it:")
    shared.say(f"  cd {shown(root)} && briefing compose --from brief.txt")
