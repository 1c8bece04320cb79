"""Findings that were accepted for an issue, in `accepted.txt` beside it.

The file is kept in git with the issue, so that colleagues and `send` know them as well. A line has
the finding's rule, a digest of what the finding is about, and words for people. The digest contains
the item, the line of the file and the message, but no line numbers: edits elsewhere don't matter,
while a finding whose line or item was changed is new again. Errors can't be accepted.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import FileError, NotFoundError, RefusedError
from briefing.issue import blocks
from briefing.issue.store import EDITION
from briefing.storage import files

from .rule import Finding, Severity

FILE = "accepted.txt"
ALL = "all"
_HEAD = """\
# Findings accepted for this issue, so that 'briefing check' shows new ones only. Each line applies until what it is
# about changes. 'briefing check --unaccept RULE' removes lines.
"""
_LINE = re.compile(
    r"(?P<rule>[a-z0-9-]+) (?P<digest>[0-9a-f]{16}) (?P<words>.*)"
)
# Edits elsewhere change these numbers.
_LINE_NUMBER_OR_SIZE = re.compile(
    r"\bline \d+|(?<![\d,])[\d,]++ of the [\d,]++ bytes"
)

_Lines = dict[tuple[str, str], str]
"""The words of the file's lines by rule and digest."""


@dataclass(frozen=True, slots=True)
class JudgedFindings:
    """The findings of a check: those to show, and those that were accepted."""

    new: Sequence[Finding]
    accepted: Sequence[Finding] = ()

    @property
    def has_errors(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self.new)


def judge(findings: Iterable[Finding], folder: Path) -> JudgedFindings:
    """Separate the findings that were accepted for the issue in a folder. Raises FileError."""
    accepted = set(_read(folder))
    new: list[Finding] = []
    known: list[Finding] = []
    identities = _Identities()
    for finding in findings:
        is_warning = finding.severity is Severity.WARNING
        is_accepted = (
            is_warning
            and accepted
            and (finding.rule, identities.of(finding)) in accepted
        )
        (known if is_accepted else new).append(finding)
    return JudgedFindings(new, known)


def accept(
    findings: Iterable[Finding], folder: Path, wanted: Collection[str]
) -> None:
    """Accept findings. `wanted` are rules (`old-news`), rules in a line (`old-news:12`), or `all`.

    Raises RefusedError for an error, NotFoundError if a rule found nothing, and FileError.
    """
    judged = judge(findings, folder)
    chosen: dict[Finding, None] = {}
    for name in wanted:
        chosen |= dict.fromkeys(_warnings(name, judged))
    if chosen:
        _write(folder, _read(folder) | _lines_for(chosen))


def withdraw(folder: Path, wanted: Collection[str]) -> None:
    """Remove the acceptance of all findings of rules, or of `all`.

    Raises NotFoundError if a rule wasn't accepted, and FileError.
    """
    lines = _read(folder)
    for name in wanted:
        if name != ALL and not any(rule == name for rule, _ in lines):
            raise NotFoundError(
                f"no warning of the rule '{name}' has been accepted for this issue; "
                "'briefing check --all' shows the accepted ones"
            )
    kept = {
        key: words
        for key, words in lines.items()
        if ALL not in wanted and key[0] not in wanted
    }
    if kept != lines:
        _write(folder, kept)


def _is_named(finding: Finding, name: str) -> bool:
    return name in (ALL, finding.rule, f"{finding.rule}:{finding.line}")


def _warnings(name: str, judged: JudgedFindings) -> list[Finding]:
    """Return the new warnings of a name. Raises RefusedError if it names an error, NotFoundError if it
    names nothing, not even what is accepted already.
    """
    found = [finding for finding in judged.new if _is_named(finding, name)]
    warnings = [
        finding for finding in found if finding.severity is Severity.WARNING
    ]
    if name == ALL:
        return warnings
    if warnings != found:
        raise RefusedError(
            f"'{name}' is an error, and errors can't be accepted; correct it"
        )
    is_known = any(_is_named(finding, name) for finding in judged.accepted)
    if not found and not is_known:
        raise NotFoundError(
            f"there is no warning '{name}'; use the name of a rule that 'briefing check' shows, or '{ALL}'"
        )
    return warnings


class _Identities:
    """Digests of what findings are about; reads each file once."""

    def __init__(self) -> None:
        self._files: dict[Path, str] = {}

    def of(self, finding: Finding) -> str:
        text = self._text(finding.path)
        lines = text.split("\n")
        number = finding.line or 0
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        parts = (
            finding.rule,
            finding.path.name,
            _item_at(finding, text),
            line.strip(),
            _LINE_NUMBER_OR_SIZE.sub("", finding.message),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def _text(self, path: Path) -> str:
        if path not in self._files:
            try:
                self._files[path] = files.read(path).decode("utf-8", "replace")
            except (OSError, FileError):  # a folder, or a file that is missing
                self._files[path] = ""
        return self._files[path]


def _item_at(finding: Finding, text: str) -> tuple[str, ...]:
    """Return what identifies the item around a finding: its headline and link, or else its text."""
    if not EDITION.fullmatch(finding.path.name) or finding.line is None:
        return ()
    around = [block for block in blocks.cut(text) if block.line <= finding.line]
    if not around:
        return ()
    block = around[-1]
    links = [line for line in block.body if line.lower().startswith("link")]
    named = (block.heading, *links[:1])
    return named if any(named) else tuple(block.body)


def _lines_for(findings: Iterable[Finding]) -> _Lines:
    identities = _Identities()
    lines: _Lines = {}
    for finding in findings:
        words = " ".join(
            f"{finding.path.name}: {finding.about or finding.message}".split()
        )
        lines[finding.rule, identities.of(finding)] = words
    return lines


def _read(folder: Path) -> _Lines:
    """Return the accepted findings of the file by rule and digest."""
    accepted: _Lines = {}
    for line in _text(folder).splitlines():
        match = _LINE.fullmatch(line)
        if match:
            accepted[match["rule"], match["digest"]] = match["words"]
    return accepted


def _text(folder: Path) -> str:
    path = folder / FILE
    try:
        return files.read_utf8(path, FileError)
    except FileNotFoundError:
        return ""


def _write(folder: Path, accepted: _Lines) -> None:
    """Write the file: the findings that it has stay where they are, and so does what people wrote
    between them.
    """
    left = dict(accepted)
    lines: list[str] = []
    for line in (_text(folder) or _HEAD).splitlines():
        match = _LINE.fullmatch(line)
        key = (match["rule"], match["digest"]) if match else None
        if key is None or key in accepted:
            lines.append(line)
        if key:
            left.pop(key, None)
    lines += [
        f"{rule} {digest} {words}" for (rule, digest), words in left.items()
    ]
    if lines == _HEAD.splitlines():
        (folder / FILE).unlink()
        return
    text = "".join(f"{line}\n" for line in lines)
    files.write_atomically(folder / FILE, text.encode())
