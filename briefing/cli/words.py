"""The same things in the same words, whichever command says them."""

from collections.abc import Mapping

from briefing.sending.schema import State

OUTCOMES = {
    State.ACCEPTED: "accepted by the server",
    State.QUEUED: "not sent yet",
    State.SENDING: "being handed over, or stopped in the middle of it",
    State.DEFERRED: "put off by the server until later",
    State.REJECTED: "refused by the server",
    State.UNCERTAIN: "uncertain: handed over, but the answer never came",
    State.RECALLED: "called back before they went out",
    State.SKIPPED: "left before their mail was sent",
}
REHEARSED = {**OUTCOMES, State.ACCEPTED: "written to the outbox", State.QUEUED: "not written yet"}


def them(count: int) -> str:
    return "it" if count == 1 else "them"


def mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"


def readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count:,} readers"


def duration(seconds: float) -> str:
    """About how long, as a person says it."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"


def next_steps(issue: str, counts: Mapping[State, int], *, via: str = "") -> list[str]:
    """What an editor can do about the readers who don't have a real send's mail, a line each.

    `via`: what `--via` must say, where the settings say something else.
    """
    steps = []
    send = f"briefing send {issue}{f' --via {via}' if via else ''}"
    if left := counts[State.QUEUED] + counts[State.DEFERRED]:
        steps.append(f"'{send}' goes on with the {left:,} that are left.")
    if counts[State.UNCERTAIN] + counts[State.SENDING]:
        steps.append(
            "The uncertain have their mail or not; nobody can know. 'briefing status --names' shows who they are.\n"
            "Leave them (the default), or: send --resend-uncertain (some may get it twice), send --mark-delivered."
        )
    if counts[State.REJECTED]:
        steps.append("The refused: 'briefing status --names' shows who; mend the list, then send --retry-rejected.")
    if counts[State.RECALLED]:
        steps.append(f"The called back get it with the next '{send}', corrected if nobody has it.")
    return steps
