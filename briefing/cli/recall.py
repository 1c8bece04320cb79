"""briefing recall: cancel a scheduled send."""

import datetime as dt
from typing import TYPE_CHECKING

from briefing.errors import NotFoundError
from briefing.newsletter import Newsletter

from . import decorators, output, words

if TYPE_CHECKING:
    from briefing.sending.schedule import Recall

EXAMPLES = """\
briefing recall
briefing recall 2020-10-09
"""


@decorators.command("recall", examples=EXAMPLES)
@decorators.issue_argument
@decorators.pass_newsletter
def command(newsletter: Newsletter, issue: str | None) -> None:
    """Cancel an issue scheduled with 'send --at' before it goes out.

    Without ISSUE, it cancels the newest issue. If you recall it at least 10 minutes before the
    scheduled time, no reader gets it; later than that, the provider guarantees nothing. You can then
    edit the issue and send it again. Repeating a recall is safe.
    """
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import schedule
    from briefing.sending.ledger import records
    from briefing.sending.transports import registry

    name = store.find(newsletter, issue).name if issue else None
    if not records.ledger_path(newsletter, rehearsal=False).exists():
        raise _nothing_sent()
    key = Key.of(newsletter)
    with records.open_ledger(newsletter, key, rehearsal=False) as ledger:
        name = name or next(iter(ledger.issues()), None)
        if name is None:
            raise _nothing_sent()
        (provider,) = registry.schedulers()
        assert provider.scheduling, "a provider that can send later"
        margin = provider.scheduling.cancel_margin
        result = schedule.recall(
            newsletter,
            ledger,
            name,
            lambda: provider.connect_for_later(newsletter, key),
            margin=margin,
        )
    _show(name, result, margin)


def _nothing_sent() -> NotFoundError:
    return NotFoundError(
        "nothing has been sent yet, so there is nothing to recall"
    )


def _show(issue: str, result: "Recall", margin: dt.timedelta) -> None:
    if result.recalled:
        output.say(
            f"{words.mails(result.recalled)} of issue {issue} recalled; no reader will get them.",
            fg="green",
        )
    if result.uncertain:
        output.say(
            f"{words.mails(result.uncertain)} recalled less than {words.minutes(margin)} before the scheduled time: "
            "some may still go out. They count as uncertain. "
            "If one of your own addresses was on the list, its mailbox shows whether they did.",
            fg="yellow",
        )
    if not (result.recalled or result.uncertain):
        output.echo(f"Issue {issue} has already been recalled.")
