"""briefing compose: make an issue from collected items, or from a brief as it was pasted, written
or mailed.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.collecting.brief.structure import LAYOUTS
from briefing.errors import NotFoundError, display_path
from briefing.newsletter import Newsletter
from briefing.text.counts import counted
from briefing.text.days import parse_day

from . import decorators, output, prompts, section_choice

if TYPE_CHECKING:
    from briefing.collecting.brief.model import Brief
    from briefing.collecting.brief_intake import Confirm
    from briefing.collecting.documents.beside import PictureBeside
    from briefing.issue.composed import Composed
    from briefing.issue.model import Issue, Item, Items
    from briefing.issue.translation import Prepared

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
    help="A brief (your week's items in one document): pasted text, .docx, .odt, .rtf, .md, .html or .eml; - reads "
    "standard input.",
)
@click.option(
    "--date",
    metavar="DATE",
    help="The date of the issue, such as 2020-10-09 (default: today).",
)
@click.option(
    "--slug",
    default="",
    metavar="SLUG",
    help="For a second issue on the same day: --slug appeal.",
)
@click.option(
    "--lang",
    metavar="LANG",
    help="Start an edition in this language (of the issue given by --date, or of the newest one).",
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    metavar="LAYOUT",
    help=f"How a misread brief divides its items: {', '.join(LAYOUTS)}.",
)
@click.option(
    "--section", metavar="TITLE", help="Put all items into this section."
)
@click.option(
    "--pictures",
    "takes_pictures",
    is_flag=True,
    help="Also include pictures next to a saved page that aren't in its own folder.",
)
@decorators.json_option
@decorators.pass_newsletter
def command(
    newsletter: Newsletter,
    source: str | None,
    date: str | None,
    slug: str,
    lang: str | None,
    layout: str | None,
    section: str | None,
    takes_pictures: bool,
    as_json: bool,
) -> None:
    """Make an issue from the inbox, or from a brief in a file.

    Links, photos and sections are kept. Photos are made smaller, lose their
    location and camera data, and are stored in the issue's folder. If the issue
    exists, missing items are added at the end of their sections; nothing else in
    it changes.
    """
    from briefing.issue import receipt, store
    from briefing.issue.compose import issue_for_undated

    from . import compose_summary

    if lang:
        if source or section:
            raise click.UsageError(
                "--lang translates an existing issue; don't use it with --from or --section"
            )
        name = _issue_to_translate(newsletter, date, slug)
        _prepare_translation(newsletter, name, lang, as_json=as_json)
        return
    day = _date(date)
    name = store.issue_id(day, slug)
    may_ask = prompts.is_interactive() and not as_json
    compose = _composer(
        newsletter, source, day, layout or "", takes_pictures, may_ask=may_ask
    )
    if not date and not slug:
        add_to = partial(_wants_to_add_to, today=name, may_ask=may_ask)
        name = issue_for_undated(newsletter, name, add_to)
    # Before anyone is asked which items go into it.
    receipt.refuse_sent(newsletter.issues / name)
    section = section_choice.resolve(newsletter, section, name, quiet=as_json)
    composed = compose(name, section=section)
    if composed.new:
        _warn_of_odd_date(day, composed.added)
    if as_json:
        output.print_json(compose_summary.as_json(composed))
    else:
        compose_summary.show(composed)
        _offer_editor(composed.edition.path)


def _date(text: str | None) -> dt.date:
    if not text:
        return clock.today()
    try:
        return parse_day(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--date") from None


def _warn_of_odd_date(day: dt.date, items: "Items") -> None:
    """Say that a new issue is dated as if by a slip."""
    from briefing.issue import odd_dates

    today = clock.today()
    if odd_dates.is_far_ahead(day, today):
        distance = "more than a week from today"
    elif odd_dates.is_long_ago(day, items, today):
        distance = "more than two months ago"
    else:
        return
    output.warn(
        f"the issue is dated {day}, {distance}; if that is a slip, correct its title, its 'date:' and the name of its "
        "folder"
    )


def _composer(
    newsletter: Newsletter,
    source: str | None,
    day: dt.date,
    layout: str,
    takes_pictures: bool,
    *,
    may_ask: bool,
) -> "Callable[..., Composed]":
    """Read the brief or the inbox, and return the function that puts it into a section of an issue."""
    from briefing.collecting.brief_intake import compose_brief
    from briefing.issue.inbox import load_inbox

    if source:
        confirm = partial(
            _may_include, source, allowed=takes_pictures, may_ask=may_ask
        )
        brief = _read(source, confirm=confirm, before=day, layout=layout)
        return partial(compose_brief, newsletter, brief=brief)
    waiting = load_inbox(newsletter).issue
    return partial(_compose_inbox, newsletter, waiting=waiting, may_ask=may_ask)


def _wants_to_add_to(unsent: str, *, today: str, may_ask: bool) -> bool:
    """Ask whether items go into an issue that isn't sent yet; without a terminal, say that they
    don't.
    """
    from briefing.issue import store

    if not may_ask:
        options = store.compose_options(unsent)
        output.warn(
            f"issue {unsent} hasn't been sent yet; use {options} to add to it"
        )
        return False
    output.echo(f"Issue {unsent} hasn't been sent yet.")
    question = f"Add to it instead of starting issue {today}?"
    return click.confirm(question, default=True)


def _may_include(
    page: str,
    pictures: "Sequence[PictureBeside]",
    *,
    allowed: bool,
    may_ask: bool,
) -> bool:
    """Ask whether pictures outside the page's own folder go into the issue; without a terminal,
    say that they don't.
    """
    from briefing.collecting.text.picture_names import saved_folder

    if allowed:
        return True
    own = saved_folder(page)
    if not may_ask:
        names = ", ".join(display_path(picture.path) for picture in pictures)
        output.warn(
            f"left out, because they aren't in {own}/: {names}; --pictures includes them"
        )
        return False
    output.echo(
        f"The page shows pictures that weren't saved with it in {own}/:"
    )
    for picture in pictures:
        output.echo(
            f"  {display_path(picture.path)}  ({picture.size / 1024:,.0f} KB)"
        )
    return click.confirm("Include them in the issue?")


def _compose_inbox(
    newsletter: Newsletter,
    name: str,
    section: str | None,
    *,
    waiting: "Issue",
    may_ask: bool,
) -> "Composed":
    from briefing.collecting.web.canonical import clean_address
    from briefing.issue import compose
    from briefing.issue.composed import note_earlier_issues

    chosen = None
    if may_ask:
        chosen = _ask_items(waiting)
        if chosen and section is None:
            section = _ask_section(newsletter.settings.issue.sections)
    composed = compose.compose_inbox(newsletter, name, section, chosen)
    return note_earlier_issues(composed, newsletter, clean_address)


def _ask_items(inbox: "Issue") -> "list[Item]":
    from briefing.issue.compose import newest_first

    waiting = newest_first(inbox.items)
    today = clock.today()
    for number, item in enumerate(waiting, start=1):
        title = item.heading or item.source or "(no headline)"
        prompts.print_choice(number, item.date, title, today)
    if len(waiting) == 1:
        is_wanted = click.confirm("Put it into the issue?", default=True)
        return waiting if is_wanted else []
    question = (
        "Which go into the issue? Numbers such as 1,3-5, or 'all', or 'none'"
    )
    numbers = (
        prompts.choose(question, len(waiting), default="all", option="--json")
        or ()
    )
    return [waiting[number - 1] for number in numbers]


def _ask_section(titles: Sequence[str]) -> str | None:
    """Ask for the section of all items where there are several; None: as they were collected."""
    if len(titles) < 2:
        return None
    as_collected = (
        "each into the section it was collected for, the others into the first"
    )
    for number, title in enumerate((as_collected, *titles)):
        output.echo(f"{number:>4}  {output.cut(title, 74)}")
    question = f"Into which section (0 to {len(titles)})"
    numbers = click.Choice([str(number) for number in range(len(titles) + 1)])
    number = int(
        click.prompt(question, type=numbers, default="0", show_choices=False)
    )
    return titles[number - 1] if number else None


def _read(
    source: str, *, confirm: "Confirm", before: dt.date, layout: str
) -> "Brief":
    from briefing.collecting.brief_intake import read_brief_document
    from briefing.collecting.documents.size import MOST_BYTES

    folder: Path | None = None
    if source == "-":
        source = "standard input"
        hint = "Paste the brief, then press Ctrl-D on an empty line."
        data = prompts.read_input(hint, "--from", MOST_BYTES + 1)
    else:
        data = _read_file(source, MOST_BYTES + 1)
        folder = Path(source).parent
    return read_brief_document(
        data,
        source,
        folder=folder,
        confirm=confirm,
        before=before,
        layout=layout,
    )


def _read_file(name: str, most: int) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise NotFoundError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise NotFoundError(
            f"{name}: is a folder; choose a file in it"
        ) from None


def _issue_to_translate(
    newsletter: Newsletter, date: str | None, slug: str
) -> str:
    """Return the id of the issue of a date, or of the newest one."""
    from briefing.issue import store

    if date or slug:
        return store.issue_id(_date(date), slug)
    return store.find(newsletter, None).name


def _prepare_translation(
    newsletter: Newsletter,
    name: str,
    lang: str,
    *,
    as_json: bool,
) -> None:
    from briefing.issue import translation

    prepared = translation.prepare(newsletter, name, lang)
    path = prepared.edition.path
    if as_json:
        added = [item.heading for item in prepared.added]
        result = {
            "issue": name,
            "path": str(path),
            "new": prepared.new,
            "added": added,
        }
        output.print_json(result, on_one_line=True)
        return
    if prepared.new or prepared.added:
        _show_what_to_translate(prepared)
    else:
        output.echo(
            f"{display_path(path)}: has every item of the original edition, so nothing was added."
        )
    output.echo("Next: 'briefing check' lists what isn't translated yet.")
    _offer_editor(path)


def _show_what_to_translate(prepared: "Prepared") -> None:
    path = display_path(prepared.edition.path)
    how = "in a new edition" if prepared.new else "added"
    count = counted(len(prepared.to_translate), "item")
    output.echo(f"{path}: {count} to translate, {how}.")
    already = len(prepared.added) - len(prepared.to_translate)
    if already:
        output.echo(
            f"{counted(already, 'more item')} in this language already."
        )
    output.echo(
        "Texts are quoted with '>': write your translation below, then delete the quote."
    )
    output.echo("Translate the headlines and section titles as well.")


def _offer_editor(path: Path) -> None:
    if not os.environ.get("EDITOR") or not prompts.is_interactive():
        return
    if click.confirm("Open it in your editor now?", default=True):
        click.edit(filename=str(path))
