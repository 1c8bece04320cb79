"""`check --received`: a test mail as it arrived, compared with what the issue renders.

What a provider does to a mail on its way is seen only at its end: links that lead through its counters, a pixel, a
footer, a way out of its own. A mail on its way may be encoded, folded and wrapped anew and gets trace fields (RFC 5321
4.4); that is no finding. No message here holds a mail address: the file is of a reader's inbox.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain, zip_longest
from pathlib import Path

from briefing.checks.arrived import (
    OPEN,
    WAY_OUT,
    Arrived,
    Mail,
    decoded,
    differences,
    host_of,
    on_one_line,
    payload,
    remote,
    tree,
    words_of,
)
from briefing.checks.authentication import Verdict, aligned, signatures, verdicts
from briefing.checks.rule import Finding, Severity
from briefing.errors import RefusedError, shown
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.mail.headers import clean
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue

RULES: Mapping[str, tuple[Severity, str]] = {
    "authentication-missing": (
        Severity.WARNING,
        "The inbox's server doesn't say whether the mail proved its sender. Send the test to a large provider's inbox.",
    ),
    "authentication-failed": (
        Severity.ERROR,
        "SPF, DKIM or DMARC failed, so that readers find the mail among spam. Set up the sender's domain.",
    ),
    "not-aligned": (
        Severity.WARNING,
        "SPF or DKIM passed for another domain than the sender's. Set up the sender's own with the provider.",
    ),
    "way-out-unsigned": (
        Severity.ERROR,
        "No DKIM signature of the sender covers List-Unsubscribe, as RFC 8058 wants. Have it signed.",
    ),
    "header-unsigned": (
        Severity.WARNING,
        "The DKIM signature leaves out fields that readers see, so that they can be changed. Have them signed.",
    ),
    "way-out-changed": (
        Severity.ERROR,
        "List-Unsubscribe isn't as it was sent, so that readers leave elsewhere or can't. Switch that off.",
    ),
    "links-rewritten": (
        Severity.ERROR,
        "Links lead through somebody who counts the readers that follow them. Switch click tracking off.",
    ),
    "arrived-loading": (
        Severity.ERROR,
        "Opening the mail loads something, which tells who reads it, when and where. Switch open tracking off.",
    ),
    "read-receipt": (
        Severity.ERROR,
        "The mail asks readers' programs to report that it was opened. Switch that off.",
    ),
    "links-added": (Severity.WARNING, "There are links that the issue doesn't have. Switch the footer off."),
    "links-missing": (Severity.WARNING, "Links of the issue are missing. Send the test again."),
    "words-added": (Severity.WARNING, "There are words that the issue doesn't have. Switch the footer off."),
    "words-missing": (Severity.WARNING, "Words of the issue are missing. Send the test again."),
    "subject-changed": (Severity.WARNING, "The subject isn't the issue's. Switch off what marks it."),
    "part-missing": (Severity.WARNING, "The text or the HTML was dropped. Have both sent."),
    "part-added": (Severity.WARNING, "There are parts that the issue doesn't have. Switch off what attaches them."),
    "pictures-changed": (Severity.WARNING, "Pictures arrived changed or not at all. Switch off what handles them."),
    "tracking-headers": (
        Severity.WARNING,
        "The provider put fields of its own into the header. They are only noted: opening the mail tells nobody.",
    ),
}
"""What is found here, for docs/checks.md."""

_PROVIDERS = r"SG|SendGrid|Mailgun|MC|Mandrill|MJ|Mailjet|SES|Sib|Mailin|PM|Msg|MSFBL|Campaign|HS|Entity|Feedback|CSA"
_TRACKING = re.compile(rf"X-(?:{_PROVIDERS})\b|Feedback-ID$", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*(?:@|%40|\uff20)\S*", re.IGNORECASE)
_RECEIPTS = ("Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To")
_INBOX_GUARDS = (
    *("safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "protect.checkpoint.com"),
    *("linkprotect.cudasvc.com", "secure-web.cisco.com", "url.emailprotection.link"),
)
_CURES = {
    "spf": "let the SPF record of the domain name the provider; 'briefing check --online' looks at it",
    "dkim": "set up DKIM for the domain with the provider, which calls it domain authentication",
    "dmarc": "let SPF or DKIM pass for the sender's own domain; 'briefing check --online' looks at its record",
}
Found = Iterator[tuple[str, str]]
"""Rules and messages."""


def check_received(newsletter: Newsletter, folder: Path, path: Path) -> list[Finding]:
    """What happened to a mail of an issue on its way into the inbox from which it was saved.

    Raises RefusedError for a file that is no mail, or another sender's or another issue's; IssueError, PictureError and
    TemplateError where the issue can't be rendered.
    """
    mail = Mail.read(path)
    settings = newsletter.settings
    if mail.senders != [settings.newsletter.sender.address.lower()]:
        raise RefusedError(
            f"{shown(path)}: is no mail of this newsletter, since its From isn't that of [newsletter] from; "
            "if a mailing list changed it, have the test sent straight to an inbox"
        )
    arrived = Arrived(mail, settings, _rendered(newsletter, folder, mail, path))
    return [Finding(rule, RULES[rule][0], path, None, message) for check in _CHECKS for rule, message in check(arrived)]


def _rendered(newsletter: Newsletter, folder: Path, mail: Mail, path: Path) -> RenderedIssue:
    """The edition that the mail was made of. Raises RefusedError if it is of another issue."""
    editions = {edition.lang: edition for edition in store.editions(newsletter, folder)}
    language = "".join(mail.fields("Content-Language")[:1]).strip()
    edition = editions.get(language) or max(editions.values(), key=lambda one: _share(one, mail))
    rendered = render(newsletter, edition)
    if _share(edition, mail) < 0.5 and clean(rendered.subject) not in mail.subject:
        raise RefusedError(
            f"{shown(path)}: is no mail of issue {folder.name}, whose headlines aren't in it; "
            "name its issue: 'briefing check ISSUE --received FILE'"
        )
    return rendered


def _share(edition: Edition, mail: Mail) -> float:
    """Which share of an edition's headlines is in a mail."""
    headlines = [one.heading for one in edition.issue.items if one.heading] or [edition.issue.title]
    return sum(on_one_line(words_of(one)) in mail.words for one in headlines) / len(headlines)


