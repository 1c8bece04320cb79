"""Find the line of the settings, or of a template, that causes a problem."""

from collections.abc import Iterator
from pathlib import Path

from briefing.configuration.toml_lines import line_numbers
from briefing.newsletter import SETTINGS_FILE
from briefing.storage import files
from briefing.text.decoding import decode

from .inspected import InspectedEdition
from .rule import Location


def in_settings(
    inspected: InspectedEdition, table: str, *keys: str
) -> Location:
    """Return the line of the first of `keys` that is set in a table of briefing.toml, else the line
    of the table.
    """
    path = inspected.newsletter.root / SETTINGS_FILE
    lines = line_numbers(decode(files.read(path)))
    for key in keys:
        if (table, key) in lines:
            return Location(lines[table, key], path)
    return Location(lines.get((table,)), path)


def in_templates(inspected: InspectedEdition, clue: str = "") -> Location:
    """Return the only line of the organisation's own templates that contains `clue`, else their
    folder.

    Without such a folder it is the issue itself, since the package's own templates break no rule.
    """
    folder = inspected.newsletter.root / "templates"
    if not folder.is_dir():
        return Location()
    found = list(_lines_with(clue, folder)) if clue else []
    return found[0] if len(found) == 1 else Location(path=folder)


def _lines_with(clue: str, folder: Path) -> Iterator[Location]:
    for path in sorted(folder.iterdir()):
        if path.suffix in {".j2", ".css"}:
            for number, line in enumerate(_text(path).split("\n"), 1):
                if clue in line:
                    yield Location(number, path)


def _text(path: Path) -> str:
    try:
        return decode(files.read(path))
    except OSError:
        return ""
