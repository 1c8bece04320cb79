"""Read the JSON-LD of a page (schema.org), even if it is carelessly written.

Mistakes are repaired where that is safe (comments, line breaks in texts, trailing commas);
unreadable scripts are skipped.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any, TypeAlias

from briefing.collecting.text.wordlists import words

Object: TypeAlias = Mapping[str, Any]
"""An object of a page's JSON-LD, with its properties."""
Objects: TypeAlias = Mapping[str, Object]
"""Objects by their `@id`."""

_MAX_SCRIPT = 2_000_000
_MAX_NODES = 2_000
_MAX_VISITED = 10_000
_MAX_LIST = 200
_MAX_VALUES = 20

# Properties about articles other than the page's own.
_ABOUT_OTHERS = words(
    """
    about associatedmedia blogpost breadcrumb citation comment haspart isbasedon ispartof itemlistelement mentions
    relatedlink review subjectof video
    """
)
_TEXT_KEYS = ("name", "@value", "url", "contentUrl", "@id")
# Old pages put these around a script to hide it from even older browsers.
_OPENING = ("<!--", "//", "/*", "<![CDATA[", "*/")
_CLOSING = (";", "-->", "*/", "]]>", "/*", "//")
_DECODER = json.JSONDecoder(strict=False)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
# "{…} {…}": two objects without a list around them.
_BETWEEN_OBJECTS = re.compile(r"}\s*{")
_ARTICLE_TYPES = words("Report Review PressRelease CreativeWork Event Recipe")
_ARTICLE_ENDINGS = ("Article", "Posting", "Statement", "Reportage")


def read_linked_data(scripts: Iterable[str]) -> tuple[Object, ...]:
    """Return the objects with a type in these scripts, outer ones first, without those about other
    articles.
    """
    nodes: list[Object] = []
    for script in scripts:
        if len(nodes) < _MAX_NODES:
            nodes += _typed_objects(_parse(script[:_MAX_SCRIPT]))
    return tuple(nodes[:_MAX_NODES])


def types_of(node: Object) -> list[str]:
    """Return an object's types, without the vocabulary's address."""
    names = filter(_is_text, _elements(node.get("@type")))
    return [name.rpartition("/")[2] for name in names]


def is_article(node: Object) -> bool:
    """Whether an object describes an article or another written work."""
    return any(
        name in _ARTICLE_TYPES or name.endswith(_ARTICLE_ENDINGS)
        for name in types_of(node)
    )


def _texts_in(value: Any) -> Iterator[str]:
    """Yield the texts of a value: itself, those of a list, or the name or address of an object."""
    for element in _elements(value):
        text = (
            _text_of_object(element)
            if isinstance(element, Mapping)
            else element
        )
        if _is_text(text):
            yield unescape(text).strip()


def texts_of(node: Object, *properties: str) -> Iterator[str]:
    """Yield the texts of an object's properties, in the order given."""
    for name in properties:
        yield from _texts_in(node.get(name))


def by_id(nodes: Iterable[Object]) -> Objects:
    """Return the objects to which others can refer by their `@id`."""
    found: dict[str, Object] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and not _is_reference(node):
            found.setdefault(name, node)
    return found


def addresses_in(value: Any, objects: Objects) -> Iterator[str]:
    """Yield the addresses in a value: itself, those of a list, or where an object says that it is;
    `objects` are those to which it can refer.
    """
    for element in _resolved(value, objects):
        if isinstance(element, Mapping):
            yield from texts_of(element, "url", "contentUrl")
        else:
            yield from _texts_in(element)


def objects_in(value: Any, objects: Objects) -> Iterator[Object]:
    """Yield the objects in a value: itself, or those of a list; `objects` are those to which it can
    refer.
    """
    for element in _resolved(value, objects):
        if isinstance(element, Mapping):
            yield element


def _resolved(value: Any, objects: Objects) -> Iterator[Any]:
    """Yield the elements of a value, with the objects instead of references to them."""
    for element in _elements(value):
        if isinstance(element, Mapping) and _is_reference(element):
            yield objects.get(str(element.get("@id")))
        else:
            yield element


def _is_reference(node: Object) -> bool:
    return "@id" in node and node.keys() <= {"@id", "@type"}


def _elements(value: Any) -> list[Any]:
    return value[:_MAX_VALUES] if isinstance(value, list) else [value]


def _text_of_object(node: Object) -> str:
    values = filter(_is_text, map(node.get, _TEXT_KEYS))
    return str(next(values, ""))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _parse(script: str) -> Any:
    """Return what a script contains; None if it can't be read."""
    script = _without_markers(script)
    for candidate in _repaired(script):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return _beginning(script)


def _beginning(script: str) -> Any:
    """Return the first value in a script, such as an object with one brace too many after it."""
    try:
        value, _ = _DECODER.raw_decode(script)
    except (ValueError, RecursionError):
        return None
    return value


def _without_markers(script: str) -> str:
    script = script.strip()
    for marker in _OPENING:
        script = script.removeprefix(marker).lstrip()
    for marker in _CLOSING:
        script = script.removesuffix(marker).rstrip()
    return script


def _repaired(script: str) -> Iterator[str]:
    yield script
    yield _TRAILING_COMMA.sub("", script)
    # Some publishing systems write {&quot;@type&quot;: &quot;NewsArticle&quot;}.
    yield unescape(script)
    separated = _BETWEEN_OBJECTS.sub("},{", script)
    yield f"[{separated}]"


def _typed_objects(data: Any) -> Iterator[Object]:
    # Level by level, so that the page's own article comes before what is nested in it.
    waiting: deque[Any] = deque([data])
    for _ in range(_MAX_VISITED):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict) and types_of(value):
            yield value
        waiting.extend(_children(value))


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value[:_MAX_LIST]
    elif isinstance(value, dict):
        for key, child in value.items():
            if key.lower() not in _ABOUT_OTHERS:
                yield child
