"""briefing check: what an editor would want to know before an issue goes out."""

import datetime as dt
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import command as shared
from briefing.errors import shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.checks.rule import Finding

EXAMPLES = """\
briefing check
briefing check 2020-10-09 --json
"""


@shared.command("check", examples=EXAMPLES)
@shared.issue_argument
@shared.json_option
@click.pass_obj
def command(directory: Path, issue: str | None, as_json: bool) -> None:
    """Look for mistakes in an issue, in all its editions.

    Errors stop a send (and make this command end with 1), warnings don't. docs/checks.md lists the rules.
    """
    from briefing.checks.check import check
    from briefing.issue import store

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    findings = check(newsletter, folder, dt.datetime.now().astimezone().date())
    if as_json:
        print_json(findings)
    else:
        print_findings(findings, f"issue {folder.name}")
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)


def print_json(findings: "list[Finding]") -> None:
    """The findings for scripts."""
    rows = [
        {
            "rule": one.rule,
            "severity": one.severity,
            "file": str(one.path),
            "line": one.line,
            "message": one.message,
        }
        for one in findings
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def print_findings(findings: "list[Finding]", subject: str) -> None:
    """The findings file by file, and how many there are."""
    for path, found in groupby(findings, key=lambda finding: finding.path):
        shared.say(shown(path), bold=True)
        for one in found:
            place = f"line {one.line}" if one.line else ""
            click.secho(f"  {one.severity:<8}", fg="red" if one.severity == "error" else "yellow", nl=False)
            click.secho(f"{place:<10}", nl=False)
            click.secho(one.rule, dim=True)
            shared.say(shared.wrapped(one.message, "    "))
        shared.say()
    errors = sum(finding.severity == "error" for finding in findings)
    counts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((errors, "error"), (len(findings) - errors, "warning"))
        if number
    ]
    if not counts:
        shared.say(f"Nothing was found in {subject}.", fg="green")
    else:
        shared.say(f"{' and '.join(counts)} in {subject}{'; an error stops a send' if errors else ''}.")
