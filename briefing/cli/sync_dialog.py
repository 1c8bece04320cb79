"""The dialog of a sync, for its own command and before a send: read, show, ask, carry out."""

from collections.abc import Sequence
from pathlib import Path

import click
from pyrage.x25519 import Identity

from briefing import clock
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.network.parallel import no_progress
from briefing.newsletter import Newsletter
from briefing.sending.secrets import editor_keys, editor_secrets
from briefing.subscribers.suppression import Suppression
from briefing.syncing import failures, known_tokens, run, summary
from briefing.syncing.plan import SyncPlan
from briefing.syncing.run import Sync
from briefing.text.counts import counted

from . import output, prompts, words


def begin(
    newsletter: Newsletter,
    list_: Path | None,
    *,
    seen: bool = False,
    may_ask: bool = True,
) -> Sync:
    """Return a sync with all sources that are set up. `may_ask`: for the passphrase of the editor's private key."""

    def identities() -> Sequence[Identity]:
        ask = _ask_passphrase if may_ask else _refuse_to_ask
        return editor_keys.open_keys(newsletter, ask)

    now = clock.local_now()
    connected = run.connect(newsletter, identities, now.date(), seen=seen)
    return Sync(newsletter, connected, now, list_)


def _ask_passphrase() -> str:
    """Return the passphrase of the key in the file, typed once."""
    if not prompts.is_interactive():
        raise RefusedError(
            "without a terminal, the passphrase of your private key must be in the environment as "
            f"{editor_secrets.PASSPHRASE.variable}"
        )
    with output.without_progress():
        passphrase: str = click.prompt(
            "Passphrase of your private key", hide_input=True
        )
    return passphrase


def _refuse_to_ask() -> str:
    raise RefusedError(
        "the passphrase of your private key is asked for at the next sync"
    )


def sync_before_send(
    newsletter: Newsletter, list_: Path | None, *, unattended: bool
) -> bool:
    """Do what [subscribers] sync says before a real send. Return whether it was a sync.

    Raises RefusedError if it can't be done.
    """
    is_set_up = run.source_names(newsletter.settings)
    when = newsletter.settings.subscribers.sync if is_set_up else "never"
    is_required = when == "before-send"
    may_ask = prompts.is_interactive() and not unattended
    is_offered = when == "ask" and may_ask
    if not (is_required or (is_offered and _wants_to_sync(newsletter))):
        _without_sync(newsletter, list_ or newsletter.subscribers)
        return False
    _sync(newsletter, list_, yes=unattended, is_required=is_required)
    return True


def sync_again(newsletter: Newsletter, list_: Path | None) -> None:
    """Find out who has left since `sync_before_send`, without asking anyone: the list stays as it was when
    the number of emails was agreed to.

    Raises RefusedError if it can't be done.
    """
    _sync(newsletter, list_, yes=False, is_required=True, may_ask=False)


def _sync(
    newsletter: Newsletter,
    list_: Path | None,
    *,
    yes: bool,
    is_required: bool,
    may_ask: bool = True,
) -> None:
    with run.alone(newsletter):
        sync = begin(newsletter, list_, may_ask=may_ask)
        read_sources(sync)
        waiting = finish(sync, yes=yes, may_ask=may_ask)
    if waiting:
        output.warn(waiting)
    _show_unread(sync)
    if is_required and sync.unread:
        raise RefusedError(
            "readers may have unsubscribed without this computer knowing, so nothing was sent; try again later, or use "
            "--no-sync to send anyway"
        )


def _without_sync(newsletter: Newsletter, path: Path) -> None:
    """Do what a sync would do that needs no source."""
    key = Key.of(newsletter)
    if many := run.describe_many_left(
        newsletter, key, Suppression.of(newsletter), {}
    ):
        output.say(many)
    if not run.source_names(newsletter.settings):
        gone = failures.unsubscribe(newsletter, key, path)
        if gone:
            output.say(
                f"{words.readers(gone)} unsubscribed, whose emails couldn't be delivered for too long."
            )
    if newsletter.settings.joining.url:
        with output.progress(
            "Telling your server which tokens are valid"
        ) as show:
            known_tokens.renew_tokens(newsletter, key, path, show)


def _wants_to_sync(newsletter: Newsletter) -> bool:
    since = words.since(run.last_day(newsletter), clock.today())
    return click.confirm(
        f"First find out who has left or joined{since}?", default=True
    )


def read_sources(sync: Sync, *, quiet: bool = False) -> None:
    """Read all sources."""
    for source in sync.sources:
        if quiet:
            sync.read(source, no_progress)
            continue
        with output.progress(f"Reading {source.title}") as show:
            sync.read(source, show)


