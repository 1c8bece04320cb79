"""What 'briefing send' shows: before a send what would happen, and afterwards the outcome."""

import datetime as dt
from collections.abc import Iterable, Iterator

from briefing.errors import display_path
from briefing.newsletter import Newsletter
from briefing.sending import rehearsals
from briefing.sending.delivery import Result
from briefing.sending.issue_status import NextStep, step_for
from briefing.sending.ledger.schema import State
from briefing.sending.plan import MOST_NAMED, Mailing, Plan, Survey
from briefing.sending.preflight import missing_settings
from briefing.sending.preflight.facts import Facts
from briefing.sending.preflight.gates import Amounts, Preflight
from briefing.sending.transports import registry
from briefing.sending.waiting import format_time
from briefing.text.counts import counted

from . import output, words
from .setup_hints import SETUP_IS_NEXT
from .signals import INTERRUPTED

MOST_KINDS = 6
"""The most kinds of warnings to name."""


def show_plan(plan: Plan, preflight: Preflight, at: dt.datetime | None) -> None:
    """Show what would happen, if the readers and editions are known, and when (None: now)."""
    facts = preflight.facts
    mailing = plan.mailing
    if facts.survey is None:
        return
    _show_editions(mailing, facts.survey)
    _show_rows("Checked", _describe_findings(facts))
    wanted = sum(preflight.record.pending.values())
    tag = (
        f" with the tag '{output.hide_addresses(plan.tag)}'" if plan.tag else ""
    )
    readers = f"{plan.readers.name}: {words.readers(wanted)}{tag}"
    _show_rows("List", [readers, *_describe_list(plan, facts.survey)])
    if preflight.amounts:
        _show_amounts(plan, preflight, preflight.amounts, facts.survey)
    if at:
        output.echo(f"At         {format_time(at)}")


def _show_rows(label: str, rows: Iterable[str]) -> None:
    """Print rows beside a label."""
    for row in rows:
        output.echo(f"{label:<11}{row}")
        label = ""


def _show_editions(mailing: Mailing, survey: Survey) -> None:
    first_edition = mailing.editions[mailing.first_language]
    output.echo(
        f"Issue      {mailing.issue}: {output.cut(first_edition.subject, 60)}"
    )
    if len(mailing.editions) > 1:
        editions = [
            f"{lang}: {count:,}" for lang, count in survey.by_language.items()
        ]
        output.echo(f"Editions   {', '.join(editions)}")
    budget = mailing.newsletter.settings.issue.budget
    _show_rows("Size", words.sizes(mailing.editions, budget))


def _describe_findings(facts: Facts) -> Iterator[str]:
    """Yield what the checks found: how many findings, then the kinds of warnings."""
    parts = []
    if facts.errors:
        parts.append(counted(len(facts.errors), "error"))
    if facts.warnings:
        parts.append(
            counted(
                facts.warnings, "new warning" if facts.accepted else "warning"
            )
        )
    found = ", ".join(parts) or (
        "no new findings" if facts.accepted else "no findings"
    )
    accepted = f"; {facts.accepted:,} accepted" if facts.accepted else ""
    where = "; 'briefing check' shows them" if parts else ""
    yield f"{found}{accepted}{where}"
    yield from facts.warning_kinds[:MOST_KINDS]
    others = len(facts.warning_kinds) - MOST_KINDS
    if others > 0:
        yield f"and {counted(others, 'other kind')}"


def _describe_list(plan: Plan, survey: Survey) -> Iterator[str]:
    given = plan.mailing.first_language
    for lang, count in survey.without_edition.items():
        get = "gets" if count == 1 else "get"
        yield f"{words.readers(count)} {get} the edition in '{given}', because there is none in '{lang}'"
    if survey.suppressed:
        yield f"without {survey.suppressed:,} more who unsubscribed"
    if survey.duplicates:
        lines = [
            f"{again} (same as {first})" for again, first in survey.duplicates
        ]
        more = ", …" if len(lines) >= MOST_NAMED else ""
        yield f"duplicate lines: {', '.join(lines)}{more}; each reader gets only one email"


def _show_amounts(
    plan: Plan,
    preflight: Preflight,
    amounts: Amounts,
    survey: Survey,
) -> None:
    if preflight.request.rehearsal:
        folder = rehearsals.folder_of(
            plan.mailing.newsletter, plan.mailing.issue
        )
        output.echo(f"Into       {display_path(folder)}, a rehearsal")
        output.echo(f"To write   {words.mails(amounts.count)}")
        return
    already = amounts.wanted - amounts.open
    provider = registry.provider(preflight.request.via)
    output.echo(
        f"Through    {provider.describe(plan.mailing.newsletter.settings)}"
    )
    settled = (
        f"; {words.readers(already)} left out, who have it or were tried before"
        if already
        else ""
    )
    rows = [
        f"{words.mails(amounts.count)}{settled}",
        *_describe_others(amounts, survey),
    ]
    _show_rows("To send", rows)


