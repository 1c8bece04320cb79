"""briefing subscribers move: give readers other addresses."""

from dataclasses import replace
from pathlib import Path

from briefing import clock
from briefing.cli import decorators
from briefing.newsletter import Newsletter
from briefing.text.counts import counted

from . import named_readers

EXAMPLES = """\
briefing subscribers move --file -
briefing subscribers move --file moves.txt
"""


@decorators.command("move", examples=EXAMPLES)
@named_readers.arguments_for("[OLD NEW]", "an old and a new address")
@decorators.list_option
@decorators.pass_newsletter
def move(
    newsletter: Newsletter, names: named_readers.Names, list_: Path | None
) -> None:
    """Change readers' addresses, and nothing else about them.

    They keep their row with name, language and tags. The links in their old
    emails still work. If they unsubscribed, they stay unsubscribed. They aren't
    sent an issue that they already have, and an email that is still to be sent
    goes to the new address.

    OLD can also be a token. In a file, each line has OLD and NEW with a space
    between. Addresses that you type here stay in the shell's history: use
    --file - for them. 'subscribers undo' undoes the change.
    """
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import plans
    from briefing.subscribers.moves import Moves
    from briefing.subscribers.named_reader import parse_move
    from briefing.subscribers.suppression import Suppression

    if names.typed:
        names = replace(names, typed=(" ".join(names.typed),))
    named = names.parse(parse_move)
    key = Key.of(newsletter)
    with list_update.editing(
        newsletter, key, clock.local_now(), list_
    ) as editing:
        planned = plans.plan_moving(
            named,
            key,
            Suppression.of(newsletter),
            Moves.of(newsletter),
            editing.subscribers,
        )
        count = counted(len(planned.changes), "address")
        editing.apply(planned.changes, f"{count} changed")
    done = f"{count} changed. Links in old emails still work."
    named_readers.report(planned, done, "moved")
