"""briefing init: create a newsletter's folder."""

import shlex
from pathlib import Path
from typing import Any

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import display_path
from briefing.newsletter import EXAMPLE_ADDRESS, Newsletter, refuse_taken
from briefing.values import Mailbox

NAME = "Weekly Brief"

NEXT = (
    "briefing collect https://…     turn a link into an item, during the week",
    "briefing compose               make an issue of them; or --from brief.docx",
    "briefing preview               see the mail in your browser while you edit",
    "briefing setup                 before the first real send: how mails go out",
    "briefing docs                  read how all of it works",
)
"""In the order of the README."""

EXAMPLES = """\
briefing init weekly
briefing init weekly --name "Valley Brief" --organisation "Valley Watch"
"""


def _mailbox(text: str) -> str:
    """Return the mailbox as typed; a wrong one is a usage error, or in a prompt is asked for again."""
    try:
        Mailbox.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' {error}") from error
    return text


def _check_mailbox(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | None:
    return _mailbox(value) if value else value


def _example_sender(name: str) -> str:
    """Return a sender with the newsletter's name, unless a mail can't have that name."""
    sender = f"{name} <{EXAMPLE_ADDRESS}>"
    try:
        Mailbox.parse(sender)
    except ValueError:
        return f"{NAME} <{EXAMPLE_ADDRESS}>"
    return sender


@decorators.command("init", examples=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="The newsletter's name.")
@click.option("--organisation", help="Who publishes it.")
@click.option(
    "--from",
    "sender",
    metavar="MAILBOX",
    callback=_check_mailbox,
    help="The sender of its mails: 'Name <address>'.",
)
@click.pass_obj
def command(
    directory: Path,
    folder: Path,
    name: str | None,
    organisation: str | None,
    sender: str | None,
) -> None:
    """Create a folder for a new newsletter, ready to use.

    In a terminal, it asks for the name, the organisation and the sender unless options give them.
    You can change everything later in briefing.toml.
    """
    root = directory / folder
    refuse_taken(root)
    if name is None:
        name = _ask("Name of the newsletter", NAME)
    if organisation is None:
        organisation = _ask(
            "Organisation (Enter: none)", "", show_default=False
        )
    name = name or NAME
    example = _example_sender(name)
    if sender is None:
        sender = _ask("Sender of its mails", example, value_proc=_mailbox)
    newsletter = Newsletter.create(
        root,
        name=name,
        organisation=organisation,
        sender=sender or example,
    )
    _print_result(newsletter.settings.newsletter.name, display_path(root))


def _ask(question: str, default: str, **options: Any) -> str:
    if not prompts.is_interactive():
        return default
    answer: str = click.prompt(question, default=default, **options)
    return answer


def _print_result(name: str, folder: str) -> None:
    folder = shlex.quote(folder)
    output.echo(f"Created the newsletter '{name}' in {folder}:")
    output.echo("  briefing.toml      its settings, each explained")
    output.echo(
        "  subscribers.csv    its subscribers: example addresses to replace"
    )
    output.echo("  issues/            its issues, each in a folder")
    output.echo()
    output.echo("Next:")
    output.echo(f"  cd {folder}")
    for line in NEXT:
        output.echo(f"  {line}")
