"""Rules that need the network: whether links work, and whether DNS vouches for the sender.

DKIM isn't looked up: only the provider knows the selectors of its records (RFC 6376 3.6.2.1).
"""

from briefing.checks.rule import ERROR, WARNING, Problem, Problems, rule
from briefing.collecting.web.evidence import EvidenceFile
from briefing.errors import display_path

from .answers import (
    LinkAnswer,
    NetworkAnswers,
    UnsubscribeAnswers,
)

MOST_LOOKUPS = 10
"""DNS look-ups that evaluating an SPF record may take (RFC 7208 4.6.4)."""
GONE = {404: "there is no such page", 410: "the page was taken down"}
DMARC_POLICIES = {"none", "quarantine", "reject"}


@rule("link-gone", ERROR)
def link_gone(answers: NetworkAnswers) -> Problems:
    """A link leads to a page or a host that doesn't exist. Correct the link, or delete it."""
    for address, answer in answers.links.items():
        reason = _why_gone(address, answer)
        if reason:
            message = f"'{address}' {reason}; correct the link or delete it{_kept_in(answer.kept)}"
            yield from _at_each_place(answers, address, message)


def _why_gone(address: str, answer: LinkAnswer) -> str:
    if answer.error and answer.error.no_host:
        return f"{_redirect_clause(address, answer) or 'leads nowhere: '}{answer.error.message}"
    if answer.status in GONE:
        return f"returned an error ({answer.status}: {GONE[answer.status]})"
    return ""


@rule("headline-changed", WARNING, "link: the headline was changed")
def headline_changed(answers: NetworkAnswers) -> Problems:
    """A page's headline has changed since it was collected. Read the page again, and check that
    your text still fits.
    """
    for address, answer in answers.links.items():
        kept = answer.kept
        if kept and answer.new_headline:
            change = (
                f"it was “{kept.headline}” and is now “{answer.new_headline}”"
            )
            advice = f"read it again, and check that your text still fits{_kept_in(kept)}"
            message = f"'{address}' has changed its headline since {_day(kept)}: {change}; {advice}"
            yield from _at_each_place(answers, address, message)


@rule("link-unchecked", WARNING, "link: couldn't be checked")
def link_unchecked(answers: NetworkAnswers) -> Problems:
    """A site doesn't answer automated requests, or isn't answering at the moment. Open the link in
    a browser.
    """
    for address, answer in answers.links.items():
        reason = _why_unchecked(address, answer)
        if reason:
            advice = "open it in a browser to see whether it works"
            yield from _at_each_place(
                answers,
                address,
                f"'{address}' couldn't be checked: it {reason}; {advice}",
            )


def _why_unchecked(address: str, answer: LinkAnswer) -> str:
    if answer.error:
        return (
            ""
            if answer.error.no_host
            else f"{_redirect_clause(address, answer)}{answer.error.message}"
        )
    return (
        f"returned an error ({answer.status})"
        if answer.status >= 400 and answer.status not in GONE
        else ""
    )


@rule("unsubscribe-page", ERROR)
def unsubscribe_page(answers: NetworkAnswers) -> Problems:
    """The server where readers unsubscribe doesn't respond the way mail apps and readers need it
    to. See `briefing docs joining`.
    """
    asked = answers.unsubscribing
    reason = _why_nobody_can_leave(asked) if asked else ""
    if asked and reason:
        message = (
            f"readers can't unsubscribe at {asked.url} as they should: {reason}"
        )
        yield Problem(message, path=answers.settings_file)


def _why_nobody_can_leave(asked: UnsubscribeAnswers) -> str:
    page = asked.page
    button = asked.button
    all_answers = (
        page,
        button,
        asked.button_again,
        asked.button_with_other_token,
    )
    reasons = (
        (page.error, f"it {page.error}"),
        (
            any(answer.error or answer.status >= 500 for answer in all_answers),
            "it isn't working at the moment; check its disk space and its log",
        ),
        (
            any(answer.is_redirected for answer in all_answers),
            "it redirects to another address, which mail apps don't follow (RFC 8058, section 3.2)",
        ),
        (
            page.status != 200,
            f"the page with the button returned status {page.status}; "
            "is 'briefing subscribers serve' running there, with the same 'url' under [joining]?",
        ),
        (
            button.status != 200,
            f"the button returned status {button.status}; "
            "whatever stands in front of the server must let POST requests through",
        ),
        (
            page.body == button.body or b"<form" not in page.body,
            "the page has no button, so mail filters that open every link would unsubscribe readers; "
            "is 'briefing subscribers serve' running there?",
        ),
        (
            button.body != asked.button_again.body
            or button.body != asked.button_with_other_token.body,
            "its answer differs the second time, or for another token, which reveals who is a reader; "
            "check that nothing in front of the server (a cache, a filter) changes its answers",
        ),
        (
            any(answer.sets_cookie for answer in all_answers),
            "it sets a cookie; switch that off in whatever stands in front of the server",
        ),
    )
    return next((reason for is_so, reason in reasons if is_so), "")


