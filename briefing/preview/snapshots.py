"""Snapshots of an issue for the preview: rendered from its files on every load, with the errors that
would stop a send, or the reasons why that fails.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from briefing.bugs import describe_bug
from briefing.checks.check import WRITTEN, Render, check_and_render
from briefing.checks.rule import Severity
from briefing.errors import BriefingError, FileError, RefusedError, display_path
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.languages import language
from briefing.mail.message import SAMPLE_READER
from briefing.newsletter import Newsletter
from briefing.preview.scroll_anchor import changed_block
from briefing.rendering.edition import render
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue

READER = {
    **SAMPLE_READER.columns,
    UNSUBSCRIBE: "https://example.org/unsubscribe",
}
"""The columns of the made-up reader that the preview is filled in for."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One edition as a reader would see it now."""

    lang: str
    direction: str
    languages: dict[str, str]
    """The issue's editions: each language's own name, by its code."""
    subject: str
    html: str
    """A complete page that includes its pictures."""
    text: str
    changed: int
    """The block of the HTML that was changed last; see scroll_anchor.py."""

    @property
    def digest(self) -> str:
        """A few digits that change whenever the HTML does."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class RenderProblem:
    """Why an edition can't be shown, or shouldn't be sent."""

    message: str
    path: str = ""
    line: int | None = None
    is_bug: bool = False
    """Whether it is a bug in briefing, which no change to the files would fix."""

    @classmethod
    def of(cls, error: BriefingError | OSError) -> "RenderProblem":
        if isinstance(error, FileError):
            return cls(error.message, display_path(error.path), error.line)
        if isinstance(error, OSError):
            path = display_path(Path(error.filename)) if error.filename else ""
            return cls(f"can't be read: {error.strerror or error}", path)
        return cls(str(error))

    @classmethod
    def of_bug(cls, error: Exception) -> "RenderProblem":
        return cls(describe_bug(error), is_bug=True)


@dataclass(frozen=True, slots=True)
class View:
    """What a load shows: a new snapshot, unless its file has mistakes of format, and the errors."""

    snapshot: Snapshot | None
    problems: tuple[RenderProblem, ...]
    edition: Edition | None = None
    """What was read; None if no file could be."""
    newsletter: str = ""
    """The newsletter's name."""


class Snapshots:
    """Takes snapshots of one issue, and keeps the latest of each edition."""

    def __init__(self, newsletter: Newsletter, folder: Path) -> None:
        self._root = newsletter.root
        self._folder = folder
        self._latest: dict[str, Snapshot] = {}
        # The inliner's CSS parser keeps its state in a module.
        self._lock = threading.Lock()

    def take(self, lang: str) -> View:
        """Render an edition from its files as they are now; the first one, if there is none in
        `lang`.

        Raises BriefingError, or OSError if a file disappears while it is read.
        """
        with self._lock:
            # A new one, because it reads its settings only once.
            newsletter = Newsletter(self._root)
            folder = store.find(newsletter, str(self._folder))
            editions = {
                edition.lang: edition
                for edition in store.drafts(newsletter, folder)
            }
            edition = editions.get(lang) or next(iter(editions.values()))
            name = newsletter.settings.newsletter.name
            rendered = None if edition.mistakes else render(newsletter, edition)
            problems = tuple(_errors(newsletter, edition, rendered))
            if rendered is None:
                return View(None, problems, edition, name)
            snapshot = self._snapshot(
                newsletter, edition, rendered, list(editions)
            )
            return View(snapshot, problems, edition, name)

    def _snapshot(
        self,
        newsletter: Newsletter,
        edition: Edition,
        rendered: RenderedIssue,
        languages: list[str],
    ) -> Snapshot:
        """Return the latest snapshot, which is kept."""
        html = rendered.page(READER)
        snapshot = Snapshot(
            lang=edition.lang,
            direction=language(
                edition.lang, newsletter.template_folders
            ).direction,
            languages={code: _own_name(code) for code in languages},
            subject=rendered.subject,
            html=html,
            text=rendered.text.filled(READER),
            changed=_changed_since(self.latest(edition.lang), html),
        )
        self._latest[snapshot.lang] = snapshot
        return snapshot

    def latest(self, lang: str) -> Snapshot | None:
        """Return the latest snapshot of an edition."""
        return self._latest.get(lang)

    def fallback(self, lang: str) -> Snapshot | None:
        """Return what to show if `take` fails: the latest snapshot of that edition, or else of the
        first one.
        """
        return self.latest(lang) or next(iter(self._latest.values()), None)


def _errors(
    newsletter: Newsletter, edition: Edition, rendered: RenderedIssue | None
) -> Iterator[RenderProblem]:
    """Find the errors in what was written in an edition; those of others are shown with them."""
    today = dt.datetime.now().astimezone().date()
    findings, _ = check_and_render(
        newsletter,
        edition.path.parent,
        today,
        families=WRITTEN,
        render=_already_rendered(edition, rendered),
    )
    others = {
        path for path in edition.path.parent.iterdir() if path != edition.path
    }
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.path not in others:
            path = display_path(finding.path)
            yield RenderProblem(finding.message, path, finding.line)


def _already_rendered(
    edition: Edition, rendered: RenderedIssue | None
) -> Render:
    """Return a function that renders nothing again, since rendering takes most of the time."""

    def give(_newsletter: Newsletter, wanted: Edition) -> RenderedIssue:
        if rendered is None or wanted.path != edition.path:
            raise RefusedError("not rendered for the preview")
        return rendered

    return give


def _changed_since(before: Snapshot | None, html: str) -> int:
    if before is None:
        return 0
    block = changed_block(before.html, html)
    return before.changed if block is None else block


def _own_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code
