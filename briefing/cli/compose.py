"""briefing compose: an issue of what was collected, or of a brief as it was pasted, written or mailed."""

import datetime as dt
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import BriefingError, NotFoundError, RefusedError, shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from briefing.collecting.brief.parse import Brief, ParsedItem
    from briefing.issue.compose import Composed
    from briefing.issue.model import Item

MOST_BYTES = 50 * 1024 * 1024

EXAMPLES = """\
briefing compose --from weekly-brief.txt
briefing compose --from "Brief of the week.docx" --date 2020-10-09
briefing compose --from brief.eml
briefing compose --date 2020-10-12 --slug appeal
briefing compose --lang ug
pbpaste | briefing compose --from -
"""


@decorators.command("compose", examples=EXAMPLES)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="A brief: text as it was pasted, .docx, .html or .eml; - reads standard input.",
)
@click.option("--date", metavar="DATE", help="The issue's date, as 2020-10-09; today unless given.")
@click.option("--slug", default="", metavar="SLUG", help="For a second issue on a day: --slug appeal.")
@click.option(
    "--lang", metavar="LANG", help="Another edition of the issue (the newest unless --date), for its translator."
)
@click.option("--section", metavar="TITLE", help="The section that the items go into.")
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    source: str | None,
    date: str | None,
    slug: str,
    lang: str | None,
    section: str | None,
    as_json: bool,
) -> None:
    """Make an issue of the inbox, or of a brief in a file.

    Links and photos come along; photos are made small, lose what the camera
    noted in them, and go into the issue's folder. An issue that exists gets the
    items that it lacks, below its own; nothing else in it changes.
    """
    from briefing.issue import compose, store

    newsletter = Newsletter.find(directory)
    if lang:
        if source or section:
            raise click.UsageError("--lang translates an issue that exists; it goes with neither --from nor --section")
        name = store.issue_id(_date(date), slug) if date else store.find(newsletter, None).name
        _prepare_translation(newsletter, name, lang, as_json=as_json)
        return
    name = store.issue_id(_date(date), slug)
    pasted: list[ParsedItem] = []
    if source is None:
        chosen = None if as_json else _chosen(compose.inbox(newsletter).issue.items)
        if chosen and section is None:
            section = _section(newsletter.settings.issue.sections)
        composed = compose.compose_inbox(newsletter, name, section, chosen)
    else:
        from briefing.collecting.web.canonical import clean
        from briefing.collecting.web.redirectors import unwrap

        brief = _read(source)
        pasted = [replace(one, item=replace(one.item, link=clean(unwrap(one.item.link)))) for one in brief.items]
        composed = compose.compose(
            newsletter, name, [one.item for one in pasted], section, brief.introduction, photos=brief.photos
        )
    if as_json:
        output.print_json(_as_json(composed, pasted))
    else:
        _report(composed, pasted)
        _offer_editor(composed.edition.path)


def _chosen(items: "Iterable[Item]") -> "list[Item] | None":
    """In a terminal the items of the inbox that the person chooses, newest first; elsewhere all."""
    if not prompts.is_interactive():
        return None
    waiting = sorted(items, key=lambda item: item.date or dt.date.min, reverse=True)
    for number, item in enumerate(waiting, start=1):
        prompts.print_choice(number, item.date, item.heading or item.source or "(no headline)")
    question = f"Which of 1 to {len(waiting)} go into the issue (1,3-5; all; none)?"
    return [waiting[number - 1] for number in prompts.choose(question, len(waiting), default="all", option="--json")]


def _section(titles: "Sequence[str]") -> str | None:
    """The section that the person chooses for what moves, where there are several; None: each its own, or the first."""
    if len(titles) < 2:
        return None
    for number, title in enumerate(titles, start=1):
        output.echo(f"{number:>4}  {output.shorten(title, 74)}")
    question = f"Into which section (1 to {len(titles)}; 0: as collected, else the first)"
    number = click.prompt(question, type=click.IntRange(0, len(titles)), default=0)
    return titles[number - 1] if number else None


