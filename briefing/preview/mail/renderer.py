"""Render the editions of an issue, each only once as long as its files stay the same."""

import threading
import urllib.request  # noqa: F401  # while the inliner loads cssutils, other threads would find it empty
from dataclasses import dataclass

from briefing.errors import BriefingError
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.preview.web.stamps import Stamp
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue


@dataclass(frozen=True, slots=True)
class _Kept:
    """The outcome of the last rendering of an edition."""

    files: tuple[str, Stamp]
    """The digest of the edition's file, and the state of the others."""
    outcome: RenderedIssue | BriefingError


class Renderer:
    """Keeps the last rendering of each edition. Threads can share it."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        # The inliner's CSS parser keeps its state in a module.
        self._lock = threading.Lock()

    def render(
        self, newsletter: Newsletter, edition: Edition, others: Stamp
    ) -> RenderedIssue:
        """Return an edition as `rendering.edition.render` does. `others` is the state of all other
        files that it depends on. Raises what that raises.
        """
        files = (edition.digest, others)
        with self._lock:
            kept = self._kept.get(edition.lang)
            if not kept or kept.files != files:
                kept = _Kept(files, _outcome(newsletter, edition))
                self._kept[edition.lang] = kept
        if isinstance(kept.outcome, BriefingError):
            raise kept.outcome
        return kept.outcome


def _outcome(
    newsletter: Newsletter, edition: Edition
) -> RenderedIssue | BriefingError:
    try:
        return render(newsletter, edition)
    except BriefingError as error:
        return error
