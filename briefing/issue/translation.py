"""Another edition of an issue: made from the first for a translator, and compared with it afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from briefing.errors import NotFoundError, RefusedError, display_path
from briefing.issue import store
from briefing.issue.model import Issue, Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter


@dataclass(frozen=True, slots=True)
class Prepared:
    """An edition that waits for its translator."""

    edition: Edition
    added: tuple[Item, ...]
    """The items that it got from the first edition now."""
    new: bool


def prepare(newsletter: Newsletter, name: str, lang: str) -> Prepared:
    """Make the edition of an issue in another language, or give it the items that it lacks.

    Fields are copied; texts stand as quotes, to be replaced. Raises RefusedError for a language that the newsletter
    doesn't have, NotFoundError without a first edition, ChangedError if somebody edits the file at the same moment.
    """
    languages = newsletter.settings.newsletter.languages
    if lang not in languages[1:]:
        raise RefusedError(
            f"'{lang}' is no further language of this newsletter; [newsletter] languages has {', '.join(languages)}"
        )
    with store.editing(newsletter):
        return _prepare(newsletter, name, lang)


def _prepare(newsletter: Newsletter, name: str, lang: str) -> Prepared:
    original = store.first_edition_path(newsletter, name)
    if not original.exists():
        raise NotFoundError(
            f"{display_path(original)}: there is no such file; write the edition in the first language first"
        )
    first = store.first_edition(newsletter, name).issue
    path = store.edition_path(newsletter, name, lang)
    if not path.exists():
        return Prepared(store.create(path, _translatable(first), lang), tuple(first.items), new=True)
    edition = store.load(path, lang)
    lacking = [before for before, after in pairs(first, edition.issue) if before and not after]
    issue = edition.issue
    for number, section in enumerate(first.sections):
        wanted = [_item(item) for item in section.items if item in lacking]
        title = issue.sections[number].title if number < len(issue.sections) else section.title
        issue = issue.with_items(wanted, section=title)
    return Prepared(store.save(edition, issue) if lacking else edition, tuple(lacking), new=False)


def pairs(first: Issue, other: Issue) -> Iterator[tuple[Item | None, Item | None]]:
    """The items of two editions side by side; None where one of them has no counterpart.

    Items are told apart by what isn't translated: kind, date, link and place in the order.
    """
    left, right = list(first.items), list(other.items)
    keys = [[(item.kind, item.date, item.link) for item in items] for items in (left, right)]
    for _, a, b, c, d in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        both = min(b - a, d - c)
        yield from zip(left[a : a + both], right[c : c + both], strict=True)
        yield from ((item, None) for item in left[a + both : b])
        yield from ((None, item) for item in right[c + both : d])


def untranslated_lines(original: str, text: str) -> list[str]:
    """The lines of a text that still are quotes of the original's, as `prepare` writes them."""
    quoted = {line for line in _quote(original).split("\n") if line != ">"}
    return [line for line in text.split("\n") if line in quoted]


def _translatable(first: Issue) -> Issue:
    sections = (replace(one, items=tuple(map(_item, one.items)), origin=None) for one in first.sections)
    return replace(first, introduction=_quote(first.introduction), sections=tuple(sections), origin=None)


def _item(item: Item) -> Item:
    return replace(item, text=_quote(item.text), original=item.fingerprint, origin=None)


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip(" ") for line in text.split("\n")) if text else ""
