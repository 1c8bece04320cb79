"""Translate an issue: prepare an edition from the first one for its translator, and compare the
two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import partial
from itertools import zip_longest

from briefing.errors import NotFoundError, RefusedError
from briefing.newsletter import Newsletter

from . import receipt, store
from .model import Issue, Item, Items, Section
from .store import Edition


@dataclass(frozen=True, slots=True)
class Prepared:
    """An edition that is ready for its translator."""

    edition: Edition
    added: Items
    """The items of the first edition that were just added."""
    new: bool

    @property
    def to_translate(self) -> list[Item]:
        """Those of the added items that aren't in the edition's language already."""
        lang = self.edition.lang
        return [item for item in self.added if not is_in_language(item, lang)]


def prepare(newsletter: Newsletter, name: str, lang: str) -> Prepared:
    """Create the edition of an issue in another language, or add the items it lacks.

    Fields are copied, and `lang` names the language of linked pages where it isn't the edition's;
    texts become quotes, to be replaced. Raises RefusedError for a language that the newsletter
    doesn't have or an issue that was sent, NotFoundError without a first edition, and ChangedError
    if someone edits the file at the same moment.
    """
    _refuse_untranslatable(newsletter, lang)
    receipt.refuse_sent(newsletter.issues / name)
    with store.editing(newsletter):
        first = _with_languages(
            _first_edition(newsletter, name).issue, newsletter.first_language
        )
        path = store.edition_path(newsletter, name, lang)
        if not path.exists():
            return Prepared(
                store.create(path, to_translate(first, lang), lang),
                tuple(first.items),
                new=True,
            )
        edition = store.load(path, lang)
        issue, added = _with_missing_items(first, edition.issue, lang)
        if added:
            edition = store.save(edition, issue)
        return Prepared(edition, added, new=False)


def _refuse_untranslatable(newsletter: Newsletter, lang: str) -> None:
    """Raise RefusedError unless a language is one to translate into."""
    if lang == newsletter.first_language:
        raise RefusedError(
            f"'{lang}' is the newsletter's first language, from which the others are translated"
        )
    if lang not in newsletter.further_languages:
        raise RefusedError(
            f"'{lang}' isn't a language to translate into; add it to 'languages' under [newsletter] in "
            "briefing.toml, after the first"
        )


def _first_edition(newsletter: Newsletter, name: str) -> Edition:
    """Load the edition to translate from. Raises NotFoundError, with what to do, if there is none."""
    try:
        return store.first_edition(newsletter, name)
    except NotFoundError as error:
        raise NotFoundError(
            f"{error}; write the original edition first"
        ) from None


def is_in_language(item: Item, lang: str) -> bool:
    """Whether an item of the first edition links to a page in this language, so that its text needs
    no translation. `zh` and `zh-hans` count as one language.
    """
    codes = sorted((item.lang.lower(), lang.lower()))
    return bool(item.lang) and f"{codes[1]}-".startswith(f"{codes[0]}-")


def to_translate(first: Issue, lang: str) -> Issue:
    """Return the first edition as its translator into a language gets it."""
    for_translator = partial(prepare_item, lang=lang)
    return replace(
        first,
        introduction=_quote(first.introduction),
        sections=_with_each_item(first, for_translator),
        origin=None,
    )


def _with_missing_items(
    first: Issue,
    other: Issue,
    lang: str,
) -> tuple[Issue, Items]:
    """Return the edition in another language with the items that only the first has, in the
    corresponding sections, and those items.
    """
    missing = [
        original
        for original, item in pairs(first, other)
        if original and not item
    ]
    # Titles are translated, so sections correspond by their order.
    counterparts = other.sections[: len(first.sections)]
    for section, counterpart in zip_longest(first.sections, counterparts):
        items = [
            prepare_item(item, lang)
            for item in section.items
            if item in missing
        ]
        title = counterpart.title if counterpart else section.title
        other = other.with_items(items, section=title)
    return other, tuple(missing)


def pairs(
    first: Issue,
    other: Issue,
) -> Iterator[tuple[Item | None, Item | None]]:
    """Yield the items of two editions side by side; None where one of them has no counterpart.

    Items are recognised by what isn't translated: kind, date, link and order.
    """
    left = list(first.items)
    right = list(other.items)
    # "autojunk" would ignore frequent values: most items have the same kind, and some have no date
    # or link.
    matcher = SequenceMatcher(
        a=list(map(_untranslated, left)),
        b=list(map(_untranslated, right)),
        autojunk=False,
    )
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        yield from zip_longest(left[start:end], right[other_start:other_end])


class TranslationState(StrEnum):
    """How far the translation of an item is."""

    TRANSLATED = "translated"
    UNTRANSLATED = "untranslated"
    """Lines of the original are still there as quotes."""
    CHANGED = "changed"
    """The original was changed after it was translated."""
    MISSING = "missing"
    """It isn't in this edition."""
    SURPLUS = "surplus"
    """It isn't in the first edition."""


def state_of(original: Item | None, item: Item | None) -> TranslationState:
    """Return how far a translation is, from one of the `pairs`."""
    if original is None:
        return TranslationState.SURPLUS
    if item is None:
        return TranslationState.MISSING
    if untranslated_lines(original.text, item.text):
        return TranslationState.UNTRANSLATED
    was_changed = changed_since(original, item)
    return (
        TranslationState.CHANGED if was_changed else TranslationState.TRANSLATED
    )


def changed_since(original: Item, item: Item) -> bool:
    """Whether the original was changed after the item was translated from it."""
    return bool(item.original) and item.original != original.fingerprint


def untranslated_lines(original: str, text: str) -> list[str]:
    """Return the lines of a text that are still quotes of the original, as `prepare` writes them."""
    # An empty line of a quote may also be in the translation.
    quotes = set(_quote(original).split("\n")) - {">"}
    return list(filter(quotes.__contains__, text.split("\n")))


def _untranslated(item: Item) -> tuple[object, ...]:
    return item.kind, item.date, item.link


def _with_languages(first: Issue, lang: str) -> Issue:
    """Return the first edition with the language of each linked page, even where that is its own."""

    def with_language(item: Item) -> Item:
        if item.lang or not item.link:
            return item
        return replace(item, lang=lang)

    return replace(first, sections=_with_each_item(first, with_language))


def _with_each_item(
    issue: Issue,
    change: Callable[[Item], Item],
) -> tuple[Section, ...]:
    sections: list[Section] = []
    for section in issue.sections:
        items = tuple(map(change, section.items))
        changed = replace(section, items=items, origin=None)
        sections.append(changed)
    return tuple(sections)


def prepare_item(item: Item, lang: str) -> Item:
    """Return an item of the first edition as its translator into a language gets it: the text as a
    quote, unless it is in that language already.
    """
    prepared = replace(item, original=item.fingerprint, origin=None)
    if is_in_language(item, lang):
        return replace(prepared, lang="")
    return replace(prepared, text=_quote(item.text))


def _quote(text: str) -> str:
    if not text:
        return ""
    lines = [f"> {line}".rstrip(" ") for line in text.split("\n")]
    return "\n".join(lines)
