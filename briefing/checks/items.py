"""Rules on items: missing details, impossible values, and old or repeated news."""

import datetime as dt
from collections.abc import Iterator

from briefing.issue import store
from briefing.issue.markdown import line_of
from briefing.issue.model import Item, folded
from briefing.issue.odd_dates import is_far_ahead
from briefing.issue.translation import pairs
from briefing.languages import find_locale
from briefing.photos.alt_texts import is_file_name

from .inspected import InspectedEdition
from .photos import about_photo
from .rule import ERROR, WARNING, Problem, Problems, rule
from .wording import item_name, quoted

OLD = dt.timedelta(days=31)


@rule("no-source", WARNING, "item: no source")
def no_source(inspected: InspectedEdition) -> Problems:
    """An item doesn't say who published it. Write `source:` below its headline."""
    words = "doesn't say who published it; write 'source:' below the headline"
    return _lacking(inspected, "source", words)


@rule("no-date", WARNING, "item: no date")
def no_date(inspected: InspectedEdition) -> Problems:
    """An item doesn't say when it was published. Write `date:` below its headline."""
    words = "has no date; write 'date: YYYY-MM-DD' below the headline"
    return _lacking(inspected, "date", words)


@rule("no-link", WARNING, "item: no link")
def no_link(inspected: InspectedEdition) -> Problems:
    """An item has no link to the full story. Write `link:` below its headline, if it is on the web."""
    words = "has no link; write 'link:' below the headline, if it is on the web"
    return _lacking(inspected, "link", words)


def _lacking(inspected: InspectedEdition, field: str, words: str) -> Problems:
    for item in _without(inspected, field):
        name = item_name(item)
        yield Problem(f"{name} {words}", line_of(item), about=name)


@rule("no-alt", WARNING, "photo: no description")
def no_alt(inspected: InspectedEdition) -> Problems:
    """A photo has no description for readers who can't see it. Write `alt:` below its `image:`."""
    words = "has no description; write 'alt:' with what it shows"
    return _photo_lacking(inspected, "alt", words)


@rule("no-credit", WARNING, "photo: no credit")
def no_credit(inspected: InspectedEdition) -> Problems:
    """A photo has no credit. Write `photo:` with the photographer or agency below its `image:`."""
    words = "has no credit; write 'photo:' with the photographer or agency"
    return _photo_lacking(inspected, "photo", words)


def _photo_lacking(
    inspected: InspectedEdition, field: str, words: str
) -> Problems:
    if inspected.settings.issue.images == "none":
        return
    for item in _without(inspected, field):
        if item.image:
            yield about_photo(item, words)


@rule("credit-without-photo", WARNING, "item: a credit without a photo")
def credit_without_photo(inspected: InspectedEdition) -> Problems:
    """An item credits a photo that it doesn't have, so readers wouldn't see the credit. Write
    `image:`, or delete `photo:`.
    """
    for item in _without(inspected, "image"):
        if item.photo:
            message = f"{quoted(item.photo)} is credited, but the item has no photo; add 'image:' or delete this line"
            yield Problem(
                message, line_of(item, "photo"), about=quoted(item.photo)
            )


@rule("alt-says-nothing", WARNING, "photo: a description that says nothing")
def alt_says_nothing(inspected: InspectedEdition) -> Problems:
    """The description of a photo is only a file name, or repeats the headline. Say what the photo
    shows.
    """
    for item in inspected.issue.items:
        alt = folded(item.alt)
        if alt and _names_file(alt, folded(item.image)):
            yield Problem(
                "'alt:' is only a file name; say what the photo shows",
                line_of(item, "alt"),
            )
        elif alt and alt == folded(item.heading):
            yield Problem(
                "'alt:' repeats the headline; say what the photo shows",
                line_of(item, "alt"),
            )


def _names_file(alt: str, image: str) -> bool:
    without_ending = image.rpartition(".")[0]
    return is_file_name(alt) or alt in {image, without_ending}


@rule("date-in-the-future", WARNING, "item: dated later than today")
def date_in_the_future(inspected: InspectedEdition) -> Problems:
    """An item is dated later than today. Correct its `date:`."""
    for item in _unreported(inspected):
        if item.date and item.date > inspected.today:
            yield Problem(
                f"{item.date} is in the future; correct the date",
                line_of(item, "date"),
                about=f"{item.date}, {item_name(item)}",
            )


@rule("old-news", WARNING, "item: older than a month")
def old_news(inspected: InspectedEdition) -> Problems:
    """An item is more than a month older than the issue. Correct its `date:`, or leave the item
    out.
    """
    issue_date = inspected.edition.date
    for item in _unreported(inspected):
        if item.date and issue_date and issue_date - item.date > OLD:
            message = f"{item.date} is more than a month before the issue; correct the date, or leave the item out"
            about = f"{item.date}, {item_name(item)}"
            yield Problem(message, line_of(item, "date"), about=about)


