"""briefing collect: links, saved pages and feeds into the inbox."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import BriefingError, RefusedError, shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.collecting.feeds.polling import Gathered, Seen
    from briefing.collecting.intake import Arrival
    from briefing.collecting.web.source import Collected, Source
    from briefing.fetch import Guard

AT_ONCE = 4
"""Pages that are asked for side by side."""

EXAMPLES = """\
briefing collect https://example.org/news/a-ruling
briefing collect https://example.org/a https://example.net/b
briefing collect https://example.org/a --section 'In the news'
briefing collect https://example.org/behind-a-wall --page saved.html
briefing collect --feed
"""


@decorators.command("collect", examples=EXAMPLES)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--section", metavar="TITLE", help="The section of the issue that the items are for.")
@click.option(
    "--page", type=click.Path(path_type=Path), metavar="FILE", help="The page of SOURCE as your browser saved it."
)
@click.option("--feed", is_flag=True, help="What is new in the feeds of [collect] feeds since last time.")
@click.option("--all", "everything", is_flag=True, help="All of what is new, without choosing.")
@click.option("--again", is_flag=True, help="Also what ran already.")
@click.option("--dry-run", is_flag=True, help="Show what would be collected; nothing is written.")
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    sources: tuple[str, ...],
    section: str | None,
    page: Path | None,
    feed: bool,
    everything: bool,
    again: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make items of links: headline, publisher, date, first sentences, photo.

    They go into the inbox, issues/inbox/issue.md; 'briefing compose' makes an issue of them. The sites see your
    address on the net, and nothing else of you; [collect] proxy can hide that, too.
    """
    from briefing.fetch import Guard

    if bool(sources) == feed or (page and len(sources) != 1) or (everything and not feed):
        raise click.UsageError("give links, or --feed; --page goes with one link, --all with --feed")
    newsletter = Newsletter.find(directory)
    guard = Guard(proxy=newsletter.settings.collect.proxy)
    remember: Callable[[Collection[str]], None] = lambda _failed: None  # noqa: E731  # only feeds are remembered
    if feed:
        sources, remember = _chosen(newsletter, guard, everything=everything, quiet=as_json)
    wanted = _sources(sources, page, guard)
    collected, failures = _collected(newsletter, wanted)
    fetching = None if dry_run else guard
    results = _results(newsletter, collected, fetching, again=again, quiet=as_json)
    if not dry_run:
        if newsletter.settings.collect.evidence:
            _keep_evidence(
                newsletter, [one for one, (_, ran) in zip(collected, results, strict=True) if not ran or again]
            )
        _keep(newsletter, [arrival for arrival, already in results if not already or again], section, again=again)
        remember(failures)
    if as_json:
        from briefing.collecting.intake import as_json as told

        output.print_json([told(arrival.found, already) for arrival, already in results])
    elif results:
        _tell(newsletter, results, again=again, dry_run=dry_run)
    lines = list(failures.values())
    for line in lines[:-1]:
        output.error(line)
    if lines:
        output.fail(lines[-1], 1)


def _sources(addresses: Sequence[str], page: Path | None, guard: "Guard") -> "list[Source]":
    """What to retrieve."""
    from briefing.collecting.web.redirectors import unwrap
    from briefing.collecting.web.source import Link, SavedPage

    wanted = [unwrap(address.strip()) for address in addresses]  # pasted ones bring spaces along
    if page:
        return [SavedPage(wanted[0], page)]
    return [Link(address, guard) for address in dict.fromkeys(wanted)]


def _collected(newsletter: Newsletter, sources: "Sequence[Source]") -> "tuple[list[Collected], dict[str, str]]":
    """What the sources gave, in their order, each page once; and a line of what went wrong by the other addresses."""
    from briefing.collecting.web.source import collect
    from briefing.fetch import side_by_side

    names = newsletter.settings.collect.names

    def ask(source: "Source") -> "Collected | BriefingError":
        try:
            return collect(source, names)
        except BriefingError as error:
            return error

    with output.progress("Collecting") as progress:
        answers = side_by_side(ask, sources, AT_ONCE, progress)
    failures = {
        source.url: str(answer)
        for source, answer in zip(sources, answers, strict=True)
        if isinstance(answer, BriefingError)
    }
    each: dict[str, Collected] = {}  # the first of a page
    for answer in answers:
        if not isinstance(answer, BriefingError):
            each.setdefault(answer.found.url, answer)
    return list(each.values()), failures


def _results(
    newsletter: Newsletter, collected: "Sequence[Collected]", guard: "Guard | None", *, again: bool, quiet: bool
) -> "list[tuple[Arrival, str]]":
    """The items, and for each the id of the issue that ran it; the photo of one that did isn't asked for."""
    from briefing.collecting.intake import arrive
    from briefing.collecting.web.canonical import clean
    from briefing.issue.published import Published

    published, lang = Published.of(newsletter, clean), newsletter.first_language
    results = []
    for one in collected:
        already = published.find(one.found.url, one.found.title)
        if one.warning and not quiet:
            output.warn(f"{one.found.url}: {one.warning}; look at what was found")
        results.append((arrive(one.found, lang, None if already and not again else guard), already))
    return results


