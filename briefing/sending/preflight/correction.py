"""What was changed in an issue since it was frozen, to be read before the rest gets it. No I/O."""

import difflib
from collections.abc import Iterator, Mapping

from briefing.rendering.plain_text import UNDERLINES, unwrap
from briefing.rendering.rendered import RenderedIssue, Slot, Slotted

NO_DIFFERENCE = "  The text is the same; the pictures, the links' look or the templates differ."
CUT = "  …"
"""Stands for paragraphs that are the same."""


def compare(
    sent: Mapping[str, RenderedIssue], now: Mapping[str, RenderedIssue]
) -> list[str]:
    """Return the difference between two versions of an issue, editions by language: paragraphs of
    their subjects and texts, each after `- ` (no longer there), `+ ` (new) or two spaces (context).
    """
    lines: list[str] = []
    for lang in {**sent, **now}:
        difference = list(
            _compare(_paragraphs(sent.get(lang)), _paragraphs(now.get(lang)))
        )
        if difference and len({**sent, **now}) > 1:
            lines.append(f"  {lang}:")
        lines += difference
    return lines or [NO_DIFFERENCE]


def _paragraphs(edition: RenderedIssue | None) -> list[str]:
    """Return the subject, and the text's lines as they were before they were wrapped: a word more
    would move all that follow. Underlines are left out.
    """
    if edition is None:
        return []
    lines = unwrap(_as_text(edition.text))
    return [
        f"Subject: {edition.subject}",
        *(line for line in lines if line.strip(UNDERLINES)),
    ]


def _as_text(text: Slotted) -> str:
    """Return the text with the names of its slots: `{name}`."""
    return "".join(
        f"{{{part.column}}}" if isinstance(part, Slot) else part
        for part in text.parts
    )


def _compare(before: list[str], after: list[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(1):
        yield CUT
        for tag, first, last, new_first, new_last in group:
            if tag == "equal":
                yield from (
                    f"  {paragraph}" for paragraph in before[first:last]
                )
                continue
            yield from (f"- {paragraph}" for paragraph in before[first:last])
            yield from (
                f"+ {paragraph}" for paragraph in after[new_first:new_last]
            )
