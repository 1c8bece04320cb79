"""briefing subscribers sync: bring home who left, joined, complained or became unreachable."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output, prompts, words
from briefing.counts import counted
from briefing.newsletter import Newsletter
from briefing.syncing import sources
from briefing.syncing.questions import Answers

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

    from briefing.syncing.applying import Done
    from briefing.syncing.plan import SyncPlan
    from briefing.syncing.questions import Question
    from briefing.syncing.run import Sync

EXAMPLES = """\
briefing subscribers sync
briefing subscribers sync --dry-run
briefing subscribers sync sendgrid --yes
briefing subscribers sync --accept example.net
"""


@decorators.command("sync", examples=EXAMPLES)
@click.argument(
    "names",
    nargs=-1,
    metavar="[SOURCE]...",
    type=click.Choice(sources.NAMES),
)
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The list of subscribers (default: subscribers.csv).",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="WHAT",
    help="Do what is held back: a provider's domain, or one of the words below.",
)
@click.option(
    "--reject",
    multiple=True,
    metavar="WHAT",
    help="Forget what is held back, for good.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would happen; change nothing."
)
@click.option(
    "--yes", is_flag=True, help="Don't ask. What is held back stays so."
)
@decorators.json_option
@click.pass_obj
def sync(
    directory: Path,
    names: tuple[str, ...],
    list_: Path | None,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Bring home what readers did: who left, joined or reported spam.

    Reads every SOURCE that is set up, shows what would change, and asks. Nothing
    is deleted there, and it does no harm to sync twice.

    Unusual numbers are held back until you answer, with --yes as well: many dead
    addresses at one provider (name its domain), or 'leavings', 'complaints',
    'joins', 'changes', 'links', 'queued' for people who used the form while it
    was closed, and 'unreadable' for what your key doesn't open.
    """
    from briefing.keys import Key
    from briefing.sending import gathering
    from briefing.syncing import run

    newsletter = Newsletter.find(directory)
    chosen = sources.names_for(newsletter.settings, names)
    if not chosen:
        output.fail(sources.NOTHING_SET_UP, 1)
    answers = Answers(accept, reject)
    access = sources.Access(
        newsletter, Key.of(newsletter), partial(_identities, newsletter)
    )
    with run.alone(newsletter):
        begun = run.Sync(
            newsletter,
            sources.connect(access, chosen),
            gathering.local_now(),
            list_,
        )
        _read(begun, quiet=as_json)
        made = begun.plan(answers)
        if as_json:
            _finish_as_json(begun, made, carry_out=yes and not dry_run)
        else:
            _finish(begun, made, answers, dry_run=dry_run, yes=yes)
    _fail_for_failures(begun)


def _identities(newsletter: Newsletter) -> "Sequence[Identity]":
    """Return the editor's private keys, which open what readers ask for on the server."""
    from pyrage.x25519 import Identity

    from briefing.sending import credentials
    from briefing.syncing.server import PRIVATE_KEY

    return [Identity.from_str(credentials.find(newsletter, PRIVATE_KEY))]


def _read(begun: "Sync", *, quiet: bool) -> None:
    for source in begun.sources:
        if quiet:
            begun.read(source, lambda _done, _total: None)
            continue
        with output.progress(f"Reading {source.title}") as show:
            begun.read(source, show)


def _finish(
    begun: "Sync",
    made: "SyncPlan",
    answers: Answers,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    show_plan(begun, made)
    if made.questions and prompts.is_interactive() and not (yes or dry_run):
        answers = _ask_all(made.questions, answers)
        made = begun.plan(answers)
    else:
        _show_questions(made.questions)
    if dry_run:
        output.echo("This was a dry run; nothing was changed.")
        return
    if not (made.changes_nothing or yes):
        prompts.confirm("Carry this out?", option="--yes")
    with output.progress("Telling your server who gets mail") as show:
        done = begun.carry_out(made, show)
    _show_done(done, made)


def _finish_as_json(
    begun: "Sync", made: "SyncPlan", *, carry_out: bool
) -> None:
    from briefing.syncing import summary

    if carry_out:
        begun.carry_out(made, lambda _done, _total: None)
    output.print_json(
        {
            **summary.as_json(made),
            "carried_out": carry_out,
            "failures": begun.failures,
        }
    )


def show_plan(begun: "Sync", made: "SyncPlan") -> None:
    """Print what a sync would change."""
    from briefing.syncing import summary

    titles = [
        source.title
        for source in begun.sources
        if source.name not in begun.failures
    ]
    last = begun.home.history.last_day
    since = f" since {words.short_date(last, words.today())}" if last else ""
    if titles:
        output.echo(f"What readers did{since}, by {' and '.join(titles)}:")
        output.echo()
    rows = [row for row in summary.rows(made, begun.listed) if row.number]
    for row in rows:
        where = f" ({row.lines})" if row.lines else ""
        output.echo(
            output.wrap(
                f"{row.number:>6,}  {row.text}{where}", "", rest=" " * 8
            )
        )
    if not rows:
        output.echo("        nothing new")
    output.echo()
    paragraphs = [
        *summary.describe_refusals(made),
        summary.describe_waiting(made),
        summary.describe_ignored(made),
    ]
    for paragraph in filter(None, paragraphs):
        output.echo(output.wrap(paragraph, ""))


def _show_questions(questions: "Sequence[Question]") -> None:
    from briefing.syncing import summary

    for question in questions:
        output.warn(
            f"{summary.describe_question(question)} Nothing is done about them until you decide: "
            f"'--accept {question.key}' or '--reject {question.key}'."
        )


def _ask_all(questions: "Sequence[Question]", answers: Answers) -> Answers:
    """Return the answers with those of the editor added; what they put off stays open."""
    from briefing.syncing import summary

    accepted, rejected = [*answers.accepted], [*answers.rejected]
    for question in questions:
        output.echo()
        output.echo(output.wrap(summary.describe_question(question), ""))
        answer = click.prompt(
            summary.ask(question),
            type=click.Choice(["yes", "no", "later"]),
            default="later",
        )
        if answer == "yes":
            accepted.append(question.key)
        elif answer == "no":
            rejected.append(question.key)
    return Answers(accepted, rejected)


def _show_done(done: "Done", made: "SyncPlan") -> None:
    if done.unsubscribed:
        output.echo(
            f"{words.readers(done.unsubscribed)} unsubscribed; 'briefing send' skips them, whatever list it uses."
        )
    if done.listed:
        output.echo(
            f"{counted(done.listed, 'change')} made in the list of subscribers."
        )
    if done.mailed:
        output.echo(f"{words.mails(done.mailed)} sent to single people.")
    if done.rehearsed:
        output.echo(f"{words.mails(done.rehearsed)} deleted from rehearsal/.")
    if made.changes_nothing:
        output.echo("Nothing had to be changed.")


def _fail_for_failures(begun: "Sync") -> None:
    titles = {source.name: source.title for source in begun.sources}
    for name, reason in begun.failures.items():
        output.error(f"{titles[name]} couldn't be read: {reason}")
    if begun.failures:
        output.fail(
            "not everything could be read; run the same command again later",
            1,
        )