@rule("spf", ERROR)
def spf(answers: NetworkAnswers) -> Problems:
    """The sender's domain has no valid SPF record (RFC 7208). Add the one that the finding gives."""
    records = answers.records.spf
    domain = answers.records.domain
    add = f'{domain} TXT "v=spf1 include:YOUR-PROVIDER -all"'
    if records is None:
        return
    if not records:
        advice = f"add {add} to the domain's DNS (your provider tells you what to write for YOUR-PROVIDER)"
        message = f"{domain} doesn't say who may send in its name; {advice}"
    elif len(records) > 1:
        message = f"{domain} has {len(records)} SPF records, so none is valid; replace them with one: {add}"
    elif {"all", "+all"} & set(records[0].lower().split()):
        message = f"the SPF record of {domain} lets everyone send in its name; end it with -all: {add}"
    elif (answers.records.spf_lookups or 0) > MOST_LOOKUPS:
        reason = f"needs more than {MOST_LOOKUPS} look-ups, so it is invalid"
        message = f"the SPF record of {domain} {reason}; remove providers that you no longer use: {add}"
    else:
        return
    yield Problem(message, path=answers.settings_file)


@rule("dmarc", ERROR)
def dmarc(answers: NetworkAnswers) -> Problems:
    """The sender's domain has no valid DMARC record (RFC 7489). Add the one that the finding gives."""
    records = answers.records.dmarc
    domain = answers.records.domain
    add = f'_dmarc.{domain} TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{domain}"'
    if records is None:
        return
    if not records:
        lack = (
            f"{domain} has no DMARC record, which large mail providers require"
        )
        message = f"{lack}; add {add} to the domain's DNS"
    elif len(records) > 1:
        message = f"{domain} has {len(records)} DMARC records, so none is valid; keep one: {add}"
    elif _policy(records[0]) not in DMARC_POLICIES:
        lack = f"the DMARC record of {domain} has no policy (p=none, p=quarantine or p=reject)"
        message = f"{lack}; replace it with {add}"
    else:
        return
    yield Problem(message, path=answers.settings_file)


def _policy(record: str) -> str:
    for tag in record.split(";"):
        name, _, value = tag.partition("=")
        if name.strip().lower() == "p":
            return value.strip().lower()
    return ""


@rule("mx", ERROR)
def mx(answers: NetworkAnswers) -> Problems:
    """Readers' replies would be lost, because the domain they go to doesn't accept mail (RFC 5321,
    section 5.1). Add an MX record.
    """
    if answers.records.accepts_mail is False:
        domain = answers.records.reply_domain
        advice = f"add {domain} MX 10 YOUR-MAIL-SERVER to its DNS, or set another 'reply_to' under [newsletter]"
        yield Problem(
            f"{domain} doesn't accept mail, so readers' replies are lost; {advice}",
            path=answers.settings_file,
        )


@rule("dns-unchecked", WARNING)
def dns_unchecked(answers: NetworkAnswers) -> Problems:
    """A DNS record couldn't be looked up. Try again later."""
    records = answers.records
    lookups = {
        "SPF": (records.spf_lookups, records.domain),
        "DMARC": (records.dmarc, records.domain),
        "MX": (records.accepts_mail, records.reply_domain),
    }
    for kind, (answer, domain) in lookups.items():
        if answer is None:
            message = f"the {kind} record of {domain} couldn't be looked up; try again later"
            yield Problem(message, path=answers.settings_file)


@rule("offline", WARNING)
def offline(answers: NetworkAnswers) -> Problems:
    """Nothing could be reached. Check again when this computer is online."""
    if answers.is_offline:
        advice = "check again when this computer is online"
        yield Problem(
            f"neither the links nor the sender's domain can be reached; {advice}"
        )


def _at_each_place(
    answers: NetworkAnswers, address: str, message: str
) -> Problems:
    for location in answers.locations[address]:
        yield location.problem(message)


def _redirect_clause(address: str, answer: LinkAnswer) -> str:
    target = answer.redirect_target(address)
    return f"redirects to '{target}', which " if target else ""


def _kept_in(kept: EvidenceFile | None) -> str:
    return (
        f"; the page as it was on {_day(kept)} is saved in {display_path(kept.path)}"
        if kept
        else ""
    )


def _day(kept: EvidenceFile) -> str:
    day = kept.at.astimezone()
    return f"{day.day} {day:%B %Y}"
