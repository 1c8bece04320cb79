"""Rules on a received email, which shows what the provider changed: click counters, tracking pixels,
footers, unsubscribe links.

In transit an email may be encoded, folded and wrapped differently, and gets trace fields (RFC 5321
4.4). None of that is a problem.
"""

import re
from collections import Counter

from briefing.checks import tables
from briefing.checks.rule import ERROR, WARNING, Problem, Problems, rule
from briefing.mail.headers import clean
from briefing.text.counts import counted

from .comparison import ReceivedEdition, TextChanges
from .remote_loads import destination, remote_loads
from .wording import named_link, quoted_words, safe

_PROVIDERS = tables.table("providers")
_INBOX_GUARDS = tuple(_PROVIDERS["inbox_guards"])
_READ_RECEIPTS = (
    "Disposition-Notification-To",
    "Return-Receipt-To",
    "X-Confirm-Reading-To",
)


@rule("way-out-changed", ERROR)
def way_out_changed(received: ReceivedEdition) -> Problems:
    """List-Unsubscribe was changed, so readers unsubscribe elsewhere, or not at all. Switch off the
    provider's own unsubscribe handling.
    """
    if received.settings.unsubscribe.is_at_sendgrid:
        return
    advice = "switch off the provider's own unsubscribe handling (subscription tracking)"
    fields = received.mail.fields("List-Unsubscribe")
    if any("=?" in field for field in fields):
        yield Problem(
            "List-Unsubscribe was encoded in a way that mail apps don't decode; shorten 'url' under [unsubscribe]"
        )
    elif len(fields) > 1:
        yield Problem(
            f"there are {len(fields)} List-Unsubscribe fields, so none is valid; {advice}"
        )
    else:
        change = _change_of_addresses("".join(fields), received)
        if change:
            yield Problem(f"List-Unsubscribe {change}; {advice}")
    posts = list(map(str.strip, received.mail.fields("List-Unsubscribe-Post")))
    if posts != (
        ["List-Unsubscribe=One-Click"]
        if received.settings.unsubscribe.url
        else []
    ):
        yield Problem(
            f"List-Unsubscribe-Post was changed, so one-click unsubscribing doesn't work; {advice}"
        )


def _change_of_addresses(field: str, received: ReceivedEdition) -> str:
    """Return how the addresses of a List-Unsubscribe field differ from those sent (RFC 8058 3.1);
    empty if they don't.
    """
    expected = received.unsubscribe_addresses
    addresses = re.findall(r"<\s*+([^<>\s]*+)\s*+>", field)
    for address in addresses:
        if not any(pattern.fullmatch(address) for pattern in expected):
            return f"leads to {safe(destination(address))} instead of your own address"
    return (
        "lacks an address that is set under [unsubscribe]"
        if len(addresses) < len(expected)
        else ""
    )


@rule("bounces-elsewhere", WARNING)
def bounces_elsewhere(received: ReceivedEdition) -> Problems:
    """Returned mail doesn't go to the address set as `bounces` under `[newsletter]` with the
    reader's token in it: the provider has put its own sender on the envelope. Remove `{token}` from
    `bounces`, or use another provider.
    """
    bounces = received.settings.newsletter.bounces
    paths = received.mail.fields("Return-Path")
    if "{token}" not in bounces or not paths:
        return
    own = re.escape(bounces).replace(re.escape("{token}"), "[0-9a-f]{30}")
    if not re.fullmatch(rf"\s*<?{own}>?\s*", paths[0], re.IGNORECASE):
        yield Problem(
            "returned mail goes to an address other than 'bounces' under [newsletter], because the provider "
            "replaces the envelope sender; remove {token} from 'bounces'"
        )


@rule("links-rewritten", ERROR)
def links_rewritten(received: ReceivedEdition) -> Problems:
    """Links lead through a service that counts the readers who follow them. Switch off click
    tracking.
    """
    for changes in received.text_changes:
        if changes.rewritten_links:
            yield Problem(_rewriting(changes))


def _rewriting(changes: TextChanges) -> str:
    sent, rewritten = changes.rewritten_links[0]
    host = safe(destination(rewritten))
    if host.endswith(_INBOX_GUARDS):
        advice = (
            "the mailbox's own provider does that (link protection), and sees which links are followed; "
            "send the test to a mailbox at another provider"
        )
    else:
        advice = "switch off the provider's click tracking, or send the test again if the issue was changed since"
    count = f"{len(changes.rewritten_links)} of {changes.total_links} links of the {changes.name}"
    return (
        f"{count} were rewritten: {named_link(sent)} leads to {host}; {advice}"
    )


@rule("arrived-loading", ERROR)
def arrived_loading(received: ReceivedEdition) -> Problems:
    """Opening the email loads something, which reveals who reads it, when and where. Switch off open
    tracking.
    """
    if received.mail.page is None:
        return
    loads = Counter(remote_loads(received.mail.page))
    loads -= Counter(remote_loads(received.sent_page))
    for load, count in loads.items():
        times = f" ({count} times)" if count > 1 else ""
        advice = "switch off the provider's open tracking and picture hosting"
        source = f"{load.what} from {safe(load.host)}{times}"
        yield Problem(
            f"opening the email loads {source}, which reveals who reads it; {advice}"
        )


