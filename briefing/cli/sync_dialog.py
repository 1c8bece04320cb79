"""The dialog of a sync, for its own command and before a send: read, show, ask, carry out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefing import clock
from briefing.errors import RefusedError
from briefing.network.parallel import no_progress
from briefing.newsletter import Newsletter
from briefing.syncing import before_send, sources
from briefing.syncing.before_send import BeforeSend
from briefing.syncing.planning.questions import Answers
from briefing.text.counts import counted

from . import output, prompts, words

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

    from briefing.syncing.applying import Done
    from briefing.syncing.planning.plan import SyncPlan
    from briefing.syncing.planning.questions import Question
    from briefing.syncing.run import Sync


def begin(
    newsletter: Newsletter, names: Sequence[str], list_: Path | None
) -> "Sync":
    """Return a sync with the sources of these names."""
    from briefing.sending.secrets import editor_keys
    from briefing.syncing.run import Sync

    def identities() -> "Sequence[Identity]":
        return editor_keys.open_keys(newsletter, _ask_passphrase)

    now = clock.local_now()
    connected = sources.connect(names, newsletter, identities, now.date())
    return Sync(newsletter, connected, now, list_)


def _ask_passphrase() -> str:
    """Return the passphrase of the key in the file, typed once."""
    from briefing.sending.secrets import editor_secrets

    if not prompts.is_interactive():
        raise RefusedError(
            "without a terminal, the passphrase of your private key must be in the environment as "
            f"{editor_secrets.PASSPHRASE.variable}"
        )
    with output.without_progress():
        passphrase: str = prompts.ask(
            "Passphrase of your private key", hide_input=True
        )
    return passphrase


def sync_before_send(
    newsletter: Newsletter, list_: Path | None, *, unattended: bool
) -> None:
    """Do what [subscribers] sync says before a real send. Raises RefusedError if it can't be done."""
    may_ask = prompts.is_interactive() and not unattended
    before = before_send.decide(newsletter.settings, may_ask=may_ask)
    is_required = before is BeforeSend.SYNC
    is_accepted = before is BeforeSend.OFFER and _wants_to_sync(newsletter)
    if not (is_required or is_accepted):
        _renew_tokens(newsletter, list_ or newsletter.subscribers)
        return
    from briefing.syncing import run

    names = sources.names_for(newsletter.settings)
    with run.alone(newsletter):
        sync = begin(newsletter, names, list_)
        read_sources(sync)
        plan = finish(sync, Answers(), yes=unattended)
    _show_failures(sync)
    if is_required:
        before_send.refuse_incomplete(sync.failures, plan)


def _renew_tokens(newsletter: Newsletter, path: Path) -> None:
    """Tell the server, if there is one, which tokens of the list are valid."""
    from briefing.keys import Key

    if not newsletter.settings.joining.url:
        return
    with output.progress("Telling your server which tokens are valid") as show:
        before_send.renew_tokens(newsletter, Key.of(newsletter), path, show)


def _wants_to_sync(newsletter: Newsletter) -> bool:
    from briefing.syncing.records.history import History

    since = words.since(History.of(newsletter).last_day, clock.today())
    return prompts.ask_yes_no(
        f"First find out who has left or joined{since}?", default=True
    )


def read_sources(sync: "Sync", *, quiet: bool = False) -> None:
    """Read all sources."""
    for source in sync.sources:
        if quiet:
            sync.read(source, no_progress)
            continue
        with output.progress(f"Reading {source.title}") as show:
            sync.read(source, show)


def finish(
    sync: "Sync",
    answers: Answers,
    *,
    dry_run: bool = False,
    yes: bool,
) -> "SyncPlan":
    """Show the plan, ask, and carry it out; return it."""
    plan = sync.plan(answers)
    if not _titles(sync):
        # The caller shows why nothing could be read.
        return plan
    _show_plan(sync, plan)
    _show_unasked(sync, answers)
    if prompts.is_interactive() and not (yes or dry_run):
        plan = _ask_until_decided(sync, plan, answers)
    else:
        _show_questions(plan.questions, answers)
    if plan.list_obstacle:
        output.warn(
            f"New readers and changes to the list are waiting: {plan.list_obstacle}"
        )
    if dry_run:
        output.echo("This was a dry run; nothing was changed.")
        return plan
    if not (plan.changes_nothing or yes):
        prompts.confirm("Make these changes?", option="--yes")
    with output.progress("Making the changes") as show:
        done = sync.carry_out(plan, show)
    _show_done(done, plan)
    return plan


def finish_as_json(
    sync: "Sync", answers: Answers, *, carry_out: bool
) -> "SyncPlan":
    """Print the plan for a script, and carry it out if that was asked for; return it."""
    from briefing.syncing import summary

    plan = sync.plan(answers)
    if carry_out:
        sync.carry_out(plan, no_progress)
    output.print_json(
        {
            **summary.as_json(plan),
            "carried_out": carry_out,
            "list_obstacle": plan.list_obstacle or None,
            "failures": sync.failures,
        }
    )
    return plan


