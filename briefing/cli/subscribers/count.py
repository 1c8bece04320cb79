"""briefing subscribers count: how many readers, by language and tag."""

from pathlib import Path
from typing import TYPE_CHECKING

from briefing.cli import decorators, output, words
from briefing.errors import display_path
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.subscribers.counting import Counts

EXAMPLES = """\
briefing subscribers count
briefing subscribers count --list press.csv --json
"""


@decorators.command("count", examples=EXAMPLES)
@decorators.list_option
@decorators.json_option
@decorators.pass_newsletter
def count(newsletter: Newsletter, list_: Path | None, as_json: bool) -> None:
    """Count the readers who get mail, by language and tag.

    Each reader counts once. Those who unsubscribed, and rows that can't be
    used, are counted separately.
    """
    from dataclasses import asdict

    from briefing.keys import Key
    from briefing.subscribers import counting
    from briefing.subscribers.formats import open_list
    from briefing.subscribers.suppression import Suppression

    path = list_ or newsletter.subscribers
    suppression = Suppression.of(newsletter)
    counts = counting.count(open_list(path), Key.of(newsletter), suppression)
    if as_json:
        output.print_json({"list": str(path), **asdict(counts)})
        return
    _show(counts, display_path(path), newsletter.first_language)


def _show(counts: "Counts", list_name: str, first_language: str) -> None:
    output.echo(f"{list_name}: {words.readers(counts.readers)}")
    if counts.suppressed:
        output.echo(f"and {counts.suppressed:,} more who unsubscribed")
    languages = dict(counts.languages)
    if "" in languages:
        languages[f"none, so they get '{first_language}'"] = languages.pop("")
    _show_table("Languages", languages)
    _show_table("Tags", counts.tags)
    if counts.duplicates:
        rows = counted(counts.duplicates, "row")
        are = "is a duplicate" if counts.duplicates == 1 else "are duplicates"
        output.echo(f"\n{rows} {are}; each reader gets only one email.")
    if counts.bad_rows:
        rows = counted(counts.bad_rows, "row")
        output.echo(
            f"\n{rows} can't be used; 'briefing send' says which and why."
        )


def _show_table(title: str, counts: "Mapping[str, int]") -> None:
    from briefing.cli.output import fit

    if not counts:
        return
    output.echo(f"\n{title}")
    for name, number in counts.items():
        output.echo(f"  {fit(name, 40)}  {number:>9,}")