@rule("read-receipt", ERROR)
def read_receipt(received: ReceivedEdition) -> Problems:
    """The email asks readers' mail apps to report that it was opened. Switch this off at the
    provider.
    """
    for name in _READ_RECEIPTS:
        if name in received.mail:
            yield Problem(
                f"{name} asks readers' mail apps to report that they opened the email; switch this off at the provider"
            )
            return


@rule("links-added", WARNING)
def links_added(received: ReceivedEdition) -> Problems:
    """The email contains links that the issue doesn't have. Switch off the provider's footer."""
    for changes in received.text_changes:
        added = changes.added.links
        if added:
            hosts = dict.fromkeys(map(destination, added[:3]))
            more = f"{counted(len(added), 'link')} that the issue doesn't have, to {safe(', '.join(hosts))}"
            yield Problem(
                f"the {changes.name} has {more}; switch off the provider's footer"
            )


@rule("links-missing", WARNING)
def links_missing(received: ReceivedEdition) -> Problems:
    """Links of the issue are missing from the email. Send the test again."""
    for changes in received.text_changes:
        missing = changes.missing.links
        if missing:
            lost = f"{counted(len(missing), 'link')} of the issue: {named_link(missing[0])}"
            yield Problem(
                f"the {changes.name} lacks {lost}; send the test again"
            )


_WORDS_ADVICE = "switch off what changes it; if the issue was changed since, send the test again"


@rule("words-added", WARNING)
def words_added(received: ReceivedEdition) -> Problems:
    """The email contains words that the issue doesn't have. Switch off the provider's footer."""
    for changes in received.text_changes:
        added = changes.added.words
        if added:
            more = f"{counted(len(added), 'word')} that the issue doesn't have: {quoted_words(added)}"
            yield Problem(f"the {changes.name} has {more}; {_WORDS_ADVICE}")


@rule("words-missing", WARNING)
def words_missing(received: ReceivedEdition) -> Problems:
    """Words of the issue are missing from the email. Send the test again."""
    for changes in received.text_changes:
        missing = changes.missing.words
        if missing:
            lost = f"{counted(len(missing), 'word')} of the issue: {quoted_words(missing)}"
            yield Problem(f"the {changes.name} lacks {lost}; {_WORDS_ADVICE}")


@rule("subject-changed", WARNING)
def subject_changed(received: ReceivedEdition) -> Problems:
    """The subject isn't the issue's. Switch off what changes it."""
    subject = received.mail.subject
    sent = clean(received.rendered.subject)
    if subject != sent:
        yield Problem(
            f"the subject is '{safe(subject)}' instead of '{sent}'; switch off what changes it"
        )


@rule("part-missing", WARNING)
def part_missing(received: ReceivedEdition) -> Problems:
    """The text part or the HTML part was removed. Have the provider send both."""
    if received.mail.text("plain") is None:
        yield Problem(
            "the text part was removed, so readers whose mail app shows no HTML would see nothing; "
            "have the provider send both"
        )
    if received.mail.page is None:
        reason = "it was removed, unless this reader's format on the subscriber list is 'text'"
        yield Problem(
            f"there is no HTML part: {reason}; have the provider send both"
        )


@rule("part-added", WARNING)
def part_added(received: ReceivedEdition) -> Problems:
    """The email has parts that the issue doesn't have. Switch off what attaches them."""
    added = received.part_changes.added_types
    if added:
        more = f"{counted(len(added), 'part')} that the issue doesn't have: {safe(', '.join(dict.fromkeys(added)))}"
        yield Problem(f"the email has {more}; switch off what attaches them")


@rule("pictures-changed", WARNING)
def pictures_changed(received: ReceivedEdition) -> Problems:
    """Pictures were changed or removed. Switch off what does it."""
    lost = received.part_changes.lost_pictures
    if lost:
        total = len({picture.data for picture in received.rendered.pictures})
        advice = "switch off what shrinks, hosts or removes them"
        yield Problem(
            f"{lost} of {total} pictures were changed or removed; {advice}"
        )


@rule("tracking-headers", WARNING)
def tracking_headers(received: ReceivedEdition) -> Problems:
    """The provider added header fields of its own. This is only for your information: opening the
    email reveals nothing.
    """
    header = received.mail.message.keys()
    names = list(dict.fromkeys(filter(_is_tracking, header)))
    if names:
        added = safe(", ".join(names[:6]))
        yield Problem(
            f"the provider added {added}; for your information only: opening the email reveals nothing"
        )


def _is_tracking(name: str) -> bool:
    beginning, _, rest = name.lower().partition("-")
    if beginning == "x":
        return rest.partition("-")[0] in _PROVIDERS["tracking_headers"]
    return name.lower() == "feedback-id"
