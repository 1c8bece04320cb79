"""Rules on received mail, which shows what the provider changed: click counters, tracking pixels,
footers, unsubscribe links.

In transit a mail may be encoded, folded and wrapped differently, and gets trace fields (RFC 5321
4.4). None of that is a problem. No message contains a mail address: the file comes from a reader's
inbox.
"""

import re
from collections import Counter
from collections.abc import Sequence

from briefing.checks import tables
from briefing.checks.authentication import is_aligned
from briefing.checks.comparison import (
    SLOT,
    UNSUBSCRIBE_LINK,
    Received,
    TextChanges,
)
from briefing.checks.remote_loads import destination, remote_loads
from briefing.checks.rule import ERROR, WARNING, Problem, Problems, rule
from briefing.counts import counted
from briefing.mail.headers import clean
from briefing.mailbox.authentication_results import (
    AuthenticationVerdict,
    parse_verdicts,
)
from briefing.shortening import shorten

LONGEST_QUOTE = 120
_PROVIDERS = tables.table("providers")
_INBOX_GUARDS = tuple(_PROVIDERS["inbox_guards"])
_ADDRESS = re.compile(
    r"(?<!\S)(?:(?!%40)[^\s@\uff20])*+(?:@|%40|\uff20)\S*+", re.IGNORECASE
)
_READ_RECEIPTS = (
    "Disposition-Notification-To",
    "Return-Receipt-To",
    "X-Confirm-Reading-To",
)
_UNSUBSCRIBE_FIELDS = ("List-Unsubscribe", "List-Unsubscribe-Post")
_FIELDS_READERS_SEE = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
)
_AUTHENTICATION_ADVICE = {
    "spf": "include the provider in the domain's SPF record; 'briefing check --online' checks it",
    "dkim": "set up DKIM for the domain with the provider, which may call it domain authentication",
    "dmarc": "have SPF or DKIM pass for the sender's own domain; 'briefing check --online' checks its record",
}


@rule("authentication-missing", WARNING)
def authentication_missing(received: Received) -> Problems:
    """The inbox's server doesn't say whether the mail proved who sent it. Send the test to a large
    provider's inbox.
    """
    if not received.verdicts:
        hint = _forwarders_hint(received)
        advice = "send the test to an inbox of Gmail, Outlook or Yahoo, and save it there with all its headers"
        yield Problem(
            f"this inbox's server doesn't say whether SPF, DKIM and DMARC passed{hint}; {advice}"
        )
        return
    for method in _AUTHENTICATION_ADVICE:
        if not _verdicts_on(method, received):
            yield Problem(
                f"this inbox's server doesn't say whether {method.upper()} passed"
            )


def _forwarders_hint(received: Received) -> str:
    """Return the results of a server that forwarded the mail (RFC 8617): only a hint, since they
    are unverified.
    """
    fields = received.mail.fields("ARC-Authentication-Results")
    without_instance = [field.partition(";")[2] for field in fields]
    results = [
        f"{verdict.method}={verdict.result}"
        for verdict in parse_verdicts(without_instance)
    ]
    return (
        f" (one on the way says {_safe(', '.join(results))})" if results else ""
    )


@rule("authentication-failed", ERROR)
def authentication_failed(received: Received) -> Problems:
    """SPF, DKIM or DMARC failed, so readers would find the mail among spam. Set up the sender's
    domain.
    """
    for method, advice in _AUTHENTICATION_ADVICE.items():
        found = _verdicts_on(method, received)
        if found and not _passed(found):
            yield Problem(
                f"{method.upper()} didn't pass ({_safe(found[0].result)}); {advice}"
            )


@rule("not-aligned", WARNING)
def not_aligned(received: Received) -> Problems:
    """SPF or DKIM passed for another domain than the sender's. Set up the sender's own domain with
    the provider.
    """
    for method in ("spf", "dkim"):
        passed = _passed(_verdicts_on(method, received))
        aligned = [
            verdict
            for verdict in passed
            if is_aligned(verdict.domain, received.domain)
        ]
        if passed and not aligned:
            advice = _AUTHENTICATION_ADVICE[method]
            yield Problem(
                f"{method.upper()} passed, but not for {received.domain} itself; {advice}"
            )


def _verdicts_on(
    method: str, received: Received
) -> list[AuthenticationVerdict]:
    return [
        verdict for verdict in received.verdicts if verdict.method == method
    ]


def _passed(found: list[AuthenticationVerdict]) -> list[AuthenticationVerdict]:
    return [verdict for verdict in found if verdict.passed]


