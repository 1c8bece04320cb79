"""briefing check: what an editor would want to know before an issue goes out."""

import datetime as dt
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output
from briefing.errors import shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.checks.rule import Finding

EXAMPLES = """\
briefing check
briefing check 2020-10-09 --json
briefing check --online
briefing check --received "Weekly Brief.eml"
"""


@decorators.command("check", examples=EXAMPLES)
@decorators.issue_argument
@click.option("--online", is_flag=True, help="Also ask the links whether they answer, and DNS about the sender.")
@click.option(
    "--received",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Look at a test mail instead, saved from the inbox that it arrived in (.eml).",
)
@decorators.json_option
@click.pass_obj
def command(directory: Path, issue: str | None, online: bool, received: Path | None, as_json: bool) -> None:
    """Look for mistakes in an issue, in all its editions.

    Errors stop a send (and make this command end with 1), warnings don't. docs/checks.md lists the rules.

    --online asks each link's site, and the name servers for the SPF, DMARC and MX records of the sender's domain. These
    sites see that somebody asks. DKIM can't be looked up: its records have names that only your provider knows.

    --received tells what became of a mail on its way: whether SPF, DKIM and DMARC passed, and whether links were
    rewritten, a pixel or a footer added, a part or a picture changed.
    """
    from briefing.issue import store

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    findings = _received(newsletter, folder, received) if received else _checked(newsletter, folder)
    if online:
        findings = sorted([*findings, *_online(newsletter, folder)], key=lambda one: (str(one.path), one.line or 0))
    if as_json:
        print_json(findings)
    elif received:
        print_findings(findings, f"the mail of issue {folder.name}", consequence="")
    else:
        print_findings(findings, f"issue {folder.name}")
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)


def _checked(newsletter: Newsletter, folder: Path) -> "list[Finding]":
    from briefing.checks.check import check

    return check(newsletter, folder, dt.datetime.now().astimezone().date())


def _received(newsletter: Newsletter, folder: Path, path: Path) -> "list[Finding]":
    from briefing.checks.received import check_received

    return check_received(newsletter, folder, path)


def _online(newsletter: Newsletter, folder: Path) -> "list[Finding]":
    from briefing.checks.online import check_online

    with output.progress("Asking the links") as progress:
        return check_online(newsletter, folder, progress=progress)


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
    output.print_json(rows)


def print_findings(findings: "list[Finding]", subject: str, *, consequence: str = "; an error stops a send") -> None:
    """The findings file by file, and how many there are."""
    for path, found in groupby(findings, key=lambda finding: finding.path):
        output.echo(shown(path), bold=True)
        for one in found:
            place = f"line {one.line}" if one.line else ""
            click.secho(f"  {one.severity:<8}", fg="red" if one.severity == "error" else "yellow", nl=False)
            click.secho(f"{place:<10}", nl=False)
            click.secho(one.rule, dim=True)
            output.echo(output.wrap(one.message, "    "))
        output.echo()
    errors = sum(finding.severity == "error" for finding in findings)
    counts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((errors, "error"), (len(findings) - errors, "warning"))
        if number
    ]
    if not counts:
        output.echo(f"Nothing was found in {subject}.", fg="green")
    else:
        output.echo(f"{' and '.join(counts)} in {subject}{consequence if errors else ''}.")