def _authentication(arrived: Arrived) -> Found:
    found = verdicts(arrived.mail.fields("Authentication-Results"))
    if not found:
        hint = _safe(", ".join(f"{one.method}={one.result}" for one in _forwarders_verdicts(arrived)))
        yield (
            "authentication-missing",
            "the server of this inbox doesn't say whether SPF, DKIM and DMARC passed"
            + (f" (one on the way says {hint})" if hint else "")
            + "; send the test to an inbox of Gmail, Outlook or Yahoo and save it there with all its headers",
        )
        return
    for method, cure in _CURES.items():
        own = [one for one in found if one.method == method]
        if not own:
            yield "authentication-missing", f"the server of this inbox says nothing of {method.upper()}"
        elif not any(one.passed for one in own):
            yield "authentication-failed", f"{method.upper()} didn't pass ({_safe(own[0].result)}); {cure}"
        elif method != "dmarc" and not any(one.passed and aligned(one.domain, arrived.domain) for one in own):
            yield "not-aligned", f"{method.upper()} passed, but not for {arrived.domain} itself; {cure}"


def _forwarders_verdicts(arrived: Arrived) -> list[Verdict]:
    """What a server that passed the mail on had found (RFC 8617): a hint, since nobody here vouches for it."""
    fields = arrived.mail.fields("ARC-Authentication-Results")
    return verdicts(re.sub(r"^\s*i\s*=\s*\d+\s*;", "", field) for field in fields)


