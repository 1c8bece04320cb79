"""What Gmail, Outlook, Apple Mail and Yahoo don't show, from tables/mail_programs.toml.

The rule `not-shown-everywhere` needs it on an editor's machine, where there is no Node to run caniemail itself; so
the facts are a table of ours, which tests/judges compares with caniemail's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from lxml import html as lxml_html

from briefing.checks import tables
from briefing.markup import style_declarations

_ANY_DECLARATION = r"-*[\w-]+: (?:.*[\s,(/*+-])?"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that some programs don't know."""

    name: str
    pattern: re.Pattern[str]
    programs: str


@dataclass(frozen=True, slots=True)
class UnsupportedUse:
    """Where a mail uses it."""

    feature: Unsupported
    clue: str
    """What its template can be searched for."""


@cache
def unsupported(kind: str) -> tuple[Unsupported, ...]:
    """The features of one kind: `declarations`, `at_rules`, `elements` or `attributes`."""
    found = []
    for entry in tables.table("mail_programs")[kind]:
        pattern = entry["pattern"] if "pattern" in entry else _ANY_DECLARATION + entry["value"]
        found.append(Unsupported(entry["name"], re.compile(pattern), entry["programs"]))
    return tuple(found)


def unsupported_uses(document: lxml_html.HtmlElement) -> Iterator[UnsupportedUse]:
    """Everything in a page that one of the programs doesn't know, once each."""
    page = _features_of(document)
    for feature, used in _uses("declarations", page.declarations):
        yield UnsupportedUse(feature, used)
    for feature, used in _uses("at_rules", page.at_rules):
        yield UnsupportedUse(feature, used)
    for feature, used in _uses("elements", page.elements):
        yield UnsupportedUse(feature, f"<{used}")
    for feature, used in _uses("attributes", page.attributes):
        yield UnsupportedUse(feature, used)


def _uses(kind: str, used: Iterable[str]) -> Iterator[tuple[Unsupported, str]]:
    """Each feature of a kind that is used, with its first use."""
    is_whole = kind in {"elements", "attributes"}
    for feature in unsupported(kind):
        match = feature.pattern.fullmatch if is_whole else feature.pattern.match
        first = next(filter(match, used), None)
        if first is not None:
            yield feature, first


@dataclass(frozen=True, slots=True)
class _PageFeatures:
    """What a page uses, each once and in order."""

    declarations: dict[str, None]
    at_rules: dict[str, None]
    elements: dict[str, None]
    attributes: dict[str, None]


def _features_of(document: lxml_html.HtmlElement) -> _PageFeatures:
    page = _PageFeatures({}, {}, {}, {})
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        page.elements[element.tag] = None
        page.attributes.update(dict.fromkeys(element.keys()))
        for name, value in style_declarations(element.get("style", "")).items():
            page.declarations[f"{name}: {value}"] = None
        if element.tag == "style":
            page.at_rules.update(dict.fromkeys(re.findall(r"@[\w-]+", element.text or "")))
    return page