@rule("way-out-unsigned", ERROR)
def way_out_unsigned(received: Received) -> Problems:
    """No DKIM signature of the sender covers List-Unsubscribe, as RFC 8058 requires. Have the
    provider sign it.
    """
    names = [name for name in _UNSUBSCRIBE_FIELDS if name in received.mail]
    wanted = set(map(str.lower, names))
    if names and not any(wanted <= signed for signed in received.signed_fields):
        lack = f"no valid DKIM signature of {received.domain} covers {' and '.join(names)}"
        advice = "have the provider sign them for the sender's domain, or inboxes offer no unsubscribe button"
        yield Problem(f"{lack}; {advice}")


@rule("header-unsigned", WARNING)
def header_unsigned(received: Received) -> Problems:
    """The DKIM signature leaves out header fields that readers see, so others could change them.
    Have the provider sign them.
    """
    signed = set().union(*received.signed_fields)
    names = [name for name in _FIELDS_READERS_SEE if name in received.mail]
    missing = [name for name in names if name.lower() not in signed]
    if missing and received.signed_fields:
        advice = "have the provider sign them, or others could change them on the way"
        yield Problem(
            f"the DKIM signature leaves out {', '.join(missing)}; {advice}"
        )


@rule("way-out-changed", ERROR)
def way_out_changed(received: Received) -> Problems:
    """List-Unsubscribe was changed, so readers unsubscribe elsewhere, or not at all. Switch this
    off at the provider.
    """
    if received.settings.unsubscribe.is_at_sendgrid:
        return
    advice = "switch off the provider's own unsubscribe handling (subscription tracking)"
    fields = received.mail.fields("List-Unsubscribe")
    if any("=?" in field for field in fields):
        yield Problem(
            "List-Unsubscribe was encoded, which no inbox undoes; shorten [unsubscribe] url"
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
            f"List-Unsubscribe-Post was changed, so one click doesn't unsubscribe; {advice}"
        )


def _change_of_addresses(field: str, received: Received) -> str:
    """Return how the addresses of a List-Unsubscribe field differ from those sent (RFC 8058 3.1);
    empty if they don't.
    """
    expected = received.unsubscribe_addresses
    addresses = re.findall(r"<\s*+([^<>\s]*+)\s*+>", field)
    for address in addresses:
        if not any(pattern.fullmatch(address) for pattern in expected):
            return f"leads to {_safe(destination(address))} instead of your own address"
    return (
        "lacks what [unsubscribe] sets"
        if len(addresses) < len(expected)
        else ""
    )


@rule("bounces-elsewhere", WARNING)
def bounces_elsewhere(received: Received) -> Problems:
    """Mail that comes back doesn't go to `[newsletter] bounces` with the reader's token: the provider
    has put its own sender on the envelope. Leave out `{token}` there, or use another provider.
    """
    bounces = received.settings.newsletter.bounces
    paths = received.mail.fields("Return-Path")
    if "{token}" not in bounces or not paths:
        return
    own = re.escape(bounces).replace(re.escape("{token}"), "[0-9a-f]{30}")
    if not re.fullmatch(rf"\s*<?{own}>?\s*", paths[0], re.IGNORECASE):
        yield Problem(
            "mail that comes back goes to another address than bounces under [newsletter], because the provider "
            "replaces the envelope's sender; leave out {token} there"
        )


@rule("links-rewritten", ERROR)
def links_rewritten(received: Received) -> Problems:
    """Links lead through a service that counts the readers who follow them. Switch off click
    tracking.
    """
    for changes in received.text_changes:
        if changes.rewritten_links:
            yield Problem(_rewriting(changes))


def _rewriting(changes: TextChanges) -> str:
    sent, rewritten = changes.rewritten_links[0]
    host = _safe(destination(rewritten))
    if host.endswith(_INBOX_GUARDS):
        advice = "this inbox's own protection does it, so its company sees which links are followed; use another inbox"
    else:
        advice = "switch off the provider's click tracking, or send the test again if the issue was changed since"
    count = f"{len(changes.rewritten_links)} of {changes.total_links} links of the {changes.name}"
    return f"{count} were rewritten: {_link(sent)} leads to {host}; {advice}"


@rule("arrived-loading", ERROR)
def arrived_loading(received: Received) -> Problems:
    """Opening the mail loads something, which reveals who reads it, when and where. Switch off open
    tracking.
    """
    if received.mail.page is None:
        return
    loads = Counter(remote_loads(received.mail.page))
    loads -= Counter(remote_loads(received.sent_page))
    for load, count in loads.items():
        times = f" ({count} times)" if count > 1 else ""
        advice = "switch off the provider's open tracking and picture hosting"
        source = f"{load.what} from {_safe(load.host)}{times}"
        yield Problem(
            f"opening the mail loads {source}, which reveals who reads it; {advice}"
        )


@rule("read-receipt", ERROR)
def read_receipt(received: Received) -> Problems:
    """The mail asks readers' programs to report that it was opened. Switch this off at the
    provider.
    """
    for name in _READ_RECEIPTS:
        if name in received.mail:
            yield Problem(
                f"{name} asks readers' programs to report that they opened the mail; switch this off"
            )
            return


