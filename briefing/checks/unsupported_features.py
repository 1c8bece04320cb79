"""Find features that Gmail, Outlook, Apple Mail or Yahoo don't support, by
tables/unsupported_features.toml.

The table is kept here because editors' machines have no Node to run caniemail itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from . import tables
from .visible_text import own_style


@dataclass(frozen=True, slots=True)
class UnsupportedFeature:
    """A feature that an email uses and some mail apps don't support."""

    name: str
    apps: str
    use: str
    """The first use: `display: flex`, `@font-face`, `<bdi>` or `[hidden]`."""

    @property
    def clue(self) -> str:
        """What to search for in the templates."""
        return self.use.strip("[]>")


def unsupported_features(document: HtmlElement) -> Iterator[UnsupportedFeature]:
    uses = list(dict.fromkeys(_uses(document)))
    for feature in tables.table("unsupported_features")["features"]:
        first = next(filter(re.compile(feature["pattern"]).match, uses), None)
        if first is not None:
            yield UnsupportedFeature(feature["name"], feature["apps"], first)


def _uses(document: HtmlElement) -> Iterator[str]:
    """Yield the elements, attributes, declarations and at-rules of a page."""
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        yield f"<{element.tag}>"
        for name in element.keys():  # noqa: SIM118  # an element is not a mapping
            yield f"[{name}]"
        for name, value in own_style(element).items():
            yield f"{name}: {value}"
        if element.tag == "style":
            yield from re.findall(r"@[\w-]+", element.text or "")
