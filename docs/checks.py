"""Write docs/checks.md from the rules themselves: `python -m docs.checks`, or `make docs`. A test compares."""

from collections.abc import Iterator
from pathlib import Path

from briefing.checks import online, received
from briefing.checks.check import FAMILIES, rules_of

FILE = Path(__file__).with_name("checks.md")

OUTSIDE = "The world outside: `briefing check --online`"
ARRIVED = "As it arrived: `briefing check --received FILE`"

INTRODUCTION = """\
# The checks

<!-- Written by `make docs` from the rules themselves. -->

`briefing check` looks at an issue as you wrote it and at the mail that is made of it, in all its editions, before
anybody gets it. An **error** stops a send, a warning doesn't. Each finding says where, what is wrong and what to do;
`--json` prints them for scripts.
"""


def document() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for heading, rows in tables():
        parts.append(f"\n## {heading}\n\n| rule | | what is wrong, and what to do |\n|---|---|---|\n")
        for name, severity, description in rows:
            shown = "**error**" if severity == "error" else "warning"
            parts.append(f"| `{name}` | {shown} | {description.replace('|', chr(92) + '|')} |\n")
    return "".join(parts)


def tables() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Headings with their rows: (rule, severity, what is wrong and what to do)."""
    for heading, family in FAMILIES.items():
        yield heading, [(rule.name, rule.severity, rule.description) for rule in rules_of(family)]
    for heading, rules in {OUTSIDE: online.RULES, ARRIVED: received.RULES}.items():
        yield heading, [(name, severity, description) for name, (severity, description) in rules.items()]


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
