"""briefing check: find what is wrong with an issue before it is sent."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.errors import display_path
from briefing.newsletter import Newsletter

from . import decorators, output, words

if TYPE_CHECKING:
    from briefing.checks.acceptance import JudgedFindings
    from briefing.checks.groups import FindingGroup
    from briefing.checks.rule import Finding

EXAMPLES = """\
briefing check
briefing check 2020-10-09 --json
briefing check --online
briefing check --accept old-news --accept no-link:12
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
    help="Check a test email instead, saved as .eml from the mailbox that received it.",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="RULE",
    help="Don't show a rule's warnings for this issue again; RULE:LINE for one, 'all' for all.",
)
@click.option(
    "--unaccept",
    multiple=True,
    metavar="RULE",
    help="Show a rule's accepted warnings again; 'all' for all rules.",
)
@click.option(
    "--all", "show_all", is_flag=True, help="Also show accepted warnings."
)
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    online: bool,
    received: Path | None,
    accept: tuple[str, ...],
    unaccept: tuple[str, ...],
    show_all: bool,
    as_json: bool,
) -> None:
    """Find what is missing, broken or risky in all editions of an issue.

    Errors stop a send (and this command exits with 1), warnings don't. 'briefing docs checks' lists
    all rules.

    --online requests each link, and asks DNS for the SPF, DMARC and MX records of the
    sender's domain. The sites can see your requests. DKIM records can't be checked: only your
    provider knows their names.

    --accept records the warnings that you have looked at, in accepted.txt beside the issue, so that
    only new findings are shown. A warning comes back if its line or its item changes. Errors can't be
    accepted.

    --received shows what happened to an email on its way: whether SPF, DKIM and DMARC passed, and
    whether the provider rewrote links, added a tracking pixel or a footer, or changed a part or an
    image.
    """
    from briefing.checks import acceptance
    from briefing.checks.check import check_and_render
    from briefing.checks.rule import sort_findings
    from briefing.issue import store

    from .setup_hints import warn_of_missing_settings

    if received and (accept or unaccept):
        raise click.UsageError("findings in a received email can't be accepted")
    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    warn_of_missing_settings(newsletter)
    if received:
        # Reads headers and proofs of senders, which no other check needs.
        from briefing.checks.received.check import check_received

        _report(
            acceptance.JudgedFindings(
                check_received(newsletter, folder, received)
            ),
            f"the email of issue {folder.name}",
            as_json=as_json,
            is_received=True,
        )
        return
    if unaccept:
        acceptance.withdraw(folder, unaccept)
    findings, rendered = check_and_render(newsletter, folder, clock.today())
    if online:
        online_findings = _check_online(newsletter, folder)
        findings = sort_findings([*findings, *online_findings])
    if accept:
        acceptance.accept(findings, folder, accept)
    judged = acceptance.judge(findings, folder)
    _report(
        judged,
        f"issue {folder.name}",
        as_json=as_json,
        show_all=show_all,
        sizes=words.sizes(rendered, newsletter.settings.issue.budget),
        next_steps=_next_steps(judged, newsletter),
    )


def _report(
    judged: "JudgedFindings",
    subject: str,
    *,
    as_json: bool,
    show_all: bool = False,
    is_received: bool = False,
    sizes: Iterable[str] = (),
    next_steps: Iterable[str] = (),
) -> None:
    """Print what a check found, with `show_all` also what was accepted. Exits with 1 for an error."""
    if as_json:
        shown = [*judged.new, *judged.accepted] if show_all else judged.new
        output.print_json(list(map(_as_json, shown)))
    else:
        _print_findings(judged.new)
        if show_all and judged.accepted:
            output.echo("Accepted:\n")
            _print_findings(judged.accepted)
        for line in sizes:
            output.echo(f"{line}.")
        _print_summary(judged, subject, is_received=is_received)
        for step in next_steps:
            output.echo(step)
    if judged.has_errors:
        sys.exit(1)


def _check_online(newsletter: Newsletter, folder: Path) -> "list[Finding]":
    from briefing.checks.online.check import check_online

    with output.progress("Checking links") as progress:
        return check_online(newsletter, folder, progress=progress)


def _as_json(finding: "Finding") -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "file": str(finding.path),
        "line": finding.line,
        "message": finding.message,
    }


def _print_findings(findings: "Sequence[Finding]") -> None:
    """Print findings in order, those of each file below its name."""
    from briefing.checks.groups import group

    for (_, path), in_file in groupby(
        group(findings), attrgetter("severity", "path")
    ):
        output.echo(display_path(path), bold=True)
        for together in in_file:
            _print_group(together)
        output.echo()


def _print_group(group: "FindingGroup") -> None:
    first, *others = group.findings
    click.secho(f"  {group.severity:<8}", fg=COLOURS[group.severity], nl=False)
    if not others:
        place = f"line {first.line}" if first.line else ""
        click.secho(f"{place:<10}", nl=False)
        click.secho(group.rule, dim=True)
        output.say(first.message, "    ")
        return
    click.secho(f"{group.title}  ", nl=False)
    click.secho(group.rule, dim=True)
    if group.shared:
        output.say(group.shared, "    ")
    entries = _lines_by_text(group.entries)
    output.show_list(
        (_place(lines, text) for text, lines in entries.items()), "      "
    )


def _lines_by_text(
    entries: Iterable[tuple[int | None, str]],
) -> dict[str, list[int]]:
    """Return the lines of each text: the same is often wrong in many places."""
    found: dict[str, list[int]] = {}
    for line, text in entries:
        found.setdefault(text, []).extend([line] if line else [])
    return found


def _place(lines: Sequence[int], text: str) -> tuple[str, str]:
    """Return a text beside the lines it is about."""
    if len(lines) < 2:
        return f"line {lines[0]}" if lines else "", text
    numbers = ", ".join(map(str, lines))
    return "lines", f"{numbers}: {text}" if text else numbers


def _print_summary(
    judged: "JudgedFindings", subject: str, *, is_received: bool
) -> None:
    """Print how many findings there are."""
    line = f"{_describe_counts(judged)} in {subject}"
    if judged.accepted:
        line += f"; {len(judged.accepted):,} accepted"
    if judged.has_errors and not is_received:
        line += "; an error stops a send"
    output.echo(f"{line}.", fg=None if judged.new else "green")


def _next_steps(
    judged: "JudgedFindings", newsletter: Newsletter
) -> Iterator[str]:
    from briefing.sending.preflight import missing_settings

    from .setup_hints import SETUP_IS_NEXT

    if any(finding.rule == "issue-format" for finding in judged.new):
        yield "The other checks run once the file can be read."
    if judged.has_errors:
        return
    if judged.new:
        yield "'briefing check --accept RULE' hides warnings that are fine."
    if not missing_settings.ready_provider(newsletter):
        yield SETUP_IS_NEXT


def _describe_counts(judged: "JudgedFindings") -> str:
    from briefing.checks.groups import count_severities

    if not judged.new:
        return "No new findings" if judged.accepted else "No findings"
    counts = " and ".join(count_severities(judged.new))
    return counts.replace(" ", " new ", 1) if judged.accepted else counts
