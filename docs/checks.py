"""Write docs/checks.md from the rules themselves: `python -m docs.checks`, or `make docs`. A test compares."""

from pathlib import Path

from briefing.checks.check import FAMILIES, rules_of

FILE = Path(__file__).with_name("checks.md")

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
    for heading, family in FAMILIES.items():
        parts.append(f"\n## {heading}\n\n| rule | | what is wrong, and what to do |\n|---|---|---|\n")
        for rule in rules_of(family):
            severity = "**error**" if rule.severity == "error" else "warning"
            parts.append(f"| `{rule.name}` | {severity} | {rule.description.replace('|', chr(92) + '|')} |\n")
    return "".join(parts)


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
