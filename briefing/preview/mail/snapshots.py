"""Snapshots of an issue for the preview: what its files contain now, the email made from it, and
what a check finds. Nothing is repeated for files that haven't changed.
"""

import html
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from briefing import clock
from briefing.bugs import describe_bug
from briefing.errors import BriefingError, FileError, display_path
from briefing.issue import store
from briefing.issue.parts import NOTHING, Parts, follow
from briefing.issue.store import Edition
from briefing.languages import load_language, own_name
from briefing.mail.message import SAMPLE_READER
from briefing.newsletter import Newsletter
from briefing.preview.parts.checking import find
from briefing.preview.parts.findings import PlacedFindings
from briefing.preview.web.changes import folders_of
from briefing.preview.web.stamps import Stamp, stamp
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue

from .background import Background
from .parts_in_mail import with_part_marks
from .renderer import Renderer
from .variants import Variant, framed, variant_of, with_color_scheme

ReaderColumns = Mapping[str, str]
"""What the list has on a reader."""


def sample_columns(*, is_named: bool) -> dict[str, str]:
    """Return the columns of the made-up reader that the preview is filled in for. The list may not
    have the name.
    """
    columns = {
        **SAMPLE_READER.columns,
        UNSUBSCRIBE: "https://example.org/unsubscribe",
    }
    return columns if is_named else {**columns, "name": ""}


@dataclass(frozen=True)
class Snapshot:
    """One edition as a reader would see it now."""

    newsletter: Newsletter
    edition: Edition
    parts: Parts
    rendered: RenderedIssue
    direction: str

    @property
    def lang(self) -> str:
        return self.edition.lang

    @property
    def subject(self) -> str:
        return self.rendered.subject

    @cached_property
    def digest(self) -> str:
        """A few digits that change whenever the email or the place of a part does."""
        return self.rendered.digest[:16]

    def text(self, columns: ReaderColumns) -> str:
        """Return the text part for a reader."""
        return self.rendered.text.filled(columns)

    def page(
        self,
        columns: ReaderColumns,
        variant: Variant = Variant.WHOLE,
        *,
        is_dark: bool = False,
    ) -> str:
        """Return the email for a reader as a page for a frame, as a dark or a light app shows it, with the
        issue's parts marked by `data-part`.
        """
        page = variant_of(self.marked(columns), variant)
        page = with_color_scheme(page, is_dark=is_dark)
        return framed(self.rendered.with_pictures(page), self.digest)

    def marked(self, columns: ReaderColumns) -> str:
        """Return the HTML part for a reader, without pictures, with the parts marked by `data-part`."""
        return with_part_marks(self.filled(columns), self.parts)

    def filled(self, columns: ReaderColumns) -> str:
        """Return the HTML part for a reader, without pictures."""
        return self.rendered.html.filled(columns, html.escape)


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
class SnapshotView:
    """What a load shows: a new snapshot, unless the edition can't be rendered, and why not."""

    snapshot: Snapshot | None
    problems: tuple[RenderProblem, ...]
    languages: Mapping[str, str] = field(default_factory=dict)
    """The issue's editions: each language's own name, by its code."""
    newsletter: str = ""
    """The newsletter's name."""
    findings: PlacedFindings | None = None
    """What a check found, if need be in an earlier state; None before the first one."""


