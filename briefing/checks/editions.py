"""The editions of an issue: what isn't translated yet, and where one differs from the first."""

import re
from collections.abc import Iterator, Sequence

from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.checks.text import quoted
from briefing.issue import store
from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Issue, Item, Section
from briefing.issue.translation import pairs, untranslated_lines

FEW = 3
"""Words from which on something is no mere name, which may be the same in every language."""

# A Chinese or Japanese word is of about two characters, with no space around it.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|\w+")


@rule("untranslated-text", Severity.ERROR)
def untranslated_text(inspected: Inspected) -> Iterator[Place]:
    """Lines of the first edition still stand as quotes, as `compose --lang` put them. Translate or delete them."""
    both: list[tuple[Issue | Item, Issue | Item]] = [(inspected.first.issue, inspected.edition.issue)]
    both += _translated(inspected)
    for original, part in both if _is_further(inspected) else ():
        left = untranslated_lines(_text(original), _text(part))
        numbers = [number for number, line in text_lines(part) if line in left]
        if numbers:
            lines = "this line is" if len(numbers) == 1 else f"{len(numbers)} lines from here on are"
            message = f"{lines} still the first edition's; put the translation in place of what begins with '>'"
            yield Place(message, numbers[0])


@rule("untranslated-words", Severity.WARNING)
def untranslated_words(inspected: Inspected) -> Iterator[Place]:
    """A title, headline or description is the first edition's, word for word. Translate it."""
    if not _is_further(inspected) or not _in_other_language(inspected):
        return
    first, issue = inspected.first.issue, inspected.edition.issue
    yield from _same(first, issue, ("title", "subject", "preheader"))
    for one, other in zip(first.sections, issue.sections, strict=False):
        yield from _same(one, other, ("title",))
    for original, item in _translated(inspected):
        yield from _same(original, item, ("heading", "alt"))


@rule("changed-since", Severity.WARNING)
def changed_since(inspected: Inspected) -> Iterator[Place]:
    """The item in the first edition was changed after it was translated. Compare, then write its new `original:`."""
    for original, item in _translated(inspected):
        if item.original and item.original != original.fingerprint:
            message = (
                f"{quoted(original.heading)} was changed in {inspected.first.path.name}, line {line_of(original)}, "
                f"after this was translated; compare, then write 'original: {original.fingerprint}'"
            )
            yield Place(message, line_of(item, "original"))


@rule("item-missing", Severity.WARNING)
def item_missing(inspected: Inspected) -> Iterator[Place]:
    """An item of the first edition isn't in this one. Let `compose --lang` add it."""
    for original, item in _pairs(inspected):
        if original and item is None:
            name, lang = inspected.first.path.name, inspected.edition.lang
            message = (
                f"{_named(original)} ({name}, line {line_of(original)}) is missing; "
                f"'briefing compose {_date_options(inspected.edition.id)} --lang {lang}' adds it"
            )
            yield Place(message, line_of(inspected.edition.issue))


@rule("item-surplus", Severity.WARNING)
def item_surplus(inspected: Inspected) -> Iterator[Place]:
    """An item of this edition isn't in the first. Add it there, or make kind, date and link the same if it is."""
    for original, item in _pairs(inspected):
        if item and original is None:
            name = inspected.first.path.name
            message = f"{_named(item)} is not in {name}; add it there, or give both the same kind, date and link"
            yield Place(message, line_of(item))


@rule("introduction-missing", Severity.WARNING)
def introduction_missing(inspected: Inspected) -> Iterator[Place]:
    """The first edition has an introduction and this one hasn't. Write it below the title."""
    issue = inspected.edition.issue
    if _is_further(inspected) and inspected.first.issue.introduction and not issue.introduction:
        name = inspected.first.path.name
        yield Place(f"{name} has an introduction, this edition hasn't; write it below the title", line_of(issue))


@rule("edition-missing", Severity.WARNING)
def edition_missing(inspected: Inspected) -> Iterator[Place]:
    """The newsletter has a language that this issue isn't written in. Its readers get the first edition."""
    edition = inspected.edition
    newsletter = inspected.newsletter
    if _is_further(inspected) or store.date_of(edition.id) is None:
        return
    for lang in newsletter.settings.newsletter.languages:
        path = store.edition_path(newsletter, edition.id, lang)
        if lang != edition.lang and not path.exists():
            cure = f"'briefing compose {_date_options(edition.id)} --lang {lang}' makes it"
            cure = "write it" if lang == newsletter.first_language else cure
            yield Place(f"there is no {path.name}, and who reads in '{lang}' gets this edition; {cure}")


def _is_further(inspected: Inspected) -> bool:
    return inspected.edition.lang != inspected.first.lang


def _in_other_language(inspected: Inspected) -> bool:
    """Whether it isn't the same language in another script or country, which can share a headline."""
    return inspected.edition.lang.partition("-")[0] != inspected.first.lang.partition("-")[0]


def _pairs(inspected: Inspected) -> Iterator[tuple[Item | None, Item | None]]:
    """The items of the first edition and of this one, side by side; none in the first itself."""
    if _is_further(inspected):
        yield from pairs(inspected.first.issue, inspected.edition.issue)


def _translated(inspected: Inspected) -> Iterator[tuple[Item, Item]]:
    yield from ((original, item) for original, item in _pairs(inspected) if original and item)


def _text(part: Issue | Item) -> str:
    return part.introduction if isinstance(part, Issue) else part.text


def _same(one: Issue | Section | Item, other: Issue | Section | Item, names: Sequence[str]) -> Iterator[Place]:
    """Where more than a name is the same in two parts."""
    for name in names:
        words = getattr(other, name) or ""
        if words == getattr(one, name) and len(_WORD.findall(words)) >= FEW:
            yield Place(f"{quoted(words)} is as in the first edition; translate it", line_of(other, name))


def _named(item: Item) -> str:
    return quoted(item.heading) if item.heading else f"the {item.kind.replace('-', ' ')}"


def _date_options(name: str) -> str:
    """What names an issue to `compose`: --date 2020-10-09 --slug appeal."""
    date, slug = name[:10], name[11:]
    return f"--date {date}{f' --slug {slug}' if slug else ''}"
