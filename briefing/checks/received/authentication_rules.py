"""Rules on a received email: whether it proves who sent it, and signs what readers see."""

from briefing.checks.rule import ERROR, WARNING, Problem, Problems, rule
from briefing.text.authentication_results import (
    AuthenticationVerdict,
    parse_verdicts,
)

from .authentication import is_aligned
from .comparison import ReceivedEdition
from .wording import safe

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
def authentication_missing(received: ReceivedEdition) -> Problems:
    """The mailbox's server doesn't say whether the email proved who sent it. Send the test to a
    mailbox at a large provider.
    """
    if not received.verdicts:
        hint = _forwarders_hint(received)
        advice = "send the test to a Gmail, Outlook or Yahoo mailbox, and save it there with all its header fields"
        yield Problem(
            f"this mailbox's server doesn't say whether SPF, DKIM and DMARC passed{hint}; {advice}"
        )
        return
    for method in _AUTHENTICATION_ADVICE:
        if not _verdicts_on(method, received):
            yield Problem(
                f"this mailbox's server doesn't say whether {method.upper()} passed"
            )


def _forwarders_hint(received: ReceivedEdition) -> str:
    """Return the results of a server that forwarded the email (RFC 8617): only a hint, since they
    are unverified.
    """
    fields = received.mail.fields("ARC-Authentication-Results")
    without_instance = [field.partition(";")[2] for field in fields]
    results = [
        f"{verdict.method}={verdict.result}"
        for verdict in parse_verdicts(without_instance)
    ]
    return (
        f" (a server on the way says {safe(', '.join(results))})"
        if results
        else ""
    )


@rule("authentication-failed", ERROR)
def authentication_failed(received: ReceivedEdition) -> Problems:
    """SPF, DKIM or DMARC failed, so readers would find the email in their spam folder. Set up SPF
    and DKIM for the sender's domain with your provider; `briefing check --online` checks SPF and
    DMARC.
    """
    for method, advice in _AUTHENTICATION_ADVICE.items():
        found = _verdicts_on(method, received)
        if found and not _passed(found):
            yield Problem(
                f"{method.upper()} didn't pass ({safe(found[0].result)}); {advice}"
            )


@rule("not-aligned", WARNING)
def not_aligned(received: ReceivedEdition) -> Problems:
    """SPF or DKIM passed, but for a domain other than the sender's. Set up the sender's own domain
    with the provider.
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
    method: str, received: ReceivedEdition
) -> list[AuthenticationVerdict]:
    return [
        verdict for verdict in received.verdicts if verdict.method == method
    ]


def _passed(found: list[AuthenticationVerdict]) -> list[AuthenticationVerdict]:
    return [verdict for verdict in found if verdict.passed]


@rule("way-out-unsigned", ERROR)
def way_out_unsigned(received: ReceivedEdition) -> Problems:
    """No DKIM signature of the sender covers List-Unsubscribe, as RFC 8058 requires. Have the
    provider sign it.
    """
    names = [name for name in _UNSUBSCRIBE_FIELDS if name in received.mail]
    wanted = set(map(str.lower, names))
    if names and not any(wanted <= signed for signed in received.signed_fields):
        lack = f"no valid DKIM signature of {received.domain} covers {' and '.join(names)}"
        advice = "have the provider sign them for the sender's domain, or mail apps won't show an unsubscribe button"
        yield Problem(f"{lack}; {advice}")


@rule("header-unsigned", WARNING)
def header_unsigned(received: ReceivedEdition) -> Problems:
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
