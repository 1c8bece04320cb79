"""What 'briefing compose' shows: the items that were added, what is uncertain, and what was left
out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from briefing.errors import display_path
from briefing.issue.composed import Composed, Notes
from briefing.issue.model import Item, Kind
from briefing.rendering.plain_text import wrap
from briefing.text.controls import printable
from briefing.text.counts import counted
from briefing.text.width import width

from . import output
from .output import cut, fit

COLUMNS = 79
_INDENT = "     "
_TEXTS = COLUMNS - len(f"{_INDENT}    2020-10-09  Link Photo")
"""Columns for headline and source."""
_SOURCE = "Source"
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
        _show_kinds(items)
        _show_titles(composed, items)
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
    known = len(composed.already)
    if not composed.added and known:
        items = "1 item was" if known == 1 else f"{known} items were"
        return f"nothing added; {items} there already"
    items = counted(len(composed.added), "item")
    if composed.new:
        return f"a new issue with {items}"
    added = f"{items} added"
    if known:
        return (
            f"{added}; {known} {'was' if known == 1 else 'were'} there already"
        )
    return added


def _describe_staying(staying: int) -> str:
    items = "1 item stays" if staying == 1 else f"{staying} items stay"
    return f"{items} in the inbox: the issue already has the same news, worded differently."


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
        words = printable(composed.introduction).split()
        line = " ".join(["Introduction:", *words])
        output.echo(cut(line, COLUMNS))
        return
    output.echo(
        "The issue exists already, so the brief's introduction was left out:"
    )
    for line in composed.introduction.split("\n"):
        if line:
            _echo_wrapped(line, indent=_INDENT)


# --- The table


def _show_table(
    sections: Mapping[Item, str | None],
    notes: Notes,
) -> None:
    for_source = _columns_for_source(sections)
    output.echo()
    _show_names(for_source)
    above: str | None = None
    for number, item in enumerate(sections, start=1):
        section = sections[item]
        if section != above:
            _echo_wrapped(section or "", indent="  ", bold=True)
            above = section
        has_notes = bool(notes.get(item))
        is_uncertain = has_notes or not _is_complete(item)
        mark = _NOTED if has_notes else " "
        colour = "yellow" if is_uncertain else None
        row = _row(item, for_source)
        output.echo(f"{number:>3}{mark} {row}", fg=colour)


def _columns_for_source(items: Iterable[Item]) -> int:
    widest = len(_SOURCE)
    for item in items:
        widest = max(widest, width(printable(item.source)))
    return min(widest, _LONGEST_SOURCE)


def _show_names(for_source: int) -> None:
    names = _line(
        "Headline",
        _SOURCE,
        "Date",
        "Link",
        "Photo",
        for_source,
    )
    output.echo(_INDENT + names, dim=True)


def _row(item: Item, for_source: int) -> str:
    return _line(
        _headline(item),
        printable(item.source) or _UNKNOWN,
        _date(item) or _UNKNOWN,
        _PRESENT if item.link else _UNKNOWN,
        _PRESENT if item.image else _NONE,
        for_source,
    )


def _line(
    headline: str,
    source: str,
    date: str,
    link: str,
    photo: str,
    for_source: int,
) -> str:
    cells = [
        fit(headline, _TEXTS - for_source),
        fit(source, for_source),
        fit(date, 10),
        f"{link:4} {photo}",
    ]
    return "  ".join(cells)


def _headline(item: Item) -> str:
    return printable(item.heading) or f"{_UNKNOWN} ({item.kind.words})"


# --- Below the table


def _show_kinds(items: Sequence[Item]) -> None:
    """Print which items aren't articles, since the email labels those."""
    labels = map(_label, items)
    parts: list[str] = []
    for kind, numbers in _numbers_by(labels).items():
        parts.append(f"{_ranges(numbers)} as {kind}")
    if parts:
        _show_lines([f"Labelled in the email: {'; '.join(parts)}."])


def _label(item: Item) -> str:
    is_article = item.kind is Kind.ARTICLE
    return "" if is_article else item.kind.words


def _show_titles(composed: Composed, items: Sequence[Item]) -> None:
    """Print which sections are new, and the brief's titles that the issue doesn't have."""
    lines: list[str] = []
    if composed.new_sections:
        noun = "section" if len(composed.new_sections) == 1 else "sections"
        new = ", ".join(map(_quoted, composed.new_sections))
        lines.append(f"New in this issue: the {noun} {new}.")
    titles = [composed.titles.get(item, "") for item in items]
    for title, numbers in _numbers_by(titles).items():
        verb = "was" if len(numbers) == 1 else "were"
        which = _ranges(numbers)
        lines.append(f"In the brief, {which} {verb} under {_quoted(title)}.")
    _show_lines(lines)


def _numbers_by(labels: Iterable[str]) -> dict[str, list[int]]:
    """Return the numbers of the items that have the same label; some have none ("")."""
    numbers: dict[str, list[int]] = {}
    for number, label in enumerate(labels, start=1):
        if label:
            numbers.setdefault(label, []).append(number)
    return numbers


def _show_lines(lines: Sequence[str]) -> None:
    """Print lines below an empty one."""
    if lines:
        output.echo()
    for line in lines:
        _echo_wrapped(line)


def _quoted(title: str) -> str:
    return f"“{title}”"


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
        notes = _notes(composed, item)
        _echo_notes(list(filter(_quotes_brief, notes)))


def _quotes_brief(note: str) -> bool:
    return "“" in note or "://" in note


def _shortened(item: Item) -> str:
    return cut(_headline(item), COLUMNS - len(_INDENT))


def _echo_notes(notes: Sequence[str]) -> None:
    for note in notes:
        _echo_wrapped(note, indent=_INDENT, rest=f"{_INDENT}  ", fg="yellow")


def _echo_wrapped(
    text: str,
    *,
    indent: str = "",
    rest: str | None = None,
    **style: Any,
) -> None:
    following = indent if rest is None else rest
    lines = wrap(
        printable(text),
        first=indent,
        rest=following,
        columns=COLUMNS,
    )
    output.echo(lines, **style)


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in ascending order as an editor writes them: "1, 3-5"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    return ", ".join(map(_range, ranges))


def _range(numbers: Sequence[int]) -> str:
    first = numbers[0]
    last = numbers[-1]
    return str(first) if first == last else f"{first}-{last}"


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
            "notes": _notes(composed, item),
        }
        added.append(values)
    return {
        "issue": composed.edition.id,
        "path": str(composed.edition.path),
        "new": composed.new,
        "already": len(composed.already),
        "already_there": [
            {"heading": item.heading, "notes": _notes(composed, item)}
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


def _notes(composed: Composed, item: Item) -> list[str]:
    return list(composed.notes.get(item, ()))
