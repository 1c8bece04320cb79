"""What 'briefing compose' shows: the items that were added, what is uncertain, and what was left
out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from briefing.cli import output
from briefing.cli.columns import fit
from briefing.controls import printable
from briefing.counts import counted
from briefing.errors import display_path
from briefing.issue.composed import Composed
from briefing.issue.model import Item, Kind
from briefing.rendering.plain_text import width, wrap

COLUMNS = 79
_INDENT = "     "
_TEXTS = COLUMNS - len(f"{_INDENT}    2020-10-09  Link Photo")
"""Columns for headline and source."""
_LONGEST_SOURCE = 18
_NOTED, _UNKNOWN, _PRESENT, _NONE = "!", "?", "✓", "–"
_LEGEND = f"'{_NOTED}': see the notes. '{_UNKNOWN}': unknown, so it was left empty."


def show(composed: Composed) -> None:
    """Print a table with an item a line, and below it every note in full."""
    path = display_path(composed.edition.path)
    output.echo(f"{path}: {_describe_added(composed)}.")
    if composed.added:
        sections = composed.sections
        items = list(sections)
        _show_table(sections, composed.notes)
        _show_kinds(items)
        _show_titles(composed, items)
        _show_notes(items, composed.notes)
    _show_already(composed)
    _show_introduction(composed.unused_introduction)
    output.echo()
    if composed.staying:
        output.echo(_describe_staying(composed.staying))
    if any(map(_is_uncertain, composed.added, _notes_of(composed))):
        output.echo(f"Check what is marked. {_LEGEND}")
    output.echo("Next: 'briefing preview' shows the issue in your browser.")


def _describe_added(composed: Composed) -> str:
    """Return how many items were added, and how many the issue had already."""
    known = len(composed.already)
    if not composed.added and known:
        items = "1 item was" if known == 1 else f"{known} items were"
        return f"nothing added; {items} there already"
    added = f"{counted(len(composed.added), 'item')} added"
    if composed.new:
        return f"{added}, a new issue"
    if known:
        return f"{added}; {known} {'was' if known == 1 else 'were'} there already"
    return added


def _describe_staying(staying: int) -> str:
    items = "1 item stays" if staying == 1 else f"{staying} items stay"
    return f"{items} in the inbox: the issue already has the same news in other words."


def _is_uncertain(item: Item, notes: Sequence[str]) -> bool:
    """Whether something about an item needs a look; many have no photo."""
    return bool(notes) or not (item.heading and item.source and item.date and item.link)


def _notes_of(composed: Composed) -> list[Sequence[str]]:
    return [composed.notes.get(item, ()) for item in composed.added]


# --- The table


def _show_table(
    sections: Mapping[Item, str | None], notes: Mapping[Item, Sequence[str]]
) -> None:
    widest = max(width(printable(item.source)) for item in sections)
    for_source = min(max(widest, len("Source")), _LONGEST_SOURCE)
    for_headline = _TEXTS - for_source
    names = f"{fit('Headline', for_headline)}  {fit('Source', for_source)}"
    output.echo()
    output.echo(f"{_INDENT}{names}  Date        Link Photo", dim=True)
    above: str | None = None
    for number, (item, section) in enumerate(sections.items(), start=1):
        if section != above:
            _echo_wrapped(section or "", indent="  ", bold=True)
            above = section
        its_notes = notes.get(item, ())
        mark = _NOTED if its_notes else " "
        row = _row(item, for_headline, for_source)
        colour = "yellow" if _is_uncertain(item, its_notes) else None
        output.echo(f"{number:>3}{mark} {row}", fg=colour)


def _row(item: Item, for_headline: int, for_source: int) -> str:
    headline = fit(_headline(item), for_headline)
    source = fit(printable(item.source) or _UNKNOWN, for_source)
    date = item.date.isoformat() if item.date else _UNKNOWN
    link = _PRESENT if item.link else _UNKNOWN
    photo = _PRESENT if item.image else _NONE
    return f"{headline}  {source}  {date:10}  {link:4} {photo}"


def _headline(item: Item) -> str:
    return printable(item.heading) or f"{_UNKNOWN} ({_kind(item.kind)})"


def _kind(kind: Kind) -> str:
    return kind.replace("-", " ")


# --- Below the table


def _show_kinds(items: Sequence[Item]) -> None:
    """Print which items aren't articles, since the mail labels those."""
    parts: list[str] = []
    for kind in Kind:
        numbers = [n for n, item in enumerate(items, start=1) if item.kind is kind]
        if numbers and kind is not Kind.ARTICLE:
            parts.append(f"{_kind(kind)}: {_ranges(numbers)}")
    if parts:
        output.echo()
        _echo_wrapped(f"Labelled as {'; '.join(parts)}.")