@rule("links-added", WARNING)
def links_added(received: Received) -> Problems:
    """The mail contains links that the issue doesn't have. Switch off the provider's footer."""
    for changes in received.text_changes:
        added = changes.added_links
        if added:
            hosts = dict.fromkeys(map(destination, added[:3]))
            more = f"{counted(len(added), 'link')} more than the issue, to {_safe(', '.join(hosts))}"
            yield Problem(
                f"the {changes.name} has {more}; switch off the provider's footer"
            )


@rule("links-missing", WARNING)
def links_missing(received: Received) -> Problems:
    """Links of the issue are missing from the mail. Send the test again."""
    for changes in received.text_changes:
        missing = changes.missing_links
        if missing:
            lost = f"{counted(len(missing), 'link')} of the issue: {_link(missing[0])}"
            yield Problem(
                f"the {changes.name} lacks {lost}; send the test again"
            )


_WORDS_ADVICE = "switch off what changes it; if the issue was changed since, send the test again"


@rule("words-added", WARNING)
def words_added(received: Received) -> Problems:
    """The mail contains words that the issue doesn't have. Switch off the provider's footer."""
    for changes in received.text_changes:
        added = changes.added_words
        if added:
            more = f"{counted(len(added), 'word')} more than the issue: {_quote(added)}"
            yield Problem(f"the {changes.name} has {more}; {_WORDS_ADVICE}")


@rule("words-missing", WARNING)
def words_missing(received: Received) -> Problems:
    """Words of the issue are missing from the mail. Send the test again."""
    for changes in received.text_changes:
        missing = changes.missing_words
        if missing:
            lost = f"{counted(len(missing), 'word')} of the issue: {_quote(missing)}"
            yield Problem(f"the {changes.name} lacks {lost}; {_WORDS_ADVICE}")


@rule("subject-changed", WARNING)
def subject_changed(received: Received) -> Problems:
    """The subject isn't the issue's. Switch off what changes it."""
    subject, sent = received.mail.subject, clean(received.rendered.subject)
    if subject != sent:
        yield Problem(
            f"the subject is '{_safe(subject)}' instead of '{sent}'; switch off what changes it"
        )


@rule("part-missing", WARNING)
def part_missing(received: Received) -> Problems:
    """The text part or the HTML part was removed. Have the provider send both."""
    if received.mail.text("plain") is None:
        yield Problem(
            "the text part was removed, so readers without HTML see nothing; have the provider send both"
        )
    if received.mail.page is None:
        reason = (
            "it was removed, unless this reader's format in the list is 'text'"
        )
        yield Problem(
            f"there is no HTML part: {reason}; have the provider send both"
        )


@rule("part-added", WARNING)
def part_added(received: Received) -> Problems:
    """The mail has parts that the issue doesn't have. Switch off what attaches them."""
    added = received.part_changes.added_types
    if added:
        more = f"{counted(len(added), 'part')} more than the issue: {_safe(', '.join(dict.fromkeys(added)))}"
        yield Problem(f"the mail has {more}; switch off what attaches them")


@rule("pictures-changed", WARNING)
def pictures_changed(received: Received) -> Problems:
    """Pictures were changed or removed. Switch off what does it."""
    lost = received.part_changes.lost_pictures
    if lost:
        total = len({picture.data for picture in received.rendered.pictures})
        advice = "switch off what shrinks, hosts or removes them"
        yield Problem(
            f"{lost} of {total} pictures were changed or removed; {advice}"
        )


@rule("tracking-headers", WARNING)
def tracking_headers(received: Received) -> Problems:
    """The provider added header fields of its own. This is only for your information: opening the
    mail reveals nothing.
    """
    header = received.mail.message.keys()
    names = list(dict.fromkeys(filter(_is_tracking, header)))
    if names:
        added = _safe(", ".join(names[:6]))
        yield Problem(
            f"the provider added {added}; for your information only: opening the mail reveals nothing"
        )


def _is_tracking(name: str) -> bool:
    beginning, _, rest = name.lower().partition("-")
    if beginning == "x":
        return rest.partition("-")[0] in _PROVIDERS["tracking_headers"]
    return name.lower() == "feedback-id"


def _link(address: str) -> str:
    return (
        "the unsubscribe link"
        if address == UNSUBSCRIBE_LINK
        else f"'{_safe(address)}'"
    )


def _quote(words: Sequence[str]) -> str:
    more = " …" if len(words) > 10 else ""
    return f"“{_safe(' '.join(words[:10]))}{more}”"


def _safe(text: str) -> str:
    """Return text of a mail that is safe to show: without mail addresses, not too long."""
    text = _ADDRESS.sub("(an address)", text)
    text = text.replace(SLOT, "…").replace(UNSUBSCRIBE_LINK, "…")
    return shorten(text, LONGEST_QUOTE)
