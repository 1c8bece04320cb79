"""Find the section that an editor means, and ask if there is none with that title."""

from collections.abc import Sequence

import click

from briefing.errors import RefusedError
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter

from . import prompts


def resolve(
    newsletter: Newsletter,
    title: str | None,
    issue: str = INBOX,
    *,
    quiet: bool,
) -> str | None:
    """Return the title of the section of an issue, or of the settings, that is meant; a new one only if
    the editor wants it, or if there are no sections yet. None if no title is given.

    With `quiet`, or without a terminal, raises RefusedError where it would ask.
    """
    if title is None:
        return None
    from briefing.issue.compose import known_sections
    from briefing.issue.section_titles import near_title, same_title

    sections = known_sections(newsletter, issue)
    known = same_title(title, sections)
    if known or not sections:
        return known or title
    near = near_title(title, sections)
    if quiet or not prompts.is_interactive():
        raise RefusedError(
            f"there is no section '{title}'; {_hint(near, sections)}"
        )
    question = f"There is no section '{title}'. Use '{near}'?"
    if near and click.confirm(question, default=True):
        return near
    if not click.confirm(f"Make a new section '{title}'?"):
        raise click.Abort
    return title


def _hint(near: str | None, sections: Sequence[str]) -> str:
    if near:
        return f"did you mean '{near}'?"
    names = ", ".join(f"'{section}'" for section in sections)
    return (
        f"use {names}, or add it to 'sections' under [issue] in briefing.toml"
    )
