"""What 'briefing compose' shows: the items that were added, what is uncertain, and what was left
out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from briefing.errors import display_path
from briefing.issue.composed import Composed, Notes
from briefing.issue.model import Item, Kind
from briefing.text.controls import printable
from briefing.text.counts import counted

from . import output

_INDENT = "     "
_LONGEST_SOURCE = 18
_NOTED = "!"
_UNKNOWN = "?"
_PRESENT = "✓"
_NONE = "–"
_LEGEND = (
    f"'{_NOTED}': see the notes. '{_UNKNOWN}': unknown, so it was left empty."
)


def show(composed: Composed) -> None:
    """Print a table with one item per line, and below it every note in full."""
    path = display_path(composed.edition.path)
    output.echo(f"{path}: {_describe_added(composed)}.")
    _show_introduction(composed)
    if composed.added:
        sections = composed.sections
        items = list(sections)
        _show_table(sections, composed.notes)
        _show_labels(composed, items)
        _show_notes(items, composed.notes)
    _show_already(composed)
    output.echo()
    if composed.staying:
        output.echo(_describe_staying(composed.staying))
    if _has_uncertain(composed):
        output.echo(f"Review what is marked. {_LEGEND}")
    if composed.layout and composed.new:
        output.echo(
            f"The brief was read as '{composed.layout}'. If items are mixed up, delete the issue\n"
            "and run this again with another --layout ('briefing compose --help' lists them)."
        )
    output.echo(
        "Next: 'briefing preview' opens the issue in your browser, for editing."
    )


def _describe_added(composed: Composed) -> str:
    """Return how many items were added, and how many the issue had already."""
    items = counted(len(composed.added), "item")
    known = len(composed.already)
    if composed.new:
        return f"a new issue with {items}"
    added = f"{items} added" if composed.added else "nothing added"
    return f"{added}; {known} already there" if known else added


def _describe_staying(staying: int) -> str:
    return f"{counted(staying, 'item')} left in the inbox: the issue already has the same news, worded differently."


def _has_uncertain(composed: Composed) -> bool:
    return any(
        composed.notes.get(item) or not _is_complete(item)
        for item in composed.added
    )


def _is_complete(item: Item) -> bool:
    """Whether all values are known that an item usually has; many have no photo."""
    return all((item.heading, item.source, item.date, item.link))


def _show_introduction(composed: Composed) -> None:
    """Print the beginning of the brief's introduction; all of it if the issue doesn't have it."""
    if not composed.introduction:
        return
    output.echo()
    if composed.has_introduction:
        words = " ".join(printable(composed.introduction).split())
        output.echo(output.cut(f"Introduction: {words}", output.COLUMNS))
        return
    output.echo(
        "The issue exists already, so the brief's introduction was left out:"
    )
    for line in filter(None, composed.introduction.split("\n")):
        output.say(line, _INDENT)


def _show_table(sections: Mapping[Item, str | None], notes: Notes) -> None:
    """Print a line for each item, below the title of its section."""
    rows = [
        _row(number, item, notes) for number, item in enumerate(sections, 1)
    ]
    names = ("", "Headline", "Source", "Date", "Link", "Photo")
    heading, *lines = output.table([names, *rows], elastic=1)
    output.echo()
    output.echo(heading, dim=True)
    above: str | None = None
    for (item, section), line in zip(sections.items(), lines, strict=True):
        if section != above:
            output.say(section or "", "  ", bold=True)
            above = section
        is_uncertain = notes.get(item) or not _is_complete(item)
        output.echo(line, fg="yellow" if is_uncertain else None)


def _row(number: int, item: Item, notes: Notes) -> tuple[str, ...]:
    mark = _NOTED if notes.get(item) else " "
    return (
        f"{number:>3}{mark}",
        _headline(item),
        output.cut(printable(item.source), _LONGEST_SOURCE) or _UNKNOWN,
        _date(item) or _UNKNOWN,
        _PRESENT if item.link else _UNKNOWN,
        _PRESENT if item.image else _NONE,
    )


def _headline(item: Item) -> str:
    return printable(item.heading) or f"{_UNKNOWN} ({item.kind.words})"


def _show_labels(composed: Composed, items: Sequence[Item]) -> None:
    """Print which items aren't articles, since the email labels those; which sections are new; and the
    brief's titles that the issue doesn't have.
    """
    kinds = (
        "" if item.kind is Kind.ARTICLE else item.kind.words for item in items
    )
    titles = (composed.titles.get(item, "") for item in items)
    lines = [
        f"Labelled in the email as {kind}: {numbers}."
        for kind, numbers in _numbers_by(kinds).items()
    ]
    if composed.new_sections:
        new = ", ".join(f"“{title}”" for title in composed.new_sections)
        lines.append(f"New sections in this issue: {new}.")
    lines += [
        f"Under “{title}” in the brief: {numbers}."
        for title, numbers in _numbers_by(titles).items()
    ]
    if lines:
        output.echo()
    for line in lines:
        output.say(line)


def _numbers_by(labels: Iterable[str]) -> dict[str, str]:
    """Return the numbers of the items that have the same label; some have none ("")."""
    numbers: dict[str, list[str]] = {}
    for number, label in enumerate(labels, start=1):
        if label:
            numbers.setdefault(label, []).append(str(number))
    return {label: ", ".join(found) for label, found in numbers.items()}


def _show_notes(items: Sequence[Item], notes: Notes) -> None:
    for number, item in enumerate(items, start=1):
        if notes.get(item):
            output.echo()
            output.echo(f"{number:>3}  {_shortened(item)}", bold=True)
            _echo_notes(notes[item])


def _show_already(composed: Composed) -> None:
    """Print the items that weren't added, with the notes that quote words of the brief."""
    if not composed.already:
        return
    output.echo()
    output.echo("Already there, so not added:")
    for item in composed.already:
        output.echo(f"  –  {_shortened(item)}")
        notes = composed.notes.get(item, ())
        _echo_notes([note for note in notes if "“" in note or "://" in note])


def _shortened(item: Item) -> str:
    return output.cut(_headline(item), output.COLUMNS - len(_INDENT))


def _echo_notes(notes: Sequence[str]) -> None:
    for note in notes:
        output.say(note, _INDENT, rest=f"{_INDENT}  ", fg="yellow")


# --- For scripts


def as_json(composed: Composed) -> Mapping[str, Any]:
    """Return what was added and left out as values for JSON."""
    sections = composed.sections
    added: list[Mapping[str, Any]] = []
    for item in sections:
        values = {
            "heading": item.heading,
            "kind": item.kind,
            "section": sections[item],
            "section_in_brief": composed.titles.get(item),
            **_values_or_null(item),
            "text": item.text,
            "notes": list(composed.notes.get(item, ())),
        }
        added.append(values)
    return {
        "issue": composed.edition.id,
        "path": str(composed.edition.path),
        "new": composed.new,
        "already": len(composed.already),
        "already_there": [
            {
                "heading": item.heading,
                "notes": list(composed.notes.get(item, ())),
            }
            for item in composed.already
        ],
        "new_sections": list(composed.new_sections),
        "introduction": composed.introduction or None,
        "has_introduction": composed.has_introduction,
        "added": added,
    }


def _values_or_null(item: Item) -> Mapping[str, str | None]:
    values = {
        "source": item.source,
        "date": _date(item),
        "link": item.link,
        "image": item.image,
        "alt": item.alt,
        "photo": item.photo,
        "contact": item.contact,
    }
    return {name: value or None for name, value in values.items()}


def _date(item: Item) -> str:
    return item.date.isoformat() if item.date else ""