def _keep(newsletter: Newsletter, arrivals: "Sequence[Arrival]", section: str | None, *, again: bool) -> None:
    from briefing.collecting.intake import named
    from briefing.issue.compose import compose
    from briefing.issue.store import INBOX

    items, photos = named(list(arrivals))
    if items:
        compose(newsletter, INBOX, items, section, photos=photos, again=again)


def _keep_evidence(newsletter: Newsletter, collected: "Sequence[Collected]") -> None:
    from briefing.collecting.web import evidence

    for one in collected:
        if one.retrieved.response:
            at = dt.datetime.now(dt.UTC)
            evidence.keep(newsletter, one.retrieved.response, at, link=one.found.url, headline=one.found.title)


def _tell(newsletter: Newsletter, results: "Sequence[tuple[Arrival, str]]", *, again: bool, dry_run: bool) -> None:
    from briefing.issue import store

    kept = 0
    for arrival, already in results:
        item, found = arrival.item, arrival.found
        output.echo(output.wrap(item.heading or "(no headline)", ""), bold=True)
        credit = (
            f"Photo: {found.photo}" if arrival.picture and found.photo else "with a photo" if arrival.picture else ""
        )
        date = f"{item.date.day} {item.date:%B %Y}" if item.date else ""
        output.echo(output.wrap(" · ".join(filter(None, (item.source, date, _kind(item.kind), credit))), "  "))
        text = output.shorten(" ".join(found.excerpt.split()), 150)
        if text:
            output.echo(output.wrap(text, "  "))
        if already and not again:
            where = "in the inbox" if already == store.INBOX else f"in issue {already}"
            output.echo(f"  left out: it is {where} already; --again takes it all the same", fg="yellow")
            continue
        kept += 1
        doubtful = [name for name in found.uncertain if name not in {"photo", "alt"} or arrival.picture]
        if doubtful:
            output.echo(f"  look at: {', '.join(_field(name) for name in doubtful)}", fg="yellow")
        for note in arrival.notes:
            output.echo(output.wrap(note, "  "), fg="yellow")
    items = "1 item" if kept == 1 else f"{kept} items"
    if dry_run:
        output.echo(f"A dry run: {items} would go into the inbox.")
    elif kept:
        output.echo(f"{items} in {shown(store.first_edition_path(newsletter, store.INBOX))}.", fg="green")
        output.echo("Next: 'briefing compose' makes an issue of the inbox.")


def _kind(kind: str) -> str:
    return "" if kind == "article" else str(kind).replace("-", " ")


def _field(name: str) -> str:
    return {"photo": "the photo's credit", "alt": "the words for the photo", "excerpt": "the text"}.get(name, name)


# Feeds


def _chosen(
    newsletter: Newsletter, guard: "Guard", *, everything: bool, quiet: bool
) -> tuple[tuple[str, ...], Callable[[Collection[str]], None]]:
    """The links that were chosen of what is new in the feeds, and what is to be done once they are kept: it is told
    which of them failed."""
    from briefing.collecting.feeds.polling import Seen, gather
    from briefing.fetch import fetch

    feeds = newsletter.settings.collect.feeds
    if not feeds:
        raise RefusedError("there are no feeds; write their addresses into [collect] feeds in briefing.toml")
    seen = Seen.of(newsletter)
    if seen.note:
        output.warn(seen.note)
    with output.progress("Asking the feeds") as progress:
        gathered = gather(seen, partial(fetch, guard=guard), feeds, progress=progress)
    for one in gathered:
        if one.error:
            output.warn(str(one.error))
    if not any(one.feed or not one.error for one in gathered):
        raise RefusedError("no feed answered; nothing was collected")
    new = [entry for one in gathered for entry in one.entries]
    if not new:
        if not quiet:
            output.echo("Nothing new in the feeds.")
        return (), partial(_remember, seen, gathered)
    if not everything:
        _list(gathered)
    numbers = range(1, len(new) + 1) if everything else _pick(len(new))
    return tuple(new[number - 1].link for number in numbers), partial(_remember, seen, gathered)


def _list(gathered: "Sequence[Gathered]") -> None:
    number = 0
    for one in gathered:
        if one.feed and one.entries:
            output.echo(output.shorten(one.feed.title or one.url, 78), bold=True)
        for entry in one.entries:
            number += 1
            prompts.print_choice(number, entry.date, entry.title or entry.link)


def _pick(most: int) -> list[int]:
    return prompts.choose(f"Which of 1 to {most} (1,3-5; all; none)?", most, default="none", option="--all")


def _remember(seen: "Seen", gathered: "Sequence[Gathered]", failed: Collection[str]) -> None:
    """Once what was chosen is kept: what was shown isn't shown again, but for what failed."""
    for one in gathered:
        kept = [entry for entry in one.entries if entry.link not in failed]
        if one.feed and len(kept) == len(one.entries):
            seen.remember(one.url, kept, one.etag, one.modified)
        elif one.feed:
            seen.remember(one.url, kept)
    seen.save()
