"""The items: what a reader would miss in one, what can't be right, and news that isn't new."""

import datetime as dt
import re
from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.checks.text import quoted
from briefing.issue import store
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.translation import pairs

OLD = dt.timedelta(days=31)
SOON = dt.timedelta(days=7)

_PICTURE_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|heic|tiff?|bmp|svg)", re.IGNORECASE)


@rule("no-source", Severity.WARNING)
def no_source(inspected: Inspected) -> Iterator[Place]:
    """An item doesn't say who published it. Write `source:` below its headline."""
    for item in _without(inspected, "source"):
        yield Place(f"{_named(item)} doesn't say who published it; write 'source:' below the headline", line_of(item))


@rule("no-date", Severity.WARNING)
def no_date(inspected: Inspected) -> Iterator[Place]:
    """An item doesn't say when it was published. Write `date:` below its headline."""
    for item in _without(inspected, "date"):
        yield Place(f"{_named(item)} has no date; write 'date: 2020-10-09' below the headline", line_of(item))


@rule("no-link", Severity.WARNING)
def no_link(inspected: Inspected) -> Iterator[Place]:
    """An item can't be read further anywhere. Write `link:` below its headline, if it is on the web."""
    for item in _without(inspected, "link"):
        yield Place(f"{_named(item)} has no link; write 'link:' below the headline, if it is on the web", line_of(item))


@rule("no-alt", Severity.WARNING)
def no_alt(inspected: Inspected) -> Iterator[Place]:
    """A photo isn't described for readers who don't see it. Write `alt:` below its `image:`."""
    for item in _without(inspected, "alt"):
        if item.image:
            yield Place(
                f"{quoted(item.image)} isn't described; write 'alt:' with what it shows", line_of(item, "image")
            )


@rule("no-credit", Severity.WARNING)
def no_credit(inspected: Inspected) -> Iterator[Place]:
    """It isn't said whose photo is shown. Write `photo:` below its `image:`."""
    for item in _without(inspected, "photo"):
        if item.image:
            yield Place(f"{quoted(item.image)} has no credit; write 'photo:' with whose it is", line_of(item, "image"))


@rule("credit-without-photo", Severity.WARNING)
def credit_without_photo(inspected: Inspected) -> Iterator[Place]:
    """Readers see the credit of a photo that isn't there. Write `image:`, or take `photo:` out."""
    for item in _without(inspected, "image"):
        if item.photo:
            message = f"{quoted(item.photo)} is credited with a photo that isn't there; add 'image:' or take this out"
            yield Place(message, line_of(item, "photo"))


@rule("alt-says-nothing", Severity.WARNING)
def alt_says_nothing(inspected: Inspected) -> Iterator[Place]:
    """The description of a photo is a file's name, or the headline again. Say what the photo shows."""
    for item in inspected.edition.issue.items:
        alt = _folded(item.alt)
        if alt and (
            _PICTURE_FILE.fullmatch(alt) or alt in {_folded(item.image), _folded(item.image.rsplit(".", 1)[0])}
        ):
            yield Place("'alt:' is a file's name; say what the photo shows", line_of(item, "alt"))
        elif alt and alt == _folded(item.heading):
            yield Place("'alt:' repeats the headline; say what the photo shows", line_of(item, "alt"))


@rule("date-in-the-future", Severity.WARNING)
def date_in_the_future(inspected: Inspected) -> Iterator[Place]:
    """An item is dated later than today. Correct its `date:`."""
    for item in _own(inspected):
        if item.date and item.date > inspected.today:
            yield Place(f"{item.date} is still to come; correct the date", line_of(item, "date"))


@rule("old-news", Severity.WARNING)
def old_news(inspected: Inspected) -> Iterator[Place]:
    """An item is more than a month older than the issue. Correct its `date:`, or leave it out."""
    issue_date = inspected.edition.date
    for item in _own(inspected):
        if item.date and issue_date and issue_date - item.date > OLD:
            message = f"{item.date} is more than a month before the issue; correct the date, or leave the item out"
            yield Place(message, line_of(item, "date"))


