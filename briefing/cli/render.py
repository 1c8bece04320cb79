"""briefing render: write an issue as files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.errors import NotFoundError, display_path
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import decorators, output, words

if TYPE_CHECKING:
    from briefing.issue.model import Item
    from briefing.issue.store import Edition
    from briefing.rendering.rendered import RenderedIssue

EXAMPLES = """\
briefing render
briefing render 2020-10-09 --lang ug --out /tmp/look
briefing render --as telegram --item 3
"""

FORMATS = ["text", "telegram", "whatsapp", "signal"]
"""The values of `CopyFormat`, whose module is slow to import."""


@decorators.command("render", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--lang",
    metavar="LANG",
    help="The edition's language (default: the newsletter's first).",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write the files (default: rendered/ISSUE/, or rendered/ISSUE/LANG/).",
)
@click.option(
    "--as",
    "copy_format",
    type=click.Choice(FORMATS),
    help="Print the issue as text to paste into that app, instead of writing files.",
)
@click.option(
    "--item",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --as: only the issue's Nth item.",
)
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    lang: str | None,
    out: Path | None,
    copy_format: str | None,
    number: int | None,
) -> None:
    """Export an issue as issue.html, issue.txt and issue.eml.

    The HTML is a single file that includes its images, so it opens anywhere. The .eml is the
    complete email, as a made-up reader would get it; open it with a mail app.

    With --as, the issue or one of its items is printed for Telegram, WhatsApp or Signal, with their
    own marks for bold and italic text, or as plain text.
    """
    from briefing.issue import store

    _refuse_contradictions(out, copy_format, number)
    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    edition = store.chosen_edition(newsletter, folder, lang)
    if copy_format:
        _print_copy(newsletter, edition, copy_format, number)
    else:
        _write_files(newsletter, edition, out)


def _refuse_contradictions(
    out: Path | None, copy_format: str | None, number: int | None
) -> None:
    if copy_format and out:
        raise click.UsageError(
            "--as prints the text and writes no files; leave out --out"
        )
    if number and not copy_format:
        raise click.UsageError(
            "--item needs --as: 'briefing render --as text --item 1'"
        )


def _print_copy(
    newsletter: Newsletter,
    edition: "Edition",
    copy_format: str,
    number: int | None,
) -> None:
    from briefing.rendering.copies import (
        LONGEST_MESSAGE,
        CopyFormat,
        copy_issue,
        copy_item,
    )

    target = CopyFormat(copy_format)
    if number is None:
        text = copy_issue(newsletter, edition, target)
    else:
        item = _find_item(edition, number)
        text = copy_item(newsletter, edition, item, target)
    output.copy(text)
    longest = LONGEST_MESSAGE.get(target, sys.maxsize)
    if len(text) > longest:
        remedy = (
            "split it yourself" if number else "print single items with --item"
        )
        output.warn(
            f"this text has {len(text):,} characters, but a message in that app can have at most {longest:,}; {remedy}"
        )


def _find_item(edition: "Edition", number: int) -> "Item":
    items = list(edition.issue.items)
    if number > len(items):
        raise NotFoundError(
            f"issue {edition.id} has {counted(len(items), 'item')}; there is no item {number}"
        )
    return items[number - 1]


def _write_files(
    newsletter: Newsletter, edition: "Edition", out: Path | None
) -> None:
    from briefing.rendering.edition import render
    from briefing.storage import files

    rendered = render(newsletter, edition)
    budget = newsletter.settings.issue.budget
    out = out or _default_folder(newsletter, edition)
    files.make_folder(out)
    for name, data in _files(newsletter, rendered).items():
        files.write_atomically(out / name, data)
        output.echo(display_path(out / name))
    for line in words.sizes({edition.lang: rendered}, budget):
        output.echo(f"{line}.")
    output.echo(
        "Next: 'briefing check' looks for problems; 'briefing send' emails the issue."
    )


def _files(
    newsletter: Newsletter, rendered: "RenderedIssue"
) -> dict[str, bytes]:
    """Return the contents of the files by their names, filled in for a made-up reader."""
    from briefing.keys import Key
    from briefing.mail.message import SAMPLE_READER, Message

    now = clock.utc_now()
    message = Message(
        rendered, newsletter.settings, Key.of(newsletter), now.timestamp
    )
    columns = message.columns(SAMPLE_READER)
    return {
        "issue.html": rendered.page(columns).encode(),
        "issue.txt": rendered.text.filled(columns).encode(),
        "issue.eml": message.fill(SAMPLE_READER),
    }


def _default_folder(newsletter: Newsletter, edition: "Edition") -> Path:
    folder = newsletter.root / "rendered" / edition.id
    if edition.lang == newsletter.first_language:
        return folder
    return folder / edition.lang
