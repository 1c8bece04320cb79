"""Where a finding belongs that no line of the issue is to blame for: the settings, or a template."""

from pathlib import Path

from briefing.checks.rule import Inspected, Place
from briefing.newsletter import SETTINGS_FILE
from briefing.toml_lines import line_numbers


def in_settings(inspected: Inspected, table: str, keys: tuple[str, ...], message: str) -> Place:
    """At the first of `keys` that briefing.toml sets in the table, else at the table itself."""
    path = inspected.newsletter.root / SETTINGS_FILE
    lines = line_numbers(path.read_text("utf-8-sig"))
    for key in keys:
        if (table, key) in lines:
            return Place(message, lines[table, key], path)
    return Place(message, lines.get((table,)), path)


def in_templates(inspected: Inspected, message: str, clue: str = "") -> Place:
    """At the one line of the organisation's own templates that holds `clue`, else at their folder.

    Where it has none the issue itself is named: the package's own templates break no rule.
    """
    folder = inspected.newsletter.root / "templates"
    if not folder.is_dir():
        return Place(message)
    paths = [*folder.glob("*.j2"), *folder.glob("*.css")] if clue else []
    lines = ((number, line, path) for path in paths for number, line in enumerate(_text(path).split("\n"), 1))
    found = [(number, path) for number, line, path in lines if clue in line]
    if len(found) == 1:
        return Place(message, *found[0])
    return Place(message, path=folder)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
