"""Rules on editions: texts that aren't translated yet, and differences from the first edition."""

import re
from collections.abc import Iterator

from briefing.issue import store, translation
from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Issue, Item, Section
from briefing.issue.translation import is_in_language, pairs, untranslated_lines

from .inspected import InspectedEdition
from .rule import ERROR, WARNING, Problem, Problems, rule
from .wording import item_name, quoted

TextPart = Issue | Item
_Part = TextPart | Section
FEWEST_WORDS = 3
"""Shorter texts are often names, which can be the same in every language."""

# Chinese and Japanese words have about two characters, and no spaces around them.
# Only translations need it compiled.
_WORD = r"[\u3040-\u30ff\u3400-\u9fff]{2}|\w+"


@rule("untranslated-text", ERROR, "text: not translated yet")
def untranslated_text(inspected: InspectedEdition) -> Problems:
    """Lines of the original edition are still there as quotes, where `compose --lang` put them.
    Translate or delete them.
    """
    for original, part in _translated_parts(inspected):
        left = untranslated_lines(_text(original), _text(part))
        lines = [line for line in text_lines(part) if line[1] in left]
        if lines:
            subject = (
                "this line is"
                if len(lines) == 1
                else f"{len(lines)} lines from here on are"
            )
            message = f"{subject} not translated yet; replace the lines that begin with '>' with the translation"
            number, first = lines[0]
            yield Problem(message, number, about=quoted(first.lstrip("> ")))


@rule("untranslated-words", WARNING, "line: not translated")
def untranslated_words(inspected: InspectedEdition) -> Problems:
    """A title, headline or description is the same as in the original edition, word for word.
    Translate it.
    """
    if not inspected.is_translation or not _in_other_language(inspected):
        return
    first = inspected.first.issue
    issue = inspected.issue
    yield from _unchanged(first, issue, "title", "subject", "preheader")
    for original_section, section in zip(
        first.sections, issue.sections, strict=False
    ):
        yield from _unchanged(original_section, section, "title")
    for original, item in _translated(inspected):
        if not is_in_language(original, inspected.edition.lang):
            yield from _unchanged(original, item, "heading", "alt")


@rule("changed-since", WARNING, "item: changed after translation")
def changed_since(inspected: InspectedEdition) -> Problems:
    """The item in the original edition was changed after it was translated. Compare them, then
    replace the value of `original:` with the one that the finding gives.
    """
    for original, item in _translated(inspected):
        if translation.changed_since(original, item):
            name = f"{quoted(original.heading)} ({inspected.first.path.name}, line {line_of(original)})"
            advice = (
                f"compare them, then write 'original: {original.fingerprint}'"
            )
            yield Problem(
                f"{name} was changed after this was translated; {advice}",
                line_of(item, "original"),
            )


@rule("item-missing", WARNING, "item: not in this edition")
def item_missing(inspected: InspectedEdition) -> Problems:
    """An item of the original edition isn't in this one. Run `compose --lang` to add it."""
    for original, item in _pairs(inspected):
        if original and item is None:
            name = f"{item_name(original, 'the')} ({inspected.first.path.name}, line {line_of(original)})"
            command = _compose_command(inspected, inspected.edition.lang)
            yield Problem(
                f"{name} is missing; run {command} to add it",
                line_of(inspected.issue),
            )


@rule("item-surplus", WARNING, "item: not in the original edition")
def item_surplus(inspected: InspectedEdition) -> Problems:
    """An item of this edition isn't in the original one. Add it there, or give both the same kind,
    date and link.
    """
    for original, item in _pairs(inspected):
        if item and original is None:
            name = inspected.first.path.name
            advice = "add it there, or give both the same kind, date and link"
            yield Problem(
                f"{item_name(item, 'the')} isn't in {name}; {advice}",
                line_of(item),
            )


@rule("introduction-missing", WARNING, "an edition without the introduction")
def introduction_missing(inspected: InspectedEdition) -> Problems:
    """The original edition has an introduction, and this one doesn't. Write it below the title."""
    issue = inspected.issue
    if (
        inspected.is_translation
        and inspected.first.issue.introduction
        and not issue.introduction
    ):
        name = inspected.first.path.name
        yield Problem(
            f"{name} has an introduction, this edition doesn't; write it below the title",
            line_of(issue),
        )


@rule("edition-missing", WARNING, "a language without an edition")
def edition_missing(inspected: InspectedEdition) -> Problems:
    """The issue has no edition in one of the newsletter's languages, so readers in that language
    get the original edition. Run `compose --lang` to begin one.
    """
    edition = inspected.edition
    newsletter = inspected.newsletter
    if inspected.is_translation or store.date_of(edition.id) is None:
        return
    for lang in newsletter.settings.newsletter.languages:
        path = store.edition_path(newsletter, edition.id, lang)
        if lang != edition.lang and not path.exists():
            is_first = lang == newsletter.first_language
            advice = (
                "write it"
                if is_first
                else f"run {_compose_command(inspected, lang)} to begin it"
            )
            yield Problem(
                f"there is no {path.name}, so readers whose language is '{lang}' get this edition; {advice}"
            )


def _in_other_language(inspected: InspectedEdition) -> bool:
    """Whether the languages differ, not only script or country: those editions can share headlines."""
    language, _, _ = inspected.edition.lang.partition("-")
    first_language, _, _ = inspected.first.lang.partition("-")
    return language != first_language


def _pairs(
    inspected: InspectedEdition,
) -> Iterator[tuple[Item | None, Item | None]]:
    """Yield the items of the first edition, each with its translation; nothing for the first
    edition.
    """
    if inspected.is_translation:
        yield from pairs(inspected.first.issue, inspected.issue)


def _translated(inspected: InspectedEdition) -> Iterator[tuple[Item, Item]]:
    """Yield the items that both editions have."""
    for original, item in _pairs(inspected):
        if original and item:
            yield original, item


def _translated_parts(
    inspected: InspectedEdition,
) -> Iterator[tuple[TextPart, TextPart]]:
    """Yield the items that both editions have, after the issues themselves with their
    introductions.
    """
    if inspected.is_translation:
        yield inspected.first.issue, inspected.issue
    yield from _translated(inspected)


def _text(part: TextPart) -> str:
    return part.introduction if isinstance(part, Issue) else part.text


def _unchanged(original: _Part, part: _Part, *names: str) -> Problems:
    """Report the fields that are the same in both parts and too long to be names."""
    for name in names:
        words = getattr(part, name) or ""
        is_same = words == getattr(original, name)
        if is_same and len(re.findall(_WORD, words)) >= FEWEST_WORDS:
            yield Problem(
                f"{quoted(words)} is the same as in the original edition; translate it",
                line_of(part, name),
            )


def _compose_command(inspected: InspectedEdition, lang: str) -> str:
    """`'briefing compose --date 2020-10-09 --slug appeal --lang ug'`."""
    options = store.compose_options(inspected.edition.id)
    return f"'briefing compose {options} --lang {lang}'"