@rule("issue-far-ahead", Severity.WARNING)
def issue_far_ahead(inspected: Inspected) -> Iterator[Place]:
    """The issue is dated more than a week ahead. Correct its `date:`, or the name of its folder."""
    date = inspected.edition.date
    if date and date - inspected.today > SOON:
        line = line_of(inspected.edition.issue, "date")
        yield Place(f"the issue is dated {date}, more than a week from today; correct the date", line)


@rule("date-differs-from-folder", Severity.ERROR)
def date_differs_from_folder(inspected: Inspected) -> Iterator[Place]:
    """The issue's `date:` isn't the one in its folder's name. Make them the same."""
    edition = inspected.edition
    expected = store.date_of(edition.id)
    if edition.issue.date and expected and edition.issue.date != expected:
        message = f"the date is {edition.issue.date}, but the folder is named {edition.id}; make them the same"
        yield Place(message, line_of(edition.issue, "date"))


@rule("same-item-twice", Severity.WARNING)
def same_item_twice(inspected: Inspected) -> Iterator[Place]:
    """Two items have the same link, or the same headline. Take one of them out."""
    items = [item for item in inspected.edition.issue.items if _is_something(item)]
    own = list(_own(inspected))
    for number, item in enumerate(items):
        before = next((other for other in items[:number] if _repeats(item, other)), None)
        if before and item in own:
            yield Place(f"{_named(item)} stands in line {line_of(before)} already; take one of them out", line_of(item))


@rule("ran-before", Severity.WARNING)
def ran_before(inspected: Inspected) -> Iterator[Place]:
    """An item was in an earlier issue. Take it out, or say what is new."""
    for item in filter(_is_something, _own(inspected)):
        name = inspected.published.find_item(item)
        if name:
            date = store.date_of(name)
            day = f" of {date}" if str(date) != name else ""
            message = f"{_named(item)} was in issue {name}{day}; take it out, or say what is new"
            yield Place(message, line_of(item))


def _repeats(item: Item, other: Item) -> bool:
    """Whether an editor would call it the same news: also one headline with two links."""
    headlines = {" ".join(one.heading.split()).casefold() for one in (item, other)}
    return item.same_as(other) or (len(headlines) == 1 and headlines != {""})


@rule("unknown-language", Severity.WARNING)
def unknown_language(inspected: Inspected) -> Iterator[Place]:
    """The `lang:` of an item is no language code, so that readers aren't told the language. Write it as `de`."""
    for item in inspected.edition.issue.items:
        if item.lang and not _is_language(item.lang):
            yield Place(f"{quoted(item.lang)} is no language code; write it as 'de' or 'zh'", line_of(item, "lang"))


@rule("corrects-nothing", Severity.ERROR)
def corrects_nothing(inspected: Inspected) -> Iterator[Place]:
    """`corrects:` names an issue that doesn't exist, or this one. Write the id of the issue that was wrong."""
    edition = inspected.edition
    corrected = edition.issue.corrects
    if corrected and corrected not in {*store.ids(inspected.newsletter)} - {edition.id}:
        message = f"there is no other issue {quoted(corrected)}; write the name of its folder, as 2020-10-02"
        yield Place(message, line_of(edition.issue, "corrects"))


def _counterparts(inspected: Inspected) -> Iterator[tuple[Item, Item | None]]:
    """The edition's items, each with the one of the first edition that it translates; with None in the first itself."""
    if inspected.edition.lang == inspected.first.lang:
        yield from ((item, None) for item in inspected.edition.issue.items)
    else:
        yield from ((item, first) for first, item in pairs(inspected.first.issue, inspected.edition.issue) if item)


def _without(inspected: Inspected, name: str) -> Iterator[Item]:
    """The items that lack a field; what the first edition lacks, too, is said there."""
    for item, first in _counterparts(inspected):
        if not getattr(item, name) and (first is None or getattr(first, name)):
            yield item


def _own(inspected: Inspected) -> Iterator[Item]:
    """The items but those that have link and date of the first edition: of these it is said there."""
    for item, first in _counterparts(inspected):
        if first is None or (item.link, item.date) != (first.link, first.date):
            yield item


def _is_something(item: Item) -> bool:
    return bool(item.link or item.heading or item.text)


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _named(item: Item) -> str:
    """An item as a message names it; a release without a headline by its kind."""
    return quoted(item.heading) if item.heading else f"this {item.kind.replace('-', ' ')}"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