def finish(
    sync: Sync,
    *,
    yes: bool,
    dry_run: bool = False,
    discard: bool = False,
    as_json: bool = False,
    may_ask: bool = True,
) -> str:
    """Show what a sync changes, unsubscribe those who left, ask about the rest, and carry it out.

    Return a sentence if changes of the list are waiting, or else nothing.
    """
    plan = sync.plan()
    if not as_json:
        if not _titles(sync):
            # The caller shows why nothing could be read.
            return ""
        _show_plan(sync, plan)
    waiting = ""
    if not dry_run:
        waiting = _carry_out(
            sync,
            plan,
            yes=yes,
            discard=discard,
            quiet=as_json,
            may_ask=may_ask,
        )
    if as_json:
        _print_json(
            sync, plan, waiting, is_carried_out=not (waiting or dry_run)
        )
    elif dry_run:
        output.echo("This was a dry run; nothing was changed.")
    return (
        f"new readers and changes to the list are waiting: {waiting}"
        if waiting
        else ""
    )


def _carry_out(
    sync: Sync,
    plan: SyncPlan,
    *,
    yes: bool,
    discard: bool,
    quiet: bool,
    may_ask: bool,
) -> str:
    """Return why the list wasn't changed; empty if it was, or if there was nothing to change."""
    sync.unsubscribe(plan)
    waiting = _why_not_changed(plan, yes=yes, quiet=quiet, may_ask=may_ask)
    count = 0
    if not waiting:
        try:
            count = sync.change_list(plan)
        except RefusedError as error:
            waiting = str(error)
    if quiet:
        sync.finish(plan, no_progress, listed=not waiting, discard=discard)
        return waiting
    with output.progress("Recording the sync") as show:
        sync.finish(plan, show, listed=not waiting, discard=discard)
    if count:
        output.echo(f"{counted(count, 'change')} made to the list.")
    return waiting


def _why_not_changed(
    plan: SyncPlan, *, yes: bool, quiet: bool, may_ask: bool
) -> str:
    """Return why the list isn't changed: the editor doesn't agree. Empty if it is to be."""
    if yes or not plan.list_changes:
        return ""
    if not may_ask:
        return "the next sync asks about them"
    if quiet or not prompts.is_interactive():
        return "--yes makes them without asking"
    if click.confirm("Make these changes to the list?"):
        return ""
    return "the next sync asks again"


def _print_json(
    sync: Sync, plan: SyncPlan, waiting: str, *, is_carried_out: bool
) -> None:
    output.print_json(
        {
            **summary.as_json(plan),
            "carried_out": is_carried_out,
            "list_obstacle": waiting or None,
            "failures": sync.unread,
        }
    )


def _show_plan(sync: Sync, plan: SyncPlan) -> None:
    """Print what a sync changes."""
    if plan.many_left:
        output.say(plan.many_left)
        output.echo()
    since = words.since(run.last_day(sync.newsletter), clock.today())
    *others, final = _titles(sync)
    names = f"{', '.join(others)} and {final}" if others else final
    output.echo(f"What readers did{since}, according to {names}:\n")
    rows = [*summary.departures(plan), *summary.list_changes(plan)]
    output.show_list(rows, "  ")
    if not rows:
        output.echo("  nothing new")
    output.echo()
    for paragraph in summary.paragraphs(plan):
        output.say(paragraph)
    _show_lines(
        "These requests can no longer be made by link, and aren't listed again; write to the readers if need be:",
        [*summary.obsolete(plan)],
    )
    _show_lines(
        "Read these emails in the mailbox, and unsubscribe whoever wants that; --seen takes them off this list:",
        [*summary.open_mails(plan)],
    )


def _show_lines(heading: str, lines: Sequence[str]) -> None:
    if lines:
        output.say(heading)
        for line in lines:
            output.say(line, "  ", rest="    ")


def _titles(sync: Sync) -> list[str]:
    """Return the titles of the sources that could be read."""
    return [
        source.title
        for source in sync.sources
        if source.name not in sync.unread
    ]


def _show_unread(sync: Sync) -> None:
    titles = {source.name: source.title for source in sync.sources}
    for name, reason in sync.unread.items():
        output.error(f"{titles[name]} couldn't be read: {reason}")


def fail_if_incomplete(sync: Sync, waiting: str) -> None:
    """End the command if a source couldn't be read, or if changes of the list are `waiting`."""
    _show_unread(sync)
    if sync.unread:
        output.fail(
            "not everything could be read; run the same command again later"
        )
    if waiting:
        output.fail(waiting)
