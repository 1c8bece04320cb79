"""briefing collect: put web pages, saved pages and news from feeds into the inbox."""

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.errors import BriefingError
from briefing.newsletter import SETTINGS_FILE, Newsletter

from . import decorators, feed_choice, output, prompts, section_choice
from .collect_summary import remarks, show_added, source_and_date, would_add

if TYPE_CHECKING:
    from briefing.collecting.intake import Collected, InboxItem, NamePublisher
    from briefing.network.fetch_guard import Guard

EXAMPLES = """\
briefing collect https://example.org/news/a-ruling
briefing collect https://example.org/a https://example.net/b
briefing collect https://example.org/a --section 'In the news'
briefing collect --page saved.html
briefing collect --feed
briefing collect --feed --since 2020-10-09
"""
_SHOWN = 150
"""The most characters of a text that are shown."""


@decorators.command("collect", examples=EXAMPLES)
@click.argument("sources", nargs=-1, metavar="[LINK]...")
@click.option(
    "--section",
    metavar="TITLE",
    help="Put the items into this section of the issue.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A page as your browser saved it; give its address as LINK if the file doesn't contain it.",
)
@click.option(
    "--feed",
    is_flag=True,
    help="Choose from what is new in the feeds listed in 'feeds' under [collect].",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="With --feed: collect everything that would be shown, without asking.",
)
@click.option(
    "--since",
    metavar="DATE",
    callback=decorators.as_day,
    help="With --feed: show entries published since DATE, such as 2020-10-09, even if you were shown them before and "
    "didn't choose them.",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also collect what is in the inbox or was in an issue.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be collected; write nothing.",
)
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    sources: tuple[str, ...],
    section: str | None,
    page: Path | None,
    feed: bool,
    everything: bool,
    since: dt.date | None,
    again: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Turn links into items: headline, publisher, date, first sentences, photo.

    They go into the inbox, issues/inbox/issue.md; 'briefing compose' makes an issue of them. The sites see your IP
    address and nothing else about you; 'proxy' under [collect] in briefing.toml can hide that as well.
    """
    from briefing.collecting import intake

    _check_usage(
        sources,
        page,
        feed=feed,
        needs_feed=everything or since is not None,
    )
    newsletter = Newsletter.find(directory)
    section = section_choice.resolve(newsletter, section, quiet=as_json)
    guard = make_guard(newsletter.settings.collect.proxy)
    collector = intake.Collector(
        newsletter,
        guard,
        section=section,
        again=again,
        dry_run=dry_run,
        name_publisher=_publisher_names(newsletter, quiet=as_json),
    )
    news = None
    addresses: Sequence[str] = sources
    if feed:
        news = feed_choice.poll(newsletter, guard, since, keep=not dry_run)
        chosen = feed_choice.choose(news, everything=everything, quiet=as_json)
        if chosen is None:
            return
        addresses = chosen
    with output.progress("Collecting") as progress:
        planned = intake.plan_sources(addresses, page, guard)
        collected = collector.collect(planned, progress)
    if news and not dry_run:
        news.remember(addresses, collected.failures)
    if as_json:
        output.print_json([intake.as_json(item) for item in collected.items])
    else:
        _print_result(newsletter, collected, dry_run=dry_run)
        feed_choice.print_shown_before(news)
    _print_failures(collected.failures.values())


def make_guard(proxy: str) -> "Guard":
    """Return the guard of all fetches; tests put one in its place that admits their own server."""
    from briefing.network.fetch_guard import Guard

    return Guard(proxy=proxy)


def _check_usage(
    sources: Sequence[str],
    page: Path | None,
    *,
    feed: bool,
    needs_feed: bool,
) -> None:
    """Raise UsageError for arguments that don't fit together. `needs_feed`: an option needs --feed."""
    is_usable = bool(sources or page) is not feed
    if page and len(sources) > 1:
        is_usable = False
    if needs_feed and not feed:
        is_usable = False
    if not is_usable:
        raise click.UsageError(
            "give one or more links, or use --page or --feed; --page takes one link at most, and --all and --since "
            "need --feed"
        )
    for source in sources:
        if "://" not in source and Path(source).exists():
            raise click.UsageError(
                f"'{source}' is a file; for a saved page, use --page '{source}', and for a brief "
                "'briefing compose --from'"
            )


# --- Publishers


def _publisher_names(
    newsletter: Newsletter, *, quiet: bool
) -> "NamePublisher | None":
    """Return what asks for a publisher's name and remembers it; None if nobody can answer."""
    if quiet or not prompts.is_interactive():
        return None

    def ask(host: str, found: str) -> str:
        from briefing.configuration.settings_file import write_setting

        output.say(
            f"Who publishes {host}? The answer is saved in briefing.toml."
        )
        name = click.prompt("  Publisher", default=found).strip()
        try:
            write_setting(
                newsletter.root / SETTINGS_FILE, "collect.names", host, name
            )
        except BriefingError as error:
            output.warn(str(error))
        return name

    return ask


# --- What was collected


def _print_result(
    newsletter: Newsletter,
    collected: "Collected",
    *,
    dry_run: bool,
) -> None:
    for item in collected.items:
        _print_item(item)
    if not collected.items:
        return
    if dry_run:
        output.echo(would_add(collected.kept))
    elif collected.kept:
        show_added(newsletter, collected.kept)


def _print_item(entry: "InboxItem") -> None:
    if entry.warning:
        output.warn(
            f"{entry.article.url}: {entry.warning}; review what was found"
        )
    headline = entry.item.heading or "(no headline)"
    output.say(headline, bold=True)
    output.say(_origin(entry), "  ")
    excerpt = " ".join(entry.article.excerpt.split())
    if excerpt:
        output.say(_beginning(excerpt), "  ")
    for line in remarks(entry):
        output.say(line, "  ", fg="yellow")


def _beginning(text: str) -> str:
    """Return the first words of a text, about two lines."""
    if len(text) <= _SHOWN:
        return text
    shown = text[:_SHOWN]
    return f"{shown.rpartition(' ')[0] or shown} …"


def _origin(entry: "InboxItem") -> str:
    """Return publisher, date, kind and photo in one line."""
    item = entry.item
    parts = source_and_date(item)
    if item.kind != "article":
        parts.append(item.kind.words)
    if entry.picture:
        parts.append(f"Photo: {item.photo}" if item.photo else "with a photo")
    return " · ".join(parts)


def _print_failures(failures: Collection[str]) -> None:
    """Print one line for each, and exit with 1 if there are any."""
    lines = list(failures)
    for line in lines[:-1]:
        output.error(line)
    if lines:
        output.fail(lines[-1])
