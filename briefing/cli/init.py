"""briefing init: a new newsletter's folder."""

from pathlib import Path

import click

from briefing.cli import command as shared
from briefing.errors import shown
from briefing.newsletter import Newsletter
from briefing.settings import Mailbox

EXAMPLES = """\
briefing init weekly
briefing init weekly --name "Valley Brief" --organisation "Valley Watch"
"""


def _mailbox(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    try:
        if value:
            Mailbox.parse(value)
    except ValueError as error:
        raise click.BadParameter(f"'{value}' {error}") from error
    return value


@shared.command("init", examples=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the newsletter is called.")
@click.option("--organisation", help="Who publishes it.")
@click.option("--from", "sender", metavar="MAILBOX", callback=_mailbox, help="Whom mails come from: 'Name <address>'.")
@click.pass_obj
def command(directory: Path, folder: Path, name: str | None, organisation: str | None, sender: str | None) -> None:
    """Make a new newsletter's folder, which works at once.

    In a terminal it asks for what isn't given. All of it can be changed later, in briefing.toml.
    """
    wanted = {"name": name, "organisation": organisation, "sender": sender}
    defaults = {"name": "Weekly Brief", "organisation": "", "sender": "Weekly Brief <brief@example.org>"}
    questions = {"name": "Name of the newsletter", "organisation": "Organisation", "sender": "Mails come from"}
    for key, question in questions.items():
        if wanted[key] is None:
            default = defaults[key]
            wanted[key] = (
                click.prompt(question, default=default, show_default=bool(default)) if shared.terminal() else default
            )
    root = directory / folder
    made = Newsletter.create(root, **{key: value or "" for key, value in wanted.items()})
    shared.say(f"Made the newsletter '{made.settings.newsletter.name}' in {shown(root)}:")
    shared.say("  briefing.toml      its settings, a comment a line")
    shared.say("  subscribers.csv    the list, with example addresses; git leaves it out")
    shared.say("  issues/            an issue is a folder here")
    shared.say()
    shared.say("Next: paste a brief into a file, say brief.txt, and make an issue of it:")
    shared.say(f"  cd {shown(root)} && briefing compose --from brief.txt")