def _signed(arrived: Arrived) -> Found:
    """RFC 8058 4: a valid signature covers both fields of the way out; so it should what readers see of the header."""
    signed = _signed_names(arrived)
    names = [name for name in ("List-Unsubscribe", "List-Unsubscribe-Post") if name in arrived.mail]
    if names and not any(one.issuperset(name.lower() for name in names) for one in signed):
        cure = "have the provider sign them for the sender's domain, or inboxes offer no unsubscribe button"
        yield "way-out-unsigned", f"no valid DKIM signature of {arrived.domain} covers {' and '.join(names)}; {cure}"
    names = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID"]
    missing = [name for name in names if name in arrived.mail and not any(name.lower() in one for one in signed)]
    if missing and signed:
        cure = "have the provider sign them, or they can be changed on the way"
        yield "header-unsigned", f"the DKIM signature leaves out {', '.join(missing)}; {cure}"


def _signed_names(arrived: Arrived) -> list[set[str]]:
    """The names of fields, in small letters, that each signature of the sender covers, of those that were found valid.

    Where the inbox's server doesn't say which were, of all.
    """
    found = verdicts(arrived.mail.fields("Authentication-Results"))
    passed = [one.domain for one in found if one.method == "dkim" and one.passed]
    names = []
    for one in signatures(arrived.mail.fields("DKIM-Signature")):
        domain = one.get("d", "")
        valid = any(known == domain or known.endswith(f".{domain}") for known in passed)  # known: that of `i` below `d`
        if aligned(domain, arrived.domain) and (valid or not found):
            names.append(set(one.get("h", "").split(":")))
    return names


def _way_out(arrived: Arrived) -> Found:
    """List-Unsubscribe and its partner as they were sent: whole, once, bare (RFC 8058 3.1)."""
    wanted = arrived.ways_out
    cure = "switch the provider's own unsubscribe handling (subscription tracking) off"
    fields = arrived.mail.fields("List-Unsubscribe")
    ways = re.findall(r"<\s*([^<>\s]*)\s*>", "".join(fields))
    strange = [way for way in ways if not any(one.fullmatch(way) for one in wanted)]
    if any("=?" in field for field in fields):
        yield "way-out-changed", "List-Unsubscribe was encoded, which no inbox undoes; shorten [unsubscribe] url"
    elif len(fields) > 1:
        yield "way-out-changed", f"there are {len(fields)} fields List-Unsubscribe, and so none that counts; {cure}"
    elif strange:
        yield "way-out-changed", f"List-Unsubscribe leads to {_host(strange[0])} instead of your own address; {cure}"
    elif len(ways) < len(wanted):
        yield "way-out-changed", f"List-Unsubscribe lacks what [unsubscribe] sets; {cure}"
    posts = [field.strip() for field in arrived.mail.fields("List-Unsubscribe-Post")]
    if posts != (["List-Unsubscribe=One-Click"] if arrived.settings.unsubscribe.url else []):
        yield "way-out-changed", f"List-Unsubscribe-Post isn't as it was sent, so that one click doesn't do; {cure}"


def _links(arrived: Arrived) -> Found:
    for name, (sent, came) in arrived.texts.items():
        rewritten, added, missing = [], [], []
        for before, after in differences(sent.links, came.links):
            for one, other in zip_longest(before, after):
                if one is None:
                    added.append(other)
                elif other is None:
                    missing.append(one)
                else:
                    rewritten.append((one, other))
        if rewritten:
            yield "links-rewritten", _rewriting(name, rewritten, len(sent.links))
        if added:
            hosts = ", ".join(dict.fromkeys(map(_host, added[:3])))
            yield "links-added", f"the {name} has {_count(added, 'link')} more than the issue, to {hosts}"
        if missing:
            yield "links-missing", f"the {name} lacks {_count(missing, 'link')} of the issue: {_link(missing[0])}"


def _rewriting(name: str, rewritten: list[tuple[str, str]], total: int) -> str:
    sent, came = rewritten[0]
    host = _host(came)
    if host.endswith(_INBOX_GUARDS):
        cure = "this inbox's own protection does it, so that its company sees what is followed; test with another inbox"
    else:
        cure = "switch the provider's click tracking off, or send the test again if the issue was changed since"
    return f"{len(rewritten)} of {total} links of the {name} were rewritten: {_link(sent)} leads to {host}; {cure}"


