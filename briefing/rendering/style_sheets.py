"""Style sheets that were read before, kept in `.briefing/styles`: importing cssutils and reading one
with it takes as long as the rest of rendering.

A file's name is a keyed digest of the style sheet, and its first line one of its content. A file that
is damaged, replaced or from elsewhere isn't used.
"""

import contextlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from briefing import imports
from briefing.errors import BriefingError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.storage import files

FOLDER = "styles"
MOST_FILES = 16
"""The oldest are deleted beyond that. A newsletter needs one for each of its languages."""
LARGEST = 1024 * 1024
"""Bytes of a file; the package's style sheet makes 14,000."""

Declarations = list[tuple[str, str]]
StyleRule = tuple[tuple[int, ...], str, Declarations]
"""How specific a rule is, its selector and its declarations."""

_MOST_KNOWN = 8
"""The most style sheets that a process keeps: about one for each language of a newsletter."""


@dataclass(frozen=True, eq=False)
class StyleSheet:
    """What a style sheet says."""

    rules: list[StyleRule]
    """What can be inlined."""
    leftover: str
    """CSS that can't be inlined."""


Read = Callable[[str, int], StyleSheet]
"""Reads a style sheet, the n-th of a page."""

_known: dict[tuple[str, int], StyleSheet] = {}
"""The style sheets of this process by their text and number."""


def style_sheet(
    css: str,
    number: int,
    read: Read,
    newsletter: Newsletter | None,
) -> StyleSheet:
    """Return a style sheet, the n-th of a page. Without a newsletter, it is kept in memory only.
    Raises what `read` raises.
    """
    sheet = _known.get((css, number))
    if sheet is None:
        sheet = _from_file(css, number, read, newsletter)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[css, number] = sheet
    return sheet


def _from_file(
    css: str,
    number: int,
    read: Read,
    newsletter: Newsletter | None,
) -> StyleSheet:
    """Return what is kept; otherwise read the style sheet, and keep that. Whatever is wrong with the
    folder or the disk, it only costs time.
    """
    if newsletter is None:
        return read(css, number)
    try:
        key = Key.of(newsletter)
    except BriefingError:
        return read(css, number)
    name = key.name("style sheet", _recipe(), str(number), css)
    path = newsletter.state / FOLDER / name
    sheet = _kept(path, key)
    if sheet is None:
        sheet = read(css, number)
        with contextlib.suppress(OSError, BriefingError):
            _keep(sheet, path, key)
    return sheet


def _kept(path: Path, key: Key) -> StyleSheet | None:
    """Return what is in a file; None if this program didn't put it there."""
    proof, _, content = files.read_own(path, LARGEST).partition(b"\n")
    if proof != _proof(path, content, key):
        return None
    found, leftover = json.loads(content)
    rules = []
    for specificity, selector, declarations in found:
        pairs = [(name, value) for name, value in declarations]
        rules.append((tuple(specificity), selector, pairs))
    return StyleSheet(rules, leftover)


def _keep(sheet: StyleSheet, path: Path, key: Key) -> None:
    """Write a file, and delete the oldest if there are too many. Raises OSError, BriefingError."""
    content = json.dumps([sheet.rules, sheet.leftover]).encode()
    files.write_private(path, _proof(path, content, key) + b"\n" + content)
    newest_first = sorted(
        path.parent.iterdir(),
        key=lambda file: file.lstat().st_mtime_ns,
        reverse=True,
    )
    for file in newest_first[MOST_FILES:]:
        file.unlink(missing_ok=True)


def _proof(path: Path, content: bytes, key: Key) -> bytes:
    digest = sha256(content).hexdigest()
    return key.name("kept style sheet", path.name, digest).encode()


@cache
def _recipe() -> str:
    """Return what changes whenever the same style sheet could be read or kept differently: Python, this
    package's two modules for it, or a file of the libraries that read it.

    The libraries have too many files to digest them all for each command, so their sizes and times
    stand for them.
    """
    parts = [sys.version]
    for name in ("inlining", "style_sheets"):
        source = imports.file_of(f"briefing.rendering.{name}").read_bytes()
        parts.append(sha256(source).hexdigest())
    for library in ("premailer", "cssutils"):
        folder = imports.file_of(library).parent
        parts += map(_state_of, sorted(folder.rglob("*.py")))
    return " ".join(parts)


def _state_of(file: Path) -> str:
    """Return what changes with a library's file."""
    state = file.stat()
    return f"{file.name} {state.st_size} {state.st_mtime_ns}"
