"""The styles of an OpenDocument text: what is a heading, bold, struck out, hidden or numbered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

_PREFIXES = {
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "http://www.w3.org/1999/xlink": "xlink",
}
_NAMESPACES = {prefix: namespace for namespace, prefix in _PREFIXES.items()}
_BOLD = {"bold", "600", "700", "800", "900"}
_TITLE = "Title"
_MOST_ANCESTORS = 20
LIST = "text:list"


def name_of(element: Any) -> str:
    """Return an element's name with its usual prefix ("text:p"); "" for an unknown namespace."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    prefix = _PREFIXES.get(name.namespace or "", "")
    return f"{prefix}:{name.localname}" if prefix else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name with its usual prefix; "" if it isn't there."""
    prefix, _, local = name.partition(":")
    value: str = element.get(f"{{{_NAMESPACES[prefix]}}}{local}", "")
    return value


@dataclass(frozen=True, slots=True)
class OdfTextStyle:
    """What a style says about text."""

    is_bold: bool
    is_struck: bool
    is_hidden: bool


class Styles:
    """The styles of a document by name, from the roots of its parts."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[str, Any] = {}
        self._numbered: set[tuple[str, str]] = set()
        for root in roots:
            for element in root.iter():
                self._add(element)

    def _add(self, element: Any) -> None:
        match name_of(element):
            case "style:style":
                self._styles[attribute(element, "style:name")] = element
            case "text:list-level-style-number":
                list_name = attribute(element.getparent(), "style:name")
                level = attribute(element, "text:level")
                if attribute(element, "style:num-format"):
                    self._numbered.add((list_name, level))

    def of(self, name: str) -> OdfTextStyle:
        """Return what a style, or else the ones it is based on, says about text."""
        return OdfTextStyle(
            is_bold=self._text_value(name, "fo:font-weight") in _BOLD,
            is_struck=self._text_value(name, "style:text-line-through-style")
            not in {"", "none"},
            is_hidden=self._text_value(name, "text:display") == "none",
        )

    def level(self, name: str) -> str:
        """Return the level of the headings in a style, as digits; "" if it isn't for headings."""
        for style in self._with_ancestors(name):
            level = attribute(style, "style:default-outline-level")
            if level:
                return level
            if attribute(style, "style:name") == _TITLE:
                return "1"
        return ""

    def is_numbered(self, list_name: str, level: int) -> bool:
        """Whether the items of a list have numbers on this level, counted from 1."""
        return (list_name, str(level)) in self._numbered

    def _text_value(self, name: str, value: str) -> str:
        for style in self._with_ancestors(name):
            for properties in style:
                found = attribute(properties, value)
                if found and name_of(properties) == "style:text-properties":
                    return found
        return ""

    def _with_ancestors(self, name: str) -> Iterable[Any]:
        for _ in range(_MOST_ANCESTORS):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = attribute(style, "style:parent-style-name")