def _loads(arrived: Arrived) -> Found:
    page = arrived.mail.text("html")
    if page is None:
        return
    cure = "switch the provider's open tracking and picture hosting off"
    for (what, host), count in (Counter(remote(tree(decoded(page)))) - Counter(remote(arrived.sent_page))).items():
        where = f"{_safe(host)}{f' ({count} times)' if count > 1 else ''}"
        yield "arrived-loading", f"opening the mail loads {what} from {where}, which tells who reads it; {cure}"


def _receipts(arrived: Arrived) -> Found:
    names = [name for name in _RECEIPTS if name in arrived.mail]
    if names:
        yield "read-receipt", f"{names[0]} asks readers' programs to report that they opened it; switch that off"


def _words(arrived: Arrived) -> Found:
    cure = "switch off what changes it; if the issue was changed since, send the test again"
    for name, (sent, came) in arrived.texts.items():
        changes = list(differences(sent.words, came.words))
        missing = list(chain.from_iterable(before for before, _ in changes))
        added = list(chain.from_iterable(after for _, after in changes))
        if added:
            yield "words-added", f"the {name} has {_count(added, 'word')} more than the issue: {_quoted(added)}; {cure}"
        if missing:
            lost = f"{_count(missing, 'word')} of the issue: {_quoted(missing)}"
            yield "words-missing", f"the {name} lacks {lost}; {cure}"


def _headers(arrived: Arrived) -> Found:
    subject, sent = arrived.mail.subject, clean(arrived.rendered.subject)
    if subject != sent:
        yield "subject-changed", f"the subject is '{_safe(subject)}' instead of '{sent}'; switch off what changes it"
    names = [name for name in dict.fromkeys(arrived.mail.message.keys()) if _TRACKING.match(name)]
    if names:
        shown_names = _safe(", ".join(names[:6]))
        yield "tracking-headers", f"the provider added {shown_names}; only noted, opening the mail tells nobody"


def _parts(arrived: Arrived) -> Found:
    plain, page = arrived.mail.text("plain"), arrived.mail.text("html")
    if plain is None:
        yield "part-missing", "the text part was dropped; readers without HTML see nothing. Have both parts sent"
    if page is None:
        yield "part-missing", "there is no HTML part: it was dropped, unless this reader's format in the list is 'text'"
    sent = {sha256(one.data).digest() for one in arrived.rendered.pictures}
    others = [
        (one, sha256(payload(one)).digest()) for one in arrived.mail.parts if one is not plain and one is not page
    ]
    lost = len(sent.difference(digest for _, digest in others)) if page else 0
    strange = [one.get_content_type() for one, digest in others if digest not in sent]
    if lost:
        cure = "switch off what makes pictures smaller, hosts or removes them"
        yield "pictures-changed", f"{lost} of {len(sent)} pictures arrived changed or not at all; {cure}"
        for changed in [kind for kind in strange if kind.startswith("image/")][:lost]:
            strange.remove(changed)
    if strange:
        kinds = _safe(", ".join(dict.fromkeys(strange)))
        yield "part-added", f"the mail has {_count(strange, 'part')} more than the issue: {kinds}; switch that off"


_CHECKS: tuple[Callable[[Arrived], Found], ...] = (
    *(_authentication, _signed, _way_out, _links, _loads, _receipts, _words, _headers, _parts),
)


def _host(address: str) -> str:
    return _safe(host_of(address))


def _link(address: str) -> str:
    return "the unsubscribe link" if address == WAY_OUT else f"'{_safe(address)}'"


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _quoted(words: list[str]) -> str:
    return f"“{_safe(' '.join(words[:10]))}{' …' if len(words) > 10 else ''}”"


def _safe(text: str) -> str:
    """Text of a mail that may be shown: no mail address, not too long."""
    text = _ADDRESS.sub("(an address)", text).replace(OPEN, "…").replace(WAY_OUT, "…")
    return text if len(text) <= 120 else f"{text[:119]}…"