def _show_titles(composed: Composed, items: Sequence[Item]) -> None:
    """Print which sections are new, and the brief's titles that the issue doesn't have."""
    numbers: dict[str, list[int]] = {}
    for number, item in enumerate(items, start=1):
        if item in composed.titles:
            numbers.setdefault(composed.titles[item], []).append(number)
    if composed.new_sections or numbers:
        output.echo()
    if composed.new_sections:
        titles = ", ".join(f"“{title}”" for title in composed.new_sections)
        noun = "section" if len(composed.new_sections) == 1 else "sections"
        _echo_wrapped(f"New in this issue: the {noun} {titles}.")
    for title, own in numbers.items():
        verb = "was" if len(own) == 1 else "were"
        _echo_wrapped(f"In the brief, {_ranges(own)} {verb} under “{title}”.")


def _show_notes(items: Sequence[Item], notes: Mapping[Item, Sequence[str]]) -> None:
    for number, item in enumerate(items, start=1):
        if notes.get(item):
            output.echo()
            heading = fit(_headline(item), COLUMNS - len(_INDENT)).rstrip()
            output.echo(f"{number:>3}  {heading}", bold=True)
            _echo_notes(notes[item])


def _show_already(composed: Composed) -> None:
    """Print the items that weren't added, with the notes that quote words of the brief."""
    if not composed.already:
        return
    output.echo()
    output.echo("There already, so not added:")
    for item in composed.already:
        heading = fit(_headline(item), COLUMNS - len(_INDENT)).rstrip()
        output.echo(f"  –  {heading}")
        notes = composed.notes.get(item, ())
        _echo_notes([note for note in notes if "“" in note or "://" in note])


def _show_introduction(text: str) -> None:
    if text:
        output.echo()
        output.echo("The issue has its own introduction, so the brief's was left out:")
        for line in filter(None, text.split("\n")):
            _echo_wrapped(line, indent=_INDENT)


def _echo_notes(notes: Sequence[str]) -> None:
    for note in notes:
        _echo_wrapped(note, indent=_INDENT, rest=f"{_INDENT}  ", fg="yellow")


def _echo_wrapped(
    text: str, *, indent: str = "", rest: str | None = None, **style: Any
) -> None:
    following = indent if rest is None else rest
    lines = wrap(printable(text), first=indent, rest=following, columns=COLUMNS)
    output.echo(lines, **style)


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in ascending order as an editor writes them: "1, 3-5"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    return ", ".join(
        str(own[0]) if len(own) == 1 else f"{own[0]}-{own[-1]}" for own in ranges
    )


# --- For scripts


def as_json(composed: Composed) -> Mapping[str, Any]:
    """Return what was added and left out as values for JSON."""
    sections = composed.sections
    added: list[Mapping[str, Any]] = []
    for item in composed.added:
        added.append(
            {
                "heading": item.heading,
                "kind": item.kind,
                "section": sections[item],
                "section_in_brief": composed.titles.get(item),
                "source": item.source or None,
                "date": item.date.isoformat() if item.date else None,
                "link": item.link or None,
                "image": item.image or None,
                "alt": item.alt or None,
                "photo": item.photo or None,
                "contact": item.contact or None,
                "text": item.text,
                "notes": list(composed.notes.get(item, ())),
            }
        )
    there = [
        {"heading": item.heading, "notes": list(composed.notes.get(item, ()))}
        for item in composed.already
    ]
    return {
        "issue": composed.edition.id,
        "path": str(composed.edition.path),
        "new": composed.new,
        "already": len(composed.already),
        "already_there": there,
        "new_sections": list(composed.new_sections),
        "unused_introduction": composed.unused_introduction or None,
        "added": added,
    }