def _prepare_translation(newsletter: Newsletter, name: str, lang: str, *, as_json: bool) -> None:
    from briefing.issue import translation

    prepared = translation.prepare(newsletter, name, lang)
    path = prepared.edition.path
    if as_json:
        added = [item.heading for item in prepared.added]
        click.echo(
            json.dumps({"issue": name, "path": str(path), "new": prepared.new, "added": added}, ensure_ascii=False)
        )
        return
    output.echo(
        f"{shown(path)}: {_items(len(prepared.added))} to translate{', a new edition' if prepared.new else ' added'}."
    )
    output.echo("Texts stand as quotes: write the translation, then take the quote out. Headlines and titles too.")
    output.echo("Next: 'briefing check' says what is left.")
    _offer_editor(path)


def _date(text: str | None) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date() if text else dt.datetime.now().astimezone().date()  # noqa: DTZ007  # a day
    except ValueError:
        raise click.BadParameter(f"'{text}' is no date; write it as 2020-10-09", param_hint="--date") from None


def _read(source: str) -> "Brief":
    from briefing.collecting.brief import parse as paste
    from briefing.collecting.brief.photos import with_photos
    from briefing.collecting.documents.read import read_document

    if source == "-":
        if sys.stdin is None:
            raise RefusedError("standard input is closed; name a file with --from")
        if sys.stdin.isatty():
            click.echo("Paste the brief, then press Ctrl-D on an empty line.", err=True)
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        try:
            with Path(source).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            raise NotFoundError(f"{source}: there is no such file") from None
    if len(data) > MOST_BYTES:
        raise RefusedError(f"{source}: is larger than {MOST_BYTES // 1024 // 1024} MB, which no brief is")
    try:
        document = read_document(data, source, beside=None if source == "-" else Path(source).parent)
    except BriefingError as error:
        raise RefusedError(f"{source}: {error}") from error
    brief = with_photos(paste.read_brief(document.paragraphs), document.pictures, source)
    if not brief.items and not brief.introduction:
        raise RefusedError(f"{source}: there is no text in it")
    return brief


def _report(composed: "Composed", pasted: "list[ParsedItem]") -> None:
    known = f"; {composed.known} {'was' if composed.known == 1 else 'were'} there already" if composed.known else ""
    how = ", a new issue" if composed.new else known
    output.echo(f"{shown(composed.edition.path)}: {_items(len(composed.added))} added{how}.")
    notes = _notes(pasted)
    for number, item in enumerate(composed.added, 1):
        output.echo()
        output.echo(
            f"{number:>3}  {output.shorten(item.heading or f'({item.kind} without a headline)', 74)}", bold=True
        )
        about = [item.kind, item.source, item.date.isoformat() if item.date else ""]
        output.echo(f"     {output.shorten(', '.join(filter(None, about)), 74)}")
        if item.image:
            output.echo(f"     {output.shorten(f'photo: {item.image}', 74)}")
        for note in notes.get(_known_by(item), ()):
            output.echo(f"     {output.shorten(note, 74)}", fg="yellow")
    output.echo()
    if composed.staying:
        output.echo(f"{_items(composed.staying)} stay in the inbox: the issue has them in other words.")
    if any(notes.get(_known_by(item)) for item in composed.added):
        output.echo("What couldn't be known was left out; add it in the file where you can.")
    output.echo("Next: look at it with 'briefing preview'")


def _notes(pasted: "list[ParsedItem]") -> "dict[Item, tuple[str, ...]]":
    return {_known_by(one.item): one.notes for one in pasted}


def _known_by(item: "Item") -> "Item":
    """An item, whatever name its photo got in the issue's folder."""
    return replace(item, image="")


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _offer_editor(path: Path) -> None:
    if (
        os.environ.get("EDITOR")
        and prompts.is_interactive()
        and click.confirm("Open it in your editor now?", default=True)
    ):
        click.edit(filename=str(path))


def _as_json(composed: "Composed", pasted: "list[ParsedItem]") -> dict[str, Any]:
    notes = _notes(pasted)
    return {
        "issue": composed.edition.id,
        "path": str(composed.edition.path),
        "new": composed.new,
        "already": composed.known,
        "added": [
            {
                "heading": item.heading,
                "kind": item.kind,
                "source": item.source or None,
                "date": item.date.isoformat() if item.date else None,
                "link": item.link or None,
                "image": item.image or None,
                "alt": item.alt or None,
                "photo": item.photo or None,
                "contact": item.contact or None,
                "text": item.text,
                "notes": list(notes.get(_known_by(item), ())),
            }
            for item in composed.added
        ],
    }