def _describe_others(amounts: Amounts, survey: Survey) -> Iterator[str]:
    """Yield a line for each group of readers who get nothing now."""
    remaining = amounts.open - amounts.count
    if remaining:
        yield f"{words.mails(remaining)} left for the next send (--limit, or 'per_day')"
    if amounts.joined:
        yield f"{words.readers(amounts.joined)} joined since the first emails were sent, and get the next issue"
    if survey.off_list:
        are, get = ("is", "gets") if survey.off_list == 1 else ("are", "get")
        yield f"{words.readers(survey.off_list)} unsubscribed or {are} no longer on the list, and {get} nothing"


def _show_rehearsal(
    plan: Plan,
    preflight: Preflight,
    result: Result,
    *,
    interrupted: bool,
) -> None:
    written = result.progress.outcomes[State.ACCEPTED]
    if interrupted:
        total = words.mails(preflight.count)
        output.fail(
            f"stopped; {written:,} of {total} written; run the same command again to write all of them",
            INTERRUPTED,
        )
    output.echo(
        f"{words.mails(written)} written, one for each reader.", fg="green"
    )
    folder = rehearsals.folder_of(plan.mailing.newsletter, plan.mailing.issue)
    output.echo(f"Open the files in {display_path(folder)} with your mail app.")
    output.echo(
        "They contain addresses: they are deleted by the real send, or after a week."
    )
    output.echo("Nothing has left this computer.")
    output.echo(after_rehearsal(plan.mailing.newsletter))


def after_rehearsal(newsletter: Newsletter) -> str:
    """Return what to do next once the emails of a rehearsal have been looked at."""
    provider = missing_settings.ready_provider(newsletter)
    if not provider:
        return SETUP_IS_NEXT
    return f"Next: 'briefing send --via {provider} --test' emails it to your test addresses."


def show_result(
    plan: Plan,
    preflight: Preflight,
    result: Result,
    *,
    interrupted: bool,
) -> None:
    """Show the outcome of a send. Exits with an error unless every email has a final outcome."""
    if preflight.request.rehearsal:
        _show_rehearsal(plan, preflight, result, interrupted=interrupted)
        return
    outcomes = result.progress.outcomes
    if accepted := outcomes[State.ACCEPTED]:
        output.echo(
            f"{words.mails(accepted)} accepted by the server.", fg="green"
        )
    elif not preflight.count:
        output.echo("There was nothing left to send.")
    not_accepted = {
        State.REJECTED: outcomes[State.REJECTED],
        State.DEFERRED: outcomes[State.DEFERRED],
        # Also those that an interrupted send left.
        State.UNCERTAIN: result.counts[State.UNCERTAIN],
    }
    for state, count in not_accepted.items():
        if count:
            output.echo(
                f"{words.mails(count)} {words.OUTCOMES[state]}.", fg="yellow"
            )
    _show_next_step(plan, preflight, result)
    _fail_unless_complete(preflight, result, interrupted=interrupted)


def _fail_unless_complete(
    preflight: Preflight, result: Result, *, interrupted: bool
) -> None:
    outcomes = result.progress.outcomes
    expected = preflight.count
    if result.reason:
        queued = words.mails(result.counts[State.QUEUED])
        output.fail(
            f"{result.reason.rstrip('.')}. {queued} still to be sent; run the same command again to continue"
        )
    if interrupted:
        accepted = outcomes[State.ACCEPTED]
        output.fail(
            f"stopped; the server accepted {accepted:,} of {words.mails(expected)}",
            INTERRUPTED,
        )
    if refused := outcomes[State.QUEUED]:
        output.fail(
            f"the server turned {words.readers(refused)} away and accepted nobody else at their domain, so they will "
            "be tried again; if their addresses no longer exist ('briefing status --names' lists them), unsubscribe "
            "them with 'briefing subscribers remove'; otherwise ask your provider"
        )
    if outcomes[State.DEFERRED] or result.progress.done < expected:
        output.fail("not every reader has the issue yet")
    if uncertain := result.counts[State.UNCERTAIN]:
        output.fail(f"{words.readers(uncertain)} may or may not have the issue")


def _show_next_step(plan: Plan, preflight: Preflight, result: Result) -> None:
    step = step_for(result.counts)
    if step is NextStep.NOTHING:
        return
    mailing = plan.mailing
    option = words.via_option(mailing.newsletter, preflight.request.via)
    output.echo(words.next_step(mailing.issue, step, result.counts, option))
