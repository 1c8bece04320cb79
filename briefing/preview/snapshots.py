"""Snapshots of an issue for the preview: rendered from its files on every load, or the reason why
that fails.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from briefing.bugs import describe_bug
from briefing.errors import BriefingError, FileError, display_path
from briefing.issue import store
from briefing.languages import language
from briefing.mail.message import SAMPLE_READER
from briefing.newsletter import Newsletter
from briefing.preview.scroll_anchor import changed_block
from briefing.rendering.edition import render
from briefing.rendering.rendered import UNSUBSCRIBE

READER = {**SAMPLE_READER.columns, UNSUBSCRIBE: "https://example.org/unsubscribe"}
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


@dataclass(frozen=True, slots=True)
class RenderProblem:
    """Why an edition can't be shown."""

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


class Snapshots:
    """Takes snapshots of one issue, and keeps the latest of each edition."""

    def __init__(self, newsletter: Newsletter, folder: Path) -> None:
        self._root = newsletter.root
        self._folder = folder
        self._latest: dict[str, Snapshot] = {}
        self._lock = (
            threading.Lock()
        )  # the inliner's CSS parser keeps its state in a module

    def take(self, lang: str) -> Snapshot:
        """Render an edition from its files as they are now; the first one, if there is none in
        `lang`.

        Raises BriefingError, or OSError if a file disappears while it is read.
        """
        with self._lock:
            newsletter = Newsletter(
                self._root
            )  # a new one, because it reads its settings only once
            folder = store.find(newsletter, str(self._folder))
            editions = {
                edition.lang: edition for edition in store.editions(newsletter, folder)
            }
            edition = editions.get(lang) or next(iter(editions.values()))
            rendered = render(newsletter, edition)
            html = rendered.page(READER)
            snapshot = Snapshot(
                lang=edition.lang,
                direction=language(edition.lang, newsletter.template_folders).direction,
                languages={code: _own_name(code) for code in editions},
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
