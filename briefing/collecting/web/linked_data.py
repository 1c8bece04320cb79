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

Objects: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Objects by their `@id`."""

_MAX_SCRIPT = 2_000_000
_MAX_NODES, _MAX_VISITED = 2_000, 10_000
_MAX_DEPTH = 12
_MAX_LIST, _MAX_VALUES = 200, 20

# Properties about articles other than the page's own.
_ABOUT_OTHERS = words(
    """
    about associatedmedia blogpost breadcrumb citation comment haspart isbasedon ispartof itemlistelement mentions
    relatedlink review subjectof video
    """
)
_TEXT_KEYS = ("name", "@value", "url", "contentUrl", "@id")
_ADDRESS_KEYS = ("url", "contentUrl")
# Old pages put these around a script to hide it from even older browsers.
_OPENING = ("<!--", "//", "/*", "<![CDATA[", "*/")
_CLOSING = (";", "-->", "*/", "]]>", "/*", "//")
_DECODER = json.JSONDecoder(strict=False)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_BETWEEN_OBJECTS = re.compile(r"}\s*{")
_ARTICLE_TYPES = words("Report Review PressRelease CreativeWork Event Recipe")
_ARTICLE_ENDINGS = ("Article", "Posting", "Statement", "Reportage")


def read_linked_data(scripts: Iterable[str]) -> tuple[Mapping[str, Any], ...]:
    """Return the objects with a type in these scripts, outer ones first, without those about other
    articles.
    """
    nodes: list[Mapping[str, Any]] = []
    for script in scripts:
        if len(nodes) < _MAX_NODES:
            nodes += _typed_objects(_parse(script[:_MAX_SCRIPT]))
    return tuple(nodes[:_MAX_NODES])


def types_of(node: Mapping[str, Any]) -> list[str]:
    """Return an object's types, without the vocabulary's address."""
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    found = []
    for name in names:
        if isinstance(name, str):
            _, _, bare = name.rpartition("/")
            found.append(bare)
    return found


def is_article(node: Mapping[str, Any]) -> bool:
    """Whether an object describes an article or another written work."""
    return any(map(_is_article_type, types_of(node)))


def _is_article_type(name: str) -> bool:
    return name in _ARTICLE_TYPES or name.endswith(_ARTICLE_ENDINGS)


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value: itself, those of a list, or the name or address of an object."""
    for element in _elements(value):
        text = (
            _text_of_object(element)
            if isinstance(element, Mapping)
            else element
        )
        if _is_text(text):
            yield unescape(text).strip()


def by_id(nodes: Iterable[Mapping[str, Any]]) -> Objects:
    """Return the objects to which others can refer by their `@id`."""
    found: dict[str, Mapping[str, Any]] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and not _is_reference(node):
            found.setdefault(name, node)
    return found


def addresses(value: Any, referred: Objects) -> Iterator[str]:
    """Yield the addresses in a value: itself, those of a list, or where an object says that it is;
    `referred` are the objects to which it can refer.
    """
    for element in _resolved(value, referred):
        if isinstance(element, Mapping):
            for key in _ADDRESS_KEYS:
                yield from texts(element.get(key))
        else:
            yield from texts(element)


def nested(value: Any, referred: Objects) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a value: itself, or those of a list; `referred` are the objects to which it
    can refer.
    """
    for element in _resolved(value, referred):
        if isinstance(element, Mapping):
            yield element


def _resolved(value: Any, referred: Objects) -> Iterator[Any]:
    """Yield the elements of a value, with the objects instead of references to them."""
    for element in _elements(value):
        if isinstance(element, Mapping) and _is_reference(element):
            yield referred.get(str(element.get("@id")))
        else:
            yield element


def _is_reference(node: Mapping[str, Any]) -> bool:
    return "@id" in node and node.keys() <= {"@id", "@type"}


def _elements(value: Any) -> list[Any]:
    return value[:_MAX_VALUES] if isinstance(value, list) else [value]


def _text_of_object(node: Mapping[str, Any]) -> str:
    for key in _TEXT_KEYS:
        value = node.get(key)
        if _is_text(value):
            return str(value)
    return ""


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
    """Return the first value in a script, such as an object with one brace too many behind it."""
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
    yield unescape(script)
    separated = _BETWEEN_OBJECTS.sub("},{", script)
    yield f"[{separated}]"


def _typed_objects(data: Any) -> Iterator[Mapping[str, Any]]:
    waiting: deque[tuple[Any, int]] = deque()
    waiting.append((data, 0))
    for _ in range(_MAX_VISITED):
        if not waiting:
            return
        value, depth = waiting.popleft()
        if isinstance(value, dict) and depth < _MAX_DEPTH and types_of(value):
            yield value
        for child in _children(value, depth):
            waiting.append((child, depth + 1))


def _children(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value[:_MAX_LIST]
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        for key, child in value.items():
            if key.lower() not in _ABOUT_OTHERS:
                yield child
