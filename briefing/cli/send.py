"""briefing send: mail an issue to the list."""

import datetime as dt
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import decorators, output, prompts, signals, words
from briefing.errors import RefusedError, SubscribersError, shown
from briefing.newsletter import Newsletter
from briefing.sending.transports import registry

if TYPE_CHECKING:
    from briefing.rendering.rendered import RenderedIssue
    from briefing.sending.delivery import Order, Result
    from briefing.sending.ledger import Ledger
    from briefing.sending.plan import Plan, Survey
    from briefing.sending.schema import State
    from briefing.sending.transports.base import Transport

CHANGE = 0.2
"""The part of the list that may have come or gone since the last issue without a word."""

SCHEDULERS = " or ".join(provider.title for provider in registry.schedulers())
EXAMPLES = """\
briefing send                                         into the outbox
briefing send --via smtp --test
briefing send --via smtp --limit 50                   a first fifty
briefing send --via smtp --yes --expect 2500          for cron
briefing send --via sendgrid --at '2026-11-27 08:00'
briefing send 2020-10-09 --tag board --dry-run
"""


@dataclass(frozen=True)
class Options:
    """What was asked on the command line."""

    via: str
    tag: str
    at: str | None
    limit: int | None
    late: bool
    resend_uncertain: bool
    retry_rejected: bool
    untested: bool
    skip_bad_rows: bool
    dry_run: bool
    expect: int | None
    yes: bool

    @property
    def real(self) -> bool:
        """Whether mails leave this computer."""
        return self.via != registry.OUTBOX

    @property
    def again(self) -> "frozenset[State]":
        """The states that are tried again: because the editor says so, or because it does no harm."""
        from briefing.sending.schema import State

        if not self.real:
            return frozenset({State.SENDING})
        uncertain = {State.UNCERTAIN} if self.resend_uncertain else set()
        return frozenset(uncertain | ({State.REJECTED} if self.retry_rejected else set()))


