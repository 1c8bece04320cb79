"""Generate the tables in docs/templates.md from the templates and what they are given: `python -m
docs.templates`, or `make docs`. A test checks that they are up to date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, meta, nodes

from briefing.configuration.settings import LookSettings, NewsletterSettings
from briefing.issue.model import Issue, Item, Section
from briefing.newsletter import package_templates
from briefing.rendering.corrected_issue import CorrectedIssue
from briefing.rendering.own_templates import description, template_names
from briefing.rendering.template_values import FILTERS, ITEM_VALUES, VALUES

FILE = Path(__file__).with_name("templates.md")
BEGIN = "<!-- The tables, written by `make docs` from the code. -->\n"
END = "<!-- End of the tables. -->\n"

PARTS: Mapping[str, type[Any]] = {
    "issue": Issue,
    "section": Section,
    "item": Item,
    "newsletter": NewsletterSettings,
    "look": LookSettings,
    "corrected": CorrectedIssue,
}
"""Values that have parts, which are written `issue.title`."""
PARTS_INTRODUCTION = """
These values have parts. Those of `issue` and `item` are explained with [the issue file](issue-format.md), those of
`newsletter` and `look` in `briefing.toml`:

"""
INTERNAL = {"origin", "by_language"}


def document() -> str:
    """Return the page with its tables brought up to date."""
    before, _, rest = FILE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{''.join(_tables())}{END}{after}"


def _tables() -> Iterator[str]:
    yield "\n### The files\n\n"
    yield from _table(("file", "what it is", "includes"), _files())
    yield "\n### Values\n\nAll templates are given these:\n\n"
    values = ((name, text, _users(name)) for name, text in VALUES.items())
    yield from _table(("value", "what it is", "used in"), values)
    yield "\nThe templates of an item, `item.html.j2` and `item.txt.j2`, are given two more:\n\n"
    yield from _table(("value", "what it is"), ITEM_VALUES.items())
    yield PARTS_INTRODUCTION
    yield from _table(("value", "parts"), _parts())
    yield "\n### Filters\n\n"
    yield from _table(("filter", "what it makes"), FILTERS.items())
    yield "\n"


def _table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """Yield a table whose first column is code."""
    yield f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    for name, *cells in rows:
        texts = (cell.replace("|", r"\|") for cell in cells)
        yield f"| `{name}` | {' | '.join(texts)} |\n"


def _files() -> Iterator[tuple[str, ...]]:
    for name in template_names():
        yield name, description(name), _listed(_included(name))


def _parts() -> Iterator[tuple[str, str]]:
    for name, kind in PARTS.items():
        parts = (part.name for part in fields(kind))
        yield (
            name,
            _listed(f"{name}.{part}" for part in parts if part not in INTERNAL),
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _tree(name: str) -> nodes.Template:
    text = (package_templates() / name).read_text("utf-8")
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  # nothing is rendered
    environment.filters |= dict.fromkeys(FILTERS, str)
    return environment.parse(text)


def _included(name: str) -> list[str]:
    """Return the templates that one includes by their name, each once."""
    found = meta.find_referenced_templates(_tree(name))
    return list(dict.fromkeys(other for other in found if other))


def _users(value: str) -> str:
    """Return the templates that use a value."""
    return _listed(
        name
        for name in template_names()
        if value in meta.find_undeclared_variables(_tree(name))
    )


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
