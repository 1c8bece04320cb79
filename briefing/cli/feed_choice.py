"""Choose from what the feeds offer, for 'briefing collect --feed'."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from briefing import clock
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import output, prompts

if TYPE_CHECKING:
    from briefing.collecting.feed_news import FeedNews
    from briefing.collecting.feeds.feed import Entry
    from briefing.network.fetch_guard import Guard

WEEK = dt.timedelta(days=7)


def poll(
    newsletter: Newsletter,
    guard: "Guard",
    since: dt.date | None,
    *,
    keep: bool,
) -> "FeedNews":
    """Poll the feeds and print what went wrong; with `keep`, record what they offer."""
    from briefing.collecting.feed_news import poll_feeds

    with output.progress("Reading the feeds") as progress:
        news = poll_feeds(
            newsletter, guard, progress, today=clock.today(), since=since
        )
    for warning in news.warnings:
        output.warn(warning)
    news.require_an_answer()
    if keep:
        news.keep()
    return news


def choose(
    news: "FeedNews", *, everything: bool, quiet: bool
) -> list[str] | None:
    """Return the links of the entries that the editor chooses; None if they are to be offered
    again next time.
    """
    links = [entry.link for entry in news.entries]
    if not links and not quiet:
        output.echo("Nothing new in the feeds.")
    if everything or not links:
        return links
    _print_offers(news)
    count = len(links)
    question = "Collect it? Type '1' for yes, 'none', or 'later'"
    if count > 1:
        question = (
            "Collect which? Numbers such as 1,3-5, or 'all', 'none' or 'later'"
        )
    chosen = prompts.choose(
        question,
        count,
        default="later",
        option="--all",
        other="later",
    )
    if chosen is None:
        output.echo("They are kept for the next 'briefing collect --feed'.")
        return None
    return [links[number - 1] for number in chosen]


def print_shown_before(news: "FeedNews | None") -> None:
    """Say how to get back to the entries of the last week that weren't chosen, unless the editor just
    did.
    """
    if news is None or news.since:
        return
    since = clock.today() - WEEK
    count = news.count_shown_before(since)
    if count:
        verb = "wasn't" if count == 1 else "weren't"
        output.say(
            f"{counted(count, 'headline')} of the last week {verb} chosen; "
            f"'briefing collect --feed --since {since}' shows them again."
        )


def _print_offers(news: "FeedNews") -> None:
    number = 1
    for offer in news.offers:
        number = _print_entries(offer.name, offer.new, number)
        number = _print_entries(
            f"{output.cut(offer.name, 62)}, shown before",
            offer.shown_before,
            number,
        )


def _print_entries(title: str, entries: Iterable["Entry"], first: int) -> int:
    """Print entries with their numbers below a title, if there are any; return the next number."""
    number = first
    for entry in entries:
        if number == first:
            output.echo(output.cut(title, 78), bold=True)
        prompts.print_choice(
            number, entry.date, entry.title or entry.link, clock.today()
        )
        number += 1
    return number