@decorators.command("send", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--list", "list_", type=click.Path(path_type=Path), metavar="FILE", help="The list; subscribers.csv unless given."
)
@click.option("--tag", default="", metavar="TAG", help="Only readers whose column 'tags' has TAG.")
@click.option(
    "--via",
    type=click.Choice(registry.NAMES),
    help="Through what; [send] via in briefing.toml unless given.",
)
@click.option("--test", is_flag=True, help="Only to the addresses of [send] test.")
@click.option("--test-to", multiple=True, metavar="ADDRESS", help="Only to this address; can be given again.")
@click.option("--at", metavar="TIME", help=f"Later, through {SCHEDULERS}: '18:30' today, or '2026-11-27 08:00'.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="N mails now; the rest with the next send.")
@click.option("--late", is_flag=True, help="Also to readers who joined after the first part was sent.")
@click.option("--resend-uncertain", is_flag=True, help="Again to the uncertain; some of them get it twice.")
@click.option("--mark-delivered", is_flag=True, help="Send nothing; count the uncertain as delivered.")
@click.option("--retry-rejected", is_flag=True, help="Again to readers whom the server refused.")
@click.option("--untested", is_flag=True, help="Without a test send of these very editions before.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave out rows of the list that are no subscriber.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and end.")
@click.option("--expect", type=click.IntRange(min=0), metavar="N", help="Go on only if it is exactly N mails.")
@click.option("--yes", is_flag=True, help="Don't ask; what leaves this computer wants --expect N, too.")
@click.pass_obj
def command(
    directory: Path,
    /,
    issue: str | None,
    list_: Path | None,
    via: str | None,
    test: bool,
    test_to: tuple[str, ...],
    mark_delivered: bool,
    **options: Any,
) -> None:
    """Mail an issue to everybody on the list, each in their language.

    Through the outbox it is a rehearsal: mails become files on this computer. Through any other they leave it.
    Stopped half-way, the same command goes on; nobody gets an issue twice.
    """
    from briefing.cli import testing
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import delivery
    from briefing.sending.plan import Mailing, Plan
    from briefing.subscribers.formats import open_list

    newsletter = Newsletter.find(directory)
    asked = Options(via=via or newsletter.settings.send.via, **options)
    folder = store.find(newsletter, issue)
    if mark_delivered:
        _mark_delivered(newsletter, folder.name)
        return
    _refuse_nonsense(newsletter, asked, testing=test or bool(test_to))
    rendered, warnings = _without_errors(newsletter, folder)
    key = Key.of(newsletter)
    with delivery.ledger_of(newsletter, key, rehearsal=not asked.real) as ledger:
        if test or test_to:
            addresses = testing.addresses_of(test_to, newsletter.settings.send.test)
            mailing = Mailing(newsletter, key, folder.name, rendered)
            transport = registry.provider(asked.via).connect(newsletter, key)
            testing.send_test(mailing, ledger, transport, addresses)
            return
        readers = open_list(list_ or newsletter.subscribers)
        _send(Plan(newsletter, key, folder.name, rendered, readers, asked.tag), ledger, asked, warnings)


def _refuse_nonsense(newsletter: Newsletter, asked: Options, *, testing: bool) -> None:
    """What can't be meant, said before anything is looked at."""
    from briefing.sending import place

    unsubscribe = newsletter.settings.unsubscribe
    if not asked.real:
        if testing:
            raise RefusedError(
                "a test isn't for the outbox; choose a provider with --via, or set [send] via in briefing.toml"
            )
        if asked.at:
            raise RefusedError(f"the outbox writes mails at once; --at is for {SCHEDULERS}")
        return
    if not (unsubscribe.url or unsubscribe.mailto):
        raise RefusedError(
            "nobody could leave the list: [unsubscribe] is empty in briefing.toml; without it only the outbox sends"
        )
    place.refuse_unsafe(newsletter.root)
    if folder := place.synchronised(newsletter.root):
        output.warn(
            f"this newsletter lies in {folder}, which copies it between computers; send from one of them alone, or two "
            "could send at once"
        )
    if asked.at and not registry.provider(asked.via).scheduling:
        raise RefusedError(
            f"{registry.provider(asked.via).title} sends at once; let this computer wait, with a line in "
            "'crontab -e', or systemd-run --user --on-calendar='2026-11-27 08:00' briefing -C "
            f"{newsletter.root} send ISSUE --via {asked.via} --yes --expect N"
        )
    if asked.yes and asked.expect is None and not asked.dry_run:
        raise RefusedError("--yes wants --expect N, the number of mails; --dry-run shows it")


def _send(plan: "Plan", ledger: "Ledger", asked: Options, warnings: int) -> None:
    """Show what would happen, have it agreed to, do it, tell how it went."""
    from briefing.sending import delivery
    from briefing.sending.delivery import Order

    now = dt.datetime.now().astimezone()
    anew = delivery.may_be_frozen_anew(plan, ledger) if asked.real else delivery.starts_anew(plan, ledger)
    survey = plan.survey(ledger)
    _refuse_bad_rows(plan, survey, skip=asked.skip_bad_rows)
    if not survey.wanted:
        tag = f" has the tag {asked.tag!r}" if asked.tag else ""
        raise RefusedError(f"{plan.list.name}: nobody on it{tag}; nothing to send")
    late = asked.late or anew or not asked.real or ledger.frozen(plan.issue) is None
    to_send = survey.wanted if anew else delivery.to_send(survey.states, late=late, again=asked.again)
    count = delivery.amount(plan, ledger, to_send, asked.limit, now)
    order = Order(now.astimezone(dt.UTC), count, late=late, limit=asked.limit, again=asked.again)
    _show(plan, survey, warnings)
    _show_amount(plan, ledger, asked, survey, order, to_send=to_send, anew=anew)
    if asked.expect is not None and asked.expect != count:
        raise RefusedError(f"it would be {words.mails(count)}, not the {asked.expect:,} of --expect; nothing was done")
    if asked.real and not asked.dry_run:
        _refuse_nothing(plan, survey, order, to_send)
        if not asked.untested:
            _refuse_untested(plan, ledger, asked)
    at = _time(plan, ledger, asked)
    if asked.dry_run:
        output.echo("A dry run: nothing was sent.")
        return
    if count and not asked.yes:
        _ask(asked, count)
    if asked.real:
        _carry_out(plan, ledger, asked, order, at)
    else:
        _rehearse(plan, ledger, order)


# What stands in the way


def _without_errors(newsletter: Newsletter, folder: Path) -> "tuple[dict[str, RenderedIssue], int]":
    """The very editions that were checked, and how many warnings there are; an error is shown and stops the send."""
    from briefing.checks.check import checked

    findings, rendered = checked(newsletter, folder, dt.datetime.now().astimezone().date())
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in errors:
        output.error(str(finding))
    if errors:
        count = "1 error stops" if len(errors) == 1 else f"{len(errors)} errors stop"
        raise RefusedError(f"{count} issue {folder.name} from being sent; mend it, 'briefing check' shows all findings")
    return rendered, len(findings)


def _refuse_bad_rows(plan: "Plan", survey: "Survey", *, skip: bool) -> None:
    for row in survey.named_bad_rows:
        output.warn(f"{plan.list.name}, line {row.row}: {row.reason}")
    if survey.bad_rows > len(survey.named_bad_rows):
        output.warn(f"… and {survey.bad_rows - len(survey.named_bad_rows):,} more rows")
    if survey.bad_rows and not skip:
        rows = "1 row is" if survey.bad_rows == 1 else f"{survey.bad_rows:,} rows are"
        raise SubscribersError(
            plan.list.name, f"{rows} no subscriber; mend them, or leave them out with --skip-bad-rows"
        )


def _refuse_nothing(plan: "Plan", survey: "Survey", order: "Order", to_send: int) -> None:
    """A send of nothing is a mistake; but one that was stopped in the middle of its last mails has those to settle."""
    from briefing.sending.schema import State

    if order.expected or survey.states.get(State.SENDING):
        return
    if to_send:
        raise RefusedError("the mails of [send] per_day have all gone out today; give the same command tomorrow")
    late = "; --late mails who joined since" if survey.states.get(None) else ""
    raise RefusedError(f"issue {plan.issue} was sent already: nobody is left; 'briefing status' tells{late}")


def _refuse_untested(plan: "Plan", ledger: "Ledger", asked: Options) -> None:
    from briefing.sending import trial

    tests = ledger.tests(plan.issue, asked.via)
    if not trial.is_tested(plan, tests):
        since = "was changed since its test" if tests else "was not tested yet"
        raise RefusedError(
            f"issue {plan.issue} {since}; 'briefing send {plan.issue} --via {asked.via} --test' sends it to your test "
            "addresses, --untested goes on without"
        )


def _time(plan: "Plan", ledger: "Ledger", asked: Options) -> dt.datetime | None:
    """When it is to go out; None for now. What was scheduled before goes on as it was scheduled."""
    from briefing.sending import schedule

    now = dt.datetime.now(dt.UTC)
    begun = schedule.pending(ledger, plan.issue, now) if asked.real else None
    at = schedule.parse(asked.at, now) if asked.at else None
    if begun and at != schedule.time_of(begun):
        told = schedule.told(schedule.time_of(begun))
        raise RefusedError(
            f"issue {plan.issue} is scheduled for {told}; give that time with --at to go on, or call it back with "
            "'briefing recall'"
        )
    if at:
        output.echo(f"At         {schedule.told(at)}; until 10 minutes before, 'briefing recall' calls it back")
    return at


def _ask(asked: Options, count: int) -> None:
    if asked.real:
        prompts.confirm_number(
            f"Type the number of mails to send {words.them(count)}", count, option="--yes --expect N"
        )
    else:
        prompts.confirm(f"Write {words.mails(count)} into the outbox?", option="--yes")


# Doing it


def _rehearse(plan: "Plan", ledger: "Ledger", order: "Order") -> None:
    from briefing.cli.tally import telling
    from briefing.sending import delivery
    from briefing.sending.schema import State

    stop = threading.Event()
    with signals.stop_on_signal(stop), telling("Writing") as tell:
        result = delivery.rehearse(plan, ledger, order, stop=stop, tell=tell)
    written = result.tally.outcomes[State.ACCEPTED]
    if stop.is_set():
        output.fail(
            f"stopped; {written:,} of {words.mails(order.expected)} are written, the same command goes on",
            signals.INTERRUPTED,
        )
    if not order.expected:
        output.echo("Everybody's mail is there already.", fg="green")
    else:
        output.echo(f"{words.mails(written)} written, one a reader.", fg="green")
    output.echo(f"They lie in {shown(delivery.outbox_of(plan).folder / 'new')}; 'briefing render' shows one.")
    output.echo("Nothing has left this computer.")


def _carry_out(plan: "Plan", ledger: "Ledger", asked: Options, order: "Order", at: dt.datetime | None) -> None:
    from briefing.cli.tally import telling
    from briefing.sending import delivery, schedule

    provider = registry.provider(asked.via)
    transport: Transport
    if at:
        assert provider.scheduling, "refused before"
        transport = scheduler = provider.scheduling.connect(plan.newsletter, plan.key)
        order = replace(order, book=partial(schedule.book, ledger, plan.issue, scheduler, at))
    else:
        transport = provider.connect(plan.newsletter, plan.key)
    stop = threading.Event()
    with signals.stop_on_signal(stop), telling("Sending") as tell:
        result = delivery.send(plan, ledger, transport, order, stop=stop, tell=tell)
    _tell_result(plan, order, result, asked.via, interrupted=stop.is_set())


def _tell_result(plan: "Plan", order: "Order", result: "Result", via: str, *, interrupted: bool) -> None:
    from briefing.sending.schema import State

    usual = plan.newsletter.settings.send.via
    outcomes = result.tally.outcomes
    accepted = outcomes[State.ACCEPTED]
    if accepted or not order.expected:
        when = " and will go out then" if order.book else ""
        output.echo(f"{words.mails(accepted)} accepted by the server{when}.", fg="green")
    for state in (State.REJECTED, State.DEFERRED, State.UNCERTAIN):
        if outcomes[state]:
            output.echo(f"{words.mails(outcomes[state])} {words.OUTCOMES[state]}.", fg="yellow")
    for step in words.next_steps(plan.issue, result.counts, via="" if via == usual else via):
        output.echo(step)
    if result.reason:
        left = order.expected - result.tally.done
        output.fail(f"{result.reason}. {words.mails(left)} stay queued; the same command goes on", 1)
    if interrupted:
        output.fail(f"stopped; {accepted:,} of {words.mails(order.expected)} were accepted", signals.INTERRUPTED)
    if outcomes[State.DEFERRED] or outcomes[State.UNCERTAIN] or result.tally.done < order.expected:
        output.fail("not everybody has it yet", 1)


def _mark_delivered(newsletter: Newsletter, issue: str) -> None:
    from briefing.keys import Key
    from briefing.sending import delivery

    with delivery.ledger_of(newsletter, Key.of(newsletter), rehearsal=False) as ledger:
        count = delivery.mark_delivered(newsletter, ledger, issue)
    output.echo(f"{words.readers(count)} of issue {issue} counted as delivered; nothing was sent.")


# Showing it


def _show(plan: "Plan", survey: "Survey", warnings: int) -> None:
    from briefing.sending.plan import MOST_NAMED

    first = next(iter(plan.editions.values()))
    output.echo(f"Issue      {plan.issue}: {output.shorten(first.subject, 60)}")
    if len(plan.editions) > 1:
        output.echo(f"Editions   {', '.join(f'{lang}: {count:,}' for lang, count in survey.by_language.items())}")
    found = "1 warning" if warnings == 1 else f"{warnings} warnings"
    checked = f"{found}; 'briefing check' shows them" if warnings else "nothing was found"
    output.echo(f"Checked    {checked}")
    tag = f", with the tag '{plan.tag}'" if plan.tag else ""
    output.echo(f"List       {plan.list.name}: {words.readers(survey.wanted)}{tag}")
    if survey.suppressed:
        output.echo(f"           {survey.suppressed:,} more have left, and get nothing")
    if survey.duplicates:
        rows = ", ".join(f"{again} (as {first})" for again, first in survey.duplicates)
        more = ", …" if len(survey.duplicates) >= MOST_NAMED else ""
        output.echo(f"           the same reader again in line {rows}{more}; they get one mail")


def _show_amount(
    plan: "Plan", ledger: "Ledger", asked: Options, survey: "Survey", order: "Order", *, to_send: int, anew: bool
) -> None:
    from briefing.sending import delivery

    if not asked.real:
        output.echo(f"Through    the outbox, {shown(delivery.outbox_of(plan).folder)}")
        there = survey.wanted - to_send
        output.echo(f"To write   {words.mails(order.expected)}{f'; {there:,} are there already' if there else ''}")
        if anew:
            output.echo("           the issue or its outbox was changed since the last rehearsal, which is thrown away")
        return
    output.echo(f"Through    {registry.provider(asked.via).describe(plan.newsletter.settings)}")
    has = f"; {survey.wanted - to_send:,} have theirs, or are settled" if survey.wanted > to_send else ""
    output.echo(f"To send    {words.mails(order.expected)}{has}")
    if to_send > order.expected:
        output.echo(f"           {to_send - order.expected:,} more are left to the next send (--limit, per_day)")
    joined = survey.states.get(None, 0)
    if joined and not order.late:
        output.echo(f"           {words.readers(joined)} joined since the first part was sent; --late mails them, too")
    if survey.gone:
        output.echo(f"           {words.readers(survey.gone)} left the list since, and get nothing")
    earlier = ledger.earlier_list(plan.issue)
    if earlier and abs(survey.size - earlier[1]) > CHANGE * earlier[1]:
        output.warn(
            f"the list has {words.readers(survey.size)}, it had {earlier[1]:,} with issue {earlier[0]}; "
            "is it the right one?"
        )
