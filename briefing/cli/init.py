"""briefing init: create a newsletter's folder."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from briefing.configuration.values import NamedAddress
from briefing.errors import display_path
from briefing.newsletter import (
    EXAMPLE_ADDRESS,
    SETTINGS_FILE,
    Newsletter,
    refuse_taken,
)

from . import decorators, output, prompts

NAME = "Weekly Brief"

NEXT = (
    "briefing collect https://…     turn a link into an item, during the week",
    "briefing compose               make an issue from them, or --from brief.docx",
    "briefing preview               edit it in your browser, next to the email",
    "briefing setup                 before real sends: choose how emails are sent",
    "briefing docs                  read the documentation in your browser",
)
"""In the order of the README."""

FEW = 4
"""Someone who copies more templates than this is unlikely to change all of them."""

NEXT_WITH_TEMPLATES = (
    "briefing docs templates        how to change them, with examples",
    "briefing preview               see the email in your browser in the meantime",
)

EXAMPLES = """\
briefing init weekly
briefing init weekly --name "Valley Brief" --organisation "Valley Watch"
briefing init --template footer.html.j2     in a newsletter's folder
"""


def _named_address(text: str) -> str:
    """Return the address as typed; a wrong one is a usage error."""
    try:
        NamedAddress.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"'{text}' {error}") from error
    return text


def _check_sender(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | None:
    return _named_address(value) if value else value


def _named(sender: str, name: str) -> str:
    """Return a sender with the newsletter's name if it has none, unless an email can't have that name."""
    named = f"{name} <{sender}>"
    try:
        NamedAddress.parse(named)
    except ValueError:
        return sender
    return named


@decorators.command("init", examples=EXAMPLES)
@click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(path_type=Path),
)
@click.option("--name", help="The newsletter's name.")
@click.option("--organisation", help="Who publishes it.")
@click.option(
    "--from",
    "sender",
    metavar="SENDER",
    callback=_check_sender,
    help="The sender of its emails: 'Name <address>'.",
)
@click.option(
    "--templates",
    "all_templates",
    is_flag=True,
    help="Also copy its email templates, with comments, so that you can change them.",
)
@click.option(
    "--template",
    "template_names",
    metavar="NAME",
    multiple=True,
    help="Copy only this template; can be used several times.",
)
@click.pass_obj
def command(
    directory: Path,
    folder: Path | None,
    name: str | None,
    organisation: str | None,
    sender: str | None,
    all_templates: bool,
    template_names: tuple[str, ...],
) -> None:
    """Create a folder for a new newsletter, ready to use.

    In a terminal, you are asked for the name, the organisation and the sender unless options give
    them. You can change everything later in briefing.toml.

    With --templates or --template, DIR can be an existing newsletter (without DIR, it is the one
    you are in). It gets the templates that it doesn't have yet; no file is overwritten.
    """
    from briefing.rendering import own_templates

    own_templates.refuse_unknown(template_names)
    wanted: Sequence[str] = template_names
    if all_templates:
        wanted = own_templates.template_names()
    is_new = name is not None or organisation is not None or sender is not None
    if wanted and not is_new:
        existing = _existing(directory, folder)
        if existing:
            _copy_templates(existing, wanted)
            return
    if folder is None:
        raise click.UsageError("choose a folder: briefing init DIR")
    root = directory / folder
    newsletter = _create(root, name, organisation, sender)
    if wanted:
        own_templates.copy_templates(newsletter, wanted)
    _print_result(newsletter, has_templates=bool(wanted))


def _existing(directory: Path, folder: Path | None) -> Newsletter | None:
    """Return the newsletter to copy templates into; None if it has to be created first."""
    if folder is None:
        return Newsletter.find(directory)
    root = directory / folder
    return Newsletter(root) if (root / SETTINGS_FILE).is_file() else None


def _create(
    root: Path, name: str | None, organisation: str | None, sender: str | None
) -> Newsletter:
    """Create a newsletter, and ask for what no option gave."""
    refuse_taken(root)
    if name is None:
        name = _ask("Name of the newsletter", NAME)
    if organisation is None:
        organisation = _ask(
            "Organisation (Enter: none)", "", show_default=False
        )
    name = name or NAME
    if sender is None:
        sender = _ask_sender(_named(EXAMPLE_ADDRESS, name))
    return Newsletter.create(
        root,
        name=name,
        organisation=organisation,
        sender=_named(sender or EXAMPLE_ADDRESS, name),
    )


def _copy_templates(newsletter: Newsletter, wanted: Sequence[str]) -> None:
    from briefing.rendering import own_templates

    copied = own_templates.copy_templates(newsletter, wanted)
    folder = display_path(newsletter.template_folders[0])
    copies = [
        f"{name:<18} {own_templates.description(name)}" for name in copied
    ]
    kept = [name for name in wanted if name not in copied]
    _print_list(f"Copied into {folder}:", copies)
    _print_list(f"Already in {folder}, and left as they are:", kept)
    if len(copied) > FEW:
        output.echo(
            "Delete those that you don't change: emails then use briefing's own,"
        )
        output.echo("which new versions may improve.")
    if copied:
        output.echo()
        _print_list("Next:", NEXT_WITH_TEMPLATES)


def _print_list(heading: str, lines: Sequence[str]) -> None:
    """Print lines below a heading; nothing if there are none."""
    if lines:
        output.echo(heading)
    for line in lines:
        output.echo(f"  {line}")


def _ask_sender(default: str) -> str:
    """Ask until the answer has an address."""
    while True:
        typed = _ask("Sender of its emails", default)
        try:
            return _named_address(typed)
        except click.BadParameter as error:
            output.warn(error.message)


def _ask(question: str, default: str, **options: Any) -> str:
    if not prompts.is_interactive():
        return default
    answer: str = click.prompt(question, default=default, **options)
    return answer


def _print_result(newsletter: Newsletter, *, has_templates: bool) -> None:
    name = newsletter.settings.newsletter.name
    folder = shlex.quote(display_path(newsletter.root))
    is_here = newsletter.root.resolve() == Path.cwd()
    where = "this folder" if is_here else folder
    output.echo(f"Created the newsletter '{name}' in {where}:")
    output.echo("  briefing.toml      its settings, each explained")
    output.echo(
        "  subscribers.csv    its subscribers: example addresses to replace"
    )
    output.echo("  issues/            its issues, each in a folder")
    if has_templates:
        output.echo(
            "  templates/         how its emails look; see 'briefing docs templates'"
        )
    output.echo()
    _print_list("Next:", NEXT if is_here else (f"cd {folder}", *NEXT))