def _show_plan(sync: "Sync", plan: "SyncPlan") -> None:
    """Print what a sync would change."""
    from briefing.syncing import summary

    _show_heading(sync)
    rows = [row for row in summary.rows(plan, sync.listed) if row.number]
    texts = [
        f"{row.text} ({row.lines})" if row.lines else row.text for row in rows
    ]
    numbers = [row.number for row in rows]
    output.show_list(zip(numbers, texts, strict=True), "  ")
    if not rows:
        output.echo("  nothing new")
    output.echo()
    for paragraph in summary.paragraphs(plan):
        output.say(paragraph)


def _show_heading(sync: "Sync") -> None:
    since = words.since(sync.home.history.last_day, clock.today())
    *others, final = _titles(sync)
    names = f"{', '.join(others)} and {final}" if others else final
    output.echo(f"What readers did{since}, according to {names}:")
    output.echo()


def _titles(sync: "Sync") -> list[str]:
    """Return the titles of the sources that could be read."""
    return [
        source.title
        for source in sync.sources
        if source.name not in sync.failures
    ]


def _show_questions(questions: "Sequence[Question]", answers: Answers) -> None:
    """Show what has no answer yet."""
    from briefing.syncing import summary

    for question in questions:
        if answers.decide(question.key) is not None:
            continue
        output.warn(
            f"{summary.describe_question(question)} Nothing is done about them until you decide: "
            f"'--accept {question.key}' or '--reject {question.key}'."
        )


def _show_unasked(sync: "Sync", answers: Answers) -> None:
    """Warn of answers to questions that aren't asked, except those to whole subjects, which a script
    may give in advance.
    """
    from briefing.syncing.planning.questions import Subject

    subjects = {*Subject}
    accepted, rejected = {*answers.accepted}, {*answers.rejected}
    given = (accepted | rejected) - subjects
    if given:
        without = Answers(accepted & subjects, rejected & subjects)
        asked = {question.key for question in sync.plan(without).questions}
        for answer in sorted(given - asked):
            output.warn(
                f"nothing is held back as '{answer}'; 'briefing subscribers sync --help' lists the words"
            )


def _ask_until_decided(
    sync: "Sync", plan: "SyncPlan", answers: Answers
) -> "SyncPlan":
    """Ask about all that is held back, also because of an answer: addresses that an editor believes to be
    dead may be too many at one domain. Return the plan with the answers.
    """
    asked = {*answers.accepted, *answers.rejected}
    while new := [each for each in plan.questions if each.key not in asked]:
        answers = _ask_all(new, answers)
        asked |= {question.key for question in new}
        plan = sync.plan(answers)
    return plan


def _ask_all(questions: "Sequence[Question]", answers: Answers) -> Answers:
    """Return the answers with the editor's added; questions that they put off stay open."""
    from briefing.syncing import summary

    accepted = [*answers.accepted]
    rejected = [*answers.rejected]
    for question in questions:
        output.echo()
        output.say(summary.describe_question(question))
        answer = prompts.ask_word(
            f"{summary.ask(question)} (yes, no, later)",
            ("yes", "no", "later"),
            default="later",
        )
        if answer == "yes":
            accepted.append(question.key)
        elif answer == "no":
            rejected.append(question.key)
    return Answers(accepted, rejected)


def _show_done(done: "Done", plan: "SyncPlan") -> None:
    if done.unsubscribed:
        output.say(
            f"{words.readers(done.unsubscribed)} unsubscribed; 'briefing send' skips them, even if a later list "
            "contains them."
        )
    if done.listed:
        output.echo(
            f"{counted(done.listed, 'change')} made to the list; {words.UNDO}"
        )
    if done.mailed:
        output.echo(f"{words.mails(done.mailed)} sent to people who asked.")
    if done.rehearsed:
        output.echo(f"{words.mails(done.rehearsed)} deleted from rehearsal/.")
    if plan.changes_nothing:
        output.echo("There was nothing to change.")


def _show_failures(sync: "Sync") -> None:
    titles = {source.name: source.title for source in sync.sources}
    for name, reason in sync.failures.items():
        output.error(f"{titles[name]} couldn't be read: {reason}")


def fail_for_failures(sync: "Sync", plan: "SyncPlan") -> None:
    """End the command if a source couldn't be read, or the list not changed."""
    _show_failures(sync)
    if sync.failures:
        output.fail(
            "not everything could be read; run the same command again later"
        )
    if plan.list_obstacle:
        output.fail(
            "new readers and changes to the list are still waiting; run the same command again once it can be changed"
        )
