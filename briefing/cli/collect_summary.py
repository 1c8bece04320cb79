"""What is shown of items that were collected."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.errors import display_path
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import output

if TYPE_CHECKING:
    from briefing.collecting.intake import InboxItem
    from briefing.issue.model import Item

_FIELDS = {
    "title": "the headline",
    "source": "the publisher",
    "date": "the date",
    "photo": "the photo's credit",
    "alt": "the photo's description",
    "excerpt": "the text",
    "lang": "the language",
}
"""What editors call the fields that can be uncertain."""
_ATTRIBUTES = {"title": "heading", "excerpt": "text"}
"""The attributes of an item that have other names than its fields in `--json`."""


def source_and_date(item: "Item") -> list[str]:
    """Return the publisher and the date, if they are known."""
    date = f"{item.date.day} {item.date:%B %Y}" if item.date else ""
    return list(filter(None, (item.source, date)))


def remarks(entry: "InboxItem") -> Iterator[str]:
    """Yield a line for each thing that the editor should know about an item."""
    from briefing.issue import store

    if not entry.is_kept:
        place = store.in_words(entry.already)
        yield f"left out: already in {place}; use --again to collect it anyway"
        return
    guessed: list[str] = []
    missing: list[str] = []
    for name in entry.uncertain:
        is_known = getattr(entry.item, _ATTRIBUTES.get(name, name))
        (guessed if is_known else missing).append(_FIELDS[name])
    if missing:
        yield f"not found: {', '.join(missing)}"
    if guessed:
        yield f"needs review: {', '.join(guessed)}"
    yield from entry.notes


def would_add(items: "Sequence[InboxItem]") -> str:
    """Return what a dry run didn't do."""
    count = counted(len(items), "item")
    return f"This was a dry run; {count} would go into the inbox."


def show_added(
    newsletter: Newsletter,
    added: "Sequence[InboxItem]",
) -> None:
    """Print where these items are now, and what to do next."""
    from briefing.issue import store

    items = counted(len(added), "item")
    path = display_path(store.first_edition_path(newsletter, store.INBOX))
    output.echo(f"{items} added to {path}.", fg="green")
    if any(entry.uncertain for entry in added):
        output.echo(
            "Next: review the fields listed above in that file, then run 'briefing compose'."
        )
    else:
        output.echo("Next: 'briefing compose' makes an issue from the inbox.")