class Snapshots:
    """Takes snapshots of one issue, and keeps the latest of each edition."""

    def __init__(
        self,
        newsletter: Newsletter,
        folder: Path,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        """`announce` is called after each check."""
        self._root = newsletter.root
        self._folder = folder
        self._announce = announce
        self._latest: dict[str, Snapshot] = {}
        self._parts: dict[str, Parts] = {}
        self._renderer = Renderer()
        self._checks: dict[str, Background[PlacedFindings]] = {}
        self._lock = threading.Lock()

    def take(self, lang: str, known: Parts | None = None) -> SnapshotView:
        """Return an edition from its files as they are now; the first one, if there is none in
        `lang`. Its parts have the ids that they have in `known`, or had before.

        Raises BriefingError, or OSError if a file disappears while it is read.
        """
        with self._lock:
            files = self._read()
            edition = files.edition(lang)
            parts = self._numbered(edition, known)
            snapshot, problems = self._snapshot(files, edition, parts)
            return SnapshotView(
                snapshot=snapshot,
                problems=problems,
                languages=files.languages,
                newsletter=files.newsletter.settings.newsletter.name,
                findings=self._findings(files, edition, parts),
            )

    def _numbered(self, edition: Edition, known: Parts | None) -> Parts:
        before = known or self._parts.get(edition.lang, NOTHING)
        parts = follow(before, edition.issue)
        # A file with mistakes may lack parts for a moment; when it is whole again, they get their ids back.
        if not edition.mistakes:
            self._parts[edition.lang] = parts
        return parts

    def latest(self, lang: str) -> Snapshot | None:
        """Return the latest snapshot of an edition."""
        return self._latest.get(lang)

    def current(self, lang: str) -> Snapshot | None:
        """Return an edition's snapshot of now, or else the latest that there was; None if there is
        no such edition.
        """
        try:
            snapshot = self.take(lang).snapshot
        except (BriefingError, OSError):
            return self.latest(lang)
        is_wanted = snapshot is not None and snapshot.lang == lang
        return snapshot if is_wanted else self.latest(lang)

    def fallback(self, lang: str) -> Snapshot | None:
        """Return what to show if there is no new snapshot: the latest of that edition, or else of
        the first one.
        """
        return self.latest(lang) or next(iter(self._latest.values()), None)

    def wait(self) -> None:
        """Wait until all checks are done."""
        for checks in list(self._checks.values()):
            checks.wait()

    def close(self) -> None:
        """Begin no more checks."""
        for checks in list(self._checks.values()):
            checks.stop()

    def _read(self) -> "_Files":
        # A new one, because it reads its settings only once.
        newsletter = Newsletter(self._root)
        folder = store.find(newsletter, str(self._folder))
        editions = tuple(store.drafts(newsletter, folder))
        paths = frozenset(edition.path for edition in editions)
        logo = newsletter.root / newsletter.settings.look.logo
        folders = (*folders_of(newsletter, folder), logo.parent)
        others = stamp(folders, without=paths)
        return _Files(newsletter, folder, editions, others)

    def _snapshot(
        self, files: "_Files", edition: Edition, parts: Parts
    ) -> tuple[Snapshot | None, tuple[RenderProblem, ...]]:
        """Return the latest snapshot, which is kept, or why there is none."""
        if edition.mistakes:
            return None, tuple(map(RenderProblem.of, edition.mistakes))
        try:
            rendered = self._renderer.render(
                files.newsletter, edition, files.others
            )
        except BriefingError as error:
            return None, (RenderProblem.of(error),)
        lang = load_language(edition.lang, files.newsletter.template_folders)
        snapshot = Snapshot(
            files.newsletter, edition, parts, rendered, lang.direction
        )
        self._latest[edition.lang] = snapshot
        return snapshot, ()

    def _findings(
        self, files: "_Files", edition: Edition, parts: Parts
    ) -> PlacedFindings | None:
        """Return what a check finds in the files as they are or, until it is done, what the last
        one found; None if there was none.
        """
        checks = self._checks.setdefault(
            edition.lang, Background(self._announce)
        )
        today = clock.today()

        def render(newsletter: Newsletter, wanted: Edition) -> RenderedIssue:
            return self._renderer.render(newsletter, wanted, files.others)

        def check() -> PlacedFindings:
            return find(files.newsletter, edition, parts, today, render)

        key = (files.digests, files.others, today)
        return checks.result(key, check) or checks.latest


@dataclass(frozen=True)
class _Files:
    """The files of an issue as they are at a moment."""

    newsletter: Newsletter
    folder: Path
    editions: tuple[Edition, ...]
    others: Stamp
    """The state of all other files that an edition depends on."""

    def edition(self, lang: str) -> Edition:
        """Return the edition in a language, or else the first."""
        wanted = (draft for draft in self.editions if draft.lang == lang)
        return next(wanted, self.editions[0])

    @property
    def languages(self) -> dict[str, str]:
        """Each edition's language in its own words, by its code."""
        return {
            edition.lang: own_name(edition.lang) for edition in self.editions
        }

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(edition.digest for edition in self.editions)
