"""briefing send: mail an issue to the list."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import command as shared
from briefing.errors import RefusedError, SubscribersError, shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.keys import Key
    from briefing.rendering.rendered import RenderedIssue
    from briefing.sending.delivery import Plan
    from briefing.subscribers.csv_file import Reading

MOST_ROWS_NAMED = 10

EXAMPLES = """\
briefing send
briefing send 2020-10-09 --tag board
briefing send --list press.csv --yes
briefing send --dry-run
"""


@shared.command("send", examples=EXAMPLES)
@shared.issue_argument
@click.option(
    "--list", "list_", type=click.Path(path_type=Path), metavar="FILE", help="The list; subscribers.csv unless given."
)
@click.option("--tag", default="", metavar="TAG", help="Only readers whose column 'tags' has TAG.")
@click.option("--via", type=click.Choice(["outbox"]), help="Through what; [send] via in briefing.toml unless given.")
@click.option("--skip-bad-rows", is_flag=True, help="Leave out rows of the list that are no subscriber.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and end.")
@click.option(
    "--expect", type=click.IntRange(min=0), metavar="N", help="Go on only if exactly N mails would be written."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    list_: Path | None,
    tag: str,
    via: str | None,  # noqa: ARG001  # the outbox is the only one so far
    skip_bad_rows: bool,
    dry_run: bool,
    expect: int | None,
    yes: bool,
) -> None:
    """Mail an issue to everybody on the list, each in their language.

    Mails go into the outbox: files on this computer, as each reader would get them. Stopped half-way, the same command
    goes on; nobody's mail is written twice.
    """
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import delivery

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    rendered, warnings = _without_errors(newsletter, folder)
    path = list_ or newsletter.subscribers
    reading = _read_list(path, skip_bad_rows=skip_bad_rows)
    plan = delivery.Plan(newsletter, folder.name, rendered, reading.subscribers, tag)
    if not plan.readers:
        raise RefusedError(f"{shown(path)}: nobody on it{f' has the tag {tag!r}' if tag else ''}; nothing to send")
    key = Key.of(newsletter)
    with delivery.ledger_of(newsletter, key) as ledger:
        remaining = delivery.remaining(plan, ledger)
        anew = delivery.starts_anew(plan, ledger)
    _show(plan, path, reading, remaining, warnings)
    if anew:
        shared.say("           the issue or its outbox was changed since the last rehearsal, which is thrown away")
    if expect is not None and expect != remaining:
        raise RefusedError(f"{remaining} mails would be written, not the {expect} of --expect; nothing was done")
    if dry_run:
        shared.say("A dry run: nothing was written.")
        return
    if remaining and not yes:
        shared.confirm(f"Write {_mails(remaining)} into the outbox?", option="--yes")
    _write(plan, key, remaining)
    _summary(plan, remaining)


def _write(plan: "Plan", key: "Key", remaining: int) -> None:
    """Hand the mails over; a stop tells how far it came."""
    from briefing.sending import delivery

    shared.heed_signals()
    written = 0
    with shared.progress("Writing") as progress:

        def tell(done: int) -> None:
            nonlocal written
            written = done
            progress(done, remaining)

        try:
            delivery.rehearse(plan, key, dt.datetime.now(dt.UTC), tell)
        except KeyboardInterrupt:
            shared.fail(
                f"stopped; {written:,} of {_mails(remaining)} are written, the same command goes on", shared.INTERRUPTED
            )


def _without_errors(newsletter: Newsletter, folder: Path) -> "tuple[dict[str, RenderedIssue], int]":
    """The very editions that were checked, and how many warnings there are; an error is shown and stops the send."""
    from briefing.checks.check import checked

    findings, rendered = checked(newsletter, folder, dt.datetime.now().astimezone().date())
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in errors:
        shared.error(str(finding))
    if errors:
        count = "1 error stops" if len(errors) == 1 else f"{len(errors)} errors stop"
        raise RefusedError(f"{count} issue {folder.name} from being sent; mend it, 'briefing check' shows all findings")
    return rendered, len(findings)


def _read_list(path: Path, *, skip_bad_rows: bool) -> "Reading":
    from briefing.subscribers import csv_file

    reading = csv_file.read_all(path)
    for row in reading.bad_rows[:MOST_ROWS_NAMED]:
        shared.warn(f"{shown(path)}, line {row.row}: {row.reason}")
    if len(reading.bad_rows) > MOST_ROWS_NAMED:
        shared.warn(f"… and {len(reading.bad_rows) - MOST_ROWS_NAMED} more rows")
    if reading.bad_rows and not skip_bad_rows:
        rows = "1 row is" if len(reading.bad_rows) == 1 else f"{len(reading.bad_rows)} rows are"
        raise SubscribersError(path, f"{rows} no subscriber; mend them, or leave them out with --skip-bad-rows")
    return reading


def _show(plan: "Plan", path: Path, reading: "Reading", remaining: int, warnings: int) -> None:
    first = next(iter(plan.editions.values()))
    shared.say(f"Issue      {plan.issue}: {shared.cut(first.subject, 60)}")
    counts = plan.by_language()
    if len(plan.editions) > 1:
        shared.say(f"Editions   {', '.join(f'{lang}: {counts[lang]:,}' for lang in plan.editions)}")
    found = "1 warning" if warnings == 1 else f"{warnings} warnings"
    checked = f"{found}; 'briefing check' shows them" if warnings else "nothing was found"
    shared.say(f"Checked    {checked}")
    tag = f", with the tag '{plan.tag}'" if plan.tag else ""
    shared.say(f"List       {shown(path)}: {_readers(len(plan.readers))}{tag}")
    if reading.duplicates:
        rows = ", ".join(f"{one.row} (as {one.first})" for one in reading.duplicates[:MOST_ROWS_NAMED])
        more = ", …" if len(reading.duplicates) > MOST_ROWS_NAMED else ""
        shared.say(f"           the same reader again in line {rows}{more}; they get one mail")
    shared.say(f"Through    the outbox, {shown(plan.folder)}")
    done = len(plan.readers) - remaining
    shared.say(f"To write   {_mails(remaining)}{f'; {done} are there already' if done else ''}")


def _summary(plan: "Plan", written: int) -> None:
    if not written:
        shared.say("Everybody's mail is there already.", fg="green")
    else:
        shared.say(f"{_mails(written)} written, one a reader.", fg="green")
    shared.say(f"They lie in {shown(plan.folder / 'new')}; 'briefing render' shows one.")
    shared.say("Nothing has left this computer.")


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"


def _readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count:,} readers"