@rule("issue-far-ahead", WARNING, "an issue dated far ahead")
def issue_far_ahead(inspected: InspectedEdition) -> Problems:
    """The issue is dated more than a week from today. Correct its `date:`, or the name of its
    folder.
    """
    date = inspected.edition.date
    if date and is_far_ahead(date, inspected.today):
        line = line_of(inspected.issue, "date")
        yield Problem(
            f"the issue is dated {date}, more than a week from today; correct the date",
            line,
        )


@rule("date-differs-from-folder", ERROR)
def date_differs_from_folder(inspected: InspectedEdition) -> Problems:
    """The issue's `date:` isn't the date in the name of its folder. Make them the same."""
    edition = inspected.edition
    expected = store.date_of(edition.id)
    if edition.issue.date and expected and edition.issue.date != expected:
        message = f"the date is {edition.issue.date}, but the folder is named {edition.id}; make them the same"
        yield Problem(message, line_of(edition.issue, "date"))


@rule("same-item-twice", WARNING, "item: in this issue twice")
def same_item_twice(inspected: InspectedEdition) -> Problems:
    """Two items have the same link or the same headline. Delete one of them."""
    unreported = list(_unreported(inspected))
    earlier: list[Item] = []
    for item in filter(_is_something, inspected.issue.items):
        for repeated in earlier:
            if item in unreported and _repeats(item, repeated):
                message = f"{item_name(item)} is already on line {line_of(repeated)}; delete one of them"
                yield Problem(message, line_of(item))
                break
        earlier.append(item)


@rule("ran-before", WARNING, "item: in an earlier issue already")
def ran_before(inspected: InspectedEdition) -> Problems:
    """An item was in an earlier issue. Delete it, or say what is new."""
    for item in filter(_is_something, _unreported(inspected)):
        name = inspected.published.find_item(item)
        if name:
            date = str(store.date_of(name))
            day = f" of {date}" if date != name else ""
            message = f"{item_name(item)} was in issue {name}{day}; delete it, or say what is new"
            yield Problem(message, line_of(item))


@rule("unknown-language", WARNING, "item: an unknown language")
def unknown_language(inspected: InspectedEdition) -> Problems:
    """The `lang:` of an item isn't a language code, so readers wouldn't see the language. Write a
    code such as `de` or `zh`.
    """
    for item in inspected.issue.items:
        if item.lang and find_locale(item.lang) is None:
            message = f"{quoted(item.lang)} isn't a language code; write a code such as 'de' or 'zh'"
            yield Problem(message, line_of(item, "lang"))


@rule("corrects-nothing", ERROR)
def corrects_nothing(inspected: InspectedEdition) -> Problems:
    """`corrects:` names an issue that doesn't exist, or this one. Write the name of the folder of
    the issue that was wrong.
    """
    edition = inspected.edition
    corrected = edition.issue.corrects
    others = set(store.ids(inspected.newsletter)) - {edition.id}
    if corrected and corrected not in others:
        message = f"there is no other issue {quoted(corrected)}; write the name of its folder, such as 2020-10-02"
        yield Problem(message, line_of(edition.issue, "corrects"))


def _counterparts(
    inspected: InspectedEdition,
) -> Iterator[tuple[Item, Item | None]]:
    """Yield the edition's items, each with its original in the first edition, if any."""
    if not inspected.is_translation:
        for item in inspected.issue.items:
            yield item, None
        return
    for original, translated in pairs(inspected.first.issue, inspected.issue):
        if translated:
            yield translated, original


def _without(inspected: InspectedEdition, name: str) -> Iterator[Item]:
    """Yield the items that lack a field, unless the original lacks it as well: that is reported in the
    first edition.
    """
    for item, original in _counterparts(inspected):
        is_missing = not getattr(item, name)
        if is_missing and (original is None or getattr(original, name)):
            yield item


def _unreported(inspected: InspectedEdition) -> Iterator[Item]:
    """Yield the items, except those with the link and date of their original: those are reported in the
    first edition.
    """
    for item, original in _counterparts(inspected):
        if original is None or (item.link, item.date) != (
            original.link,
            original.date,
        ):
            yield item


def _repeats(item: Item, other: Item) -> bool:
    """Whether an editor would call both the same news, even one headline with two links."""
    heading = folded(item.heading)
    return item.same_as(other) or (
        heading != "" and heading == folded(other.heading)
    )


def _is_something(item: Item) -> bool:
    return bool(item.link or item.heading or item.text)
