"""briefing collect --mailbox: put what colleagues sent by email into the inbox."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import collect_summary, output

if TYPE_CHECKING:
    from briefing.collecting.intake import Collector
    from briefing.collecting.mailed_intake import MailedItem, MailedItems
    from briefing.configuration.mailbox_addresses import MailboxAddress


def run(
    collector: "Collector", since: dt.date | None, *, as_json: bool
) -> list[str]:
    """Read the mailbox, put what is new into the inbox, and show it; return a line for each email that
    can't be read.
    """
    from briefing.collecting.mailed_intake import MailCollector
    from briefing.mailbox.opening import open_mailbox
    from briefing.mailbox.position import Position, Purpose
    from briefing.mailbox.positions import Positions
    from briefing.sending.secrets.mailbox_password import password_for

    newsletter = collector.newsletter
    address = _address(newsletter)
    positions = Positions(newsletter)
    position = positions.of(Purpose.INBOX, address)
    password = password_for(newsletter, Purpose.INBOX)
    with (
        open_mailbox(
            address,
            password,
            newsletter.root,
            proxy=newsletter.settings.collect.proxy,
        ) as mailbox,
        output.progress("Reading emails") as progress,
    ):
        start = Position() if since else position
        mail_collector = MailCollector(collector, since)
        found = mail_collector.collect(mailbox, start, progress)
        if found.marks and not collector.dry_run:
            reached = position.advanced(mailbox.validity, found.marks)
            positions.keep(Purpose.INBOX, address, reached)
    if as_json:
        output.print_json(_as_json(found))
    else:
        # With --since, emails that were read before are read again.
        read = counted(len(found.marks), "email" if since else "new email")
        _show(newsletter, found, read, dry_run=collector.dry_run)
    return found.failures


def _address(newsletter: Newsletter) -> "MailboxAddress":
    """Return where the inbox's mailbox is. Raises RefusedError if a setting is missing."""
    settings = newsletter.settings.mailbox
    for key, meaning in (
        ("inbox", "the mailbox to which colleagues send links and articles"),
        ("senders", "the addresses of these colleagues"),
        (
            "checked_by",
            "the first word of Authentication-Results in an email that you got there, so that nobody can pretend to be "
            "a colleague",
        ),
    ):
        if not getattr(settings, key):
            raise RefusedError(
                f"'{key}' isn't set; add it under [mailbox] in briefing.toml: {meaning}"
            )
    assert settings.inbox
    return settings.inbox


def _show(
    newsletter: Newsletter, found: "MailedItems", read: str, *, dry_run: bool
) -> None:
    for item in found.items:
        _show_item(item)
    for line in _refusals(found):
        output.say(line, rest="  ", fg="yellow")
    added = [item for item in found.items if item.is_kept]
    if dry_run:
        output.echo(f"{read}. {collect_summary.would_add(added)}")
    elif added:
        collect_summary.show_added(newsletter, added, before=f"{read}; ")
    else:
        output.echo(f"{read}; no items were added to the inbox.")


def _show_item(mailed: "MailedItem") -> None:
    item = mailed.item
    heading = item.heading or item.link or "(no headline)"
    output.say(heading, bold=True)
    origin = collect_summary.source_and_date(item)
    if origin:
        output.say(" · ".join(origin), "  ")
    output.say(mailed.note, "  ")
    for remark in collect_summary.remarks(mailed):
        output.say(remark, "  ", fg="yellow")


def _refusals(found: "MailedItems") -> Iterator[str]:
    from briefing.collecting.mailed import REASONS

    for reason, count in sorted(found.refused.items()):
        yield f"{counted(count, 'email')} left out: {REASONS[reason]}."


def _as_json(found: "MailedItems") -> dict[str, Any]:
    return {
        "mails": len(found.marks),
        "items": [_item_as_json(item) for item in found.items],
        "refused": {
            str(reason): count
            for reason, count in sorted(found.refused.items())
        },
        "failures": found.failures,
    }


def _item_as_json(mailed: "MailedItem") -> dict[str, Any]:
    item = mailed.item
    return {
        "title": item.heading or None,
        "source": item.source or None,
        "date": str(item.date) if item.date else None,
        "url": item.link or None,
        "excerpt": item.text or None,
        "note": mailed.note,
        "uncertain": list(mailed.uncertain),
        "notes": list(mailed.notes),
        "already": mailed.already or None,
        "added": mailed.is_kept,
    }
