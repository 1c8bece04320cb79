"""briefing check: look for mistakes in an issue before it is sent."""

import datetime as dt
import sys
from collections import Counter
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output
from briefing.counts import counted
from briefing.errors import display_path
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.checks.rule import Finding

EXAMPLES = """\
briefing check
briefing check 2020-10-09 --json
briefing check --online
briefing check --received "Weekly Brief.eml"
"""
COLOURS = {"error": "red", "warning": "yellow"}


@decorators.command("check", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--online",
    is_flag=True,
    help="Also check whether links work, and the sender's domain in DNS.",
)
@click.option(
    "--received",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check a test mail instead, saved as .eml from the inbox that received it.",
)
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    online: bool,
    received: Path | None,
    as_json: bool,
) -> None:
    """Look for mistakes in all editions of an issue.

    Errors stop a send (and this command exits with 1), warnings don't. docs/checks.md lists all
    rules.

    --online requests each link, and asks DNS for the SPF, DMARC and MX records of the
    sender's domain. The sites can see your requests. DKIM records can't be checked: only your
    provider knows their names.

    --received shows what happened to a mail on its way: whether SPF, DKIM and DMARC passed, and
    whether the provider rewrote links, added a tracking pixel or a footer, or changed a part or a
    picture.
    """
    from briefing.checks.rule import sort_findings
    from briefing.issue import store

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    findings = (
        _received(newsletter, folder, received)
        if received
        else _offline(newsletter, folder)
    )
    if online:
        findings = sort_findings([*findings, *_online(newsletter, folder)])
    if as_json:
        print_json(findings)
    elif received:
        print_findings(findings, f"the mail of issue {folder.name}", consequence="")
    else:
        print_findings(findings, f"issue {folder.name}")
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)


def _offline(newsletter: Newsletter, folder: Path) -> "list[Finding]":
    from briefing.checks.check import check

    today = dt.datetime.now().astimezone().date()
    return check(newsletter, folder, today)


def _received(newsletter: Newsletter, folder: Path, path: Path) -> "list[Finding]":
    from briefing.checks.check_received import check_received

    return check_received(newsletter, folder, path)


def _online(newsletter: Newsletter, folder: Path) -> "list[Finding]":
    from briefing.checks.check_online import check_online

    with output.progress("Checking links") as progress:
        return check_online(newsletter, folder, progress=progress)


def print_json(findings: "list[Finding]") -> None:
    """Print the findings for scripts."""
    output.print_json(list(map(_as_json, findings)))


def _as_json(finding: "Finding") -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "file": str(finding.path),
        "line": finding.line,
        "message": finding.message,
    }


def print_findings(
    findings: "list[Finding]",
    subject: str,
    *,
    consequence: str = "; an error stops a send",
) -> None:
    """Print the findings file by file, and how many there are."""
    for path, in_file in groupby(findings, key=attrgetter("path")):
        output.echo(display_path(path), bold=True)
        for finding in in_file:
            _print_finding(finding)
        output.echo()
    counts = _counts(findings)
    if not counts:
        output.echo(f"No problems found in {subject}.", fg="green")
        return
    ending = consequence if "error" in counts else ""
    output.echo(f"{counts} in {subject}{ending}.")


def _print_finding(finding: "Finding") -> None:
    place = f"line {finding.line}" if finding.line else ""
    click.secho(f"  {finding.severity:<8}", fg=COLOURS[finding.severity], nl=False)
    click.secho(f"{place:<10}", nl=False)
    click.secho(finding.rule, dim=True)
    output.echo(output.wrap(finding.message, "    "))


def _counts(findings: "list[Finding]") -> str:
    """`1 error and 2 warnings`; empty for no findings."""
    numbers = Counter(str(finding.severity) for finding in findings)
    counts = []
    for severity in COLOURS:
        number = numbers[severity]
        if number:
            counts.append(counted(number, severity))
    return " and ".join(counts)
