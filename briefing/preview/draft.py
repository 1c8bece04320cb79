"""The issue that is looked at: rendered anew from its files whenever the page is, with the reason when it can't be."""

import threading
import traceback
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError

from briefing.errors import BriefingError, FileError, shown
from briefing.issue import store
from briefing.languages import language
from briefing.mail.message import SAMPLE_READER
from briefing.newsletter import Newsletter
from briefing.preview import place
from briefing.rendering.edition import render
from briefing.rendering.rendered import UNSUBSCRIBE

READER = {**SAMPLE_READER.columns, UNSUBSCRIBE: "https://example.org/unsubscribe"}
"""Who reads the preview: nobody."""


@dataclass(frozen=True, slots=True)
class Look:
    """One edition as a reader sees it."""

    lang: str
    direction: str
    languages: dict[str, str]
    """Every edition of the issue: what the language calls itself, by its code."""
    subject: str
    html: str
    """A page of its own, pictures inside."""
    text: str
    changed: int
    """The block of the HTML that was changed last: see place.py."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an edition can't be shown."""

    message: str
    path: str = ""
    line: int | None = None
    ours: bool = False
    """Whether it is a mistake of the program, which nobody can mend in the files."""

    @classmethod
    def of(cls, error: BriefingError | OSError) -> "Problem":
        if isinstance(error, FileError):
            return cls(error.message, shown(error.path), error.line)
        if isinstance(error, OSError):
            path = shown(Path(error.filename)) if error.filename else ""
            return cls(f"can't be read: {error.strerror or error}", path)
        return cls(str(error))

    @classmethod
    def of_ours(cls, error: Exception) -> "Problem":
        """A mistake of the program itself: what a report of it needs, and nothing of the draft."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}, {Path(place.filename).name} line {place.lineno}"
        return cls(f"a mistake of briefing itself ({where}); please report it", ours=True)


class Draft:
    """An issue under the editor's hands."""

    def __init__(self, newsletter: Newsletter, folder: Path) -> None:
        self._root = newsletter.root
        self._folder = folder
        self._looks: dict[str, Look] = {}
        self._one_at_a_time = threading.Lock()  # the inliner's CSS parser keeps its state in its module

    def look(self, lang: str) -> Look:
        """An edition as its files are now; without one in `lang`, the first.

        Raises BriefingError, and OSError where a file goes away while it is read.
        """
        with self._one_at_a_time:
            newsletter = Newsletter(self._root)  # a new one, since it reads its settings once
            editions = {one.lang: one for one in store.editions(newsletter, store.find(newsletter, str(self._folder)))}
            edition = editions.get(lang) or next(iter(editions.values()))
            rendered = render(newsletter, edition)
            html, before = rendered.page(READER), self.last(edition.lang)
            look = Look(
                lang=edition.lang,
                direction=language(edition.lang, newsletter.template_folders).direction,
                languages={code: _own_name(code) for code in editions},
                subject=rendered.subject,
                html=html,
                text=rendered.text.filled(READER),
                changed=_changed(before, html),
            )
            self._looks[look.lang] = look
            return look

    def last(self, lang: str) -> Look | None:
        """The latest look at an edition that succeeded."""
        return self._looks.get(lang)

    def fallback(self, lang: str) -> Look | None:
        """What to show where `look` fails: the latest look at that edition, else at the one first looked at."""
        return self.last(lang) or next(iter(self._looks.values()), None)


def _changed(before: Look | None, html: str) -> int:
    if before is None:
        return 0
    block = place.changed(before.html, html)
    return before.changed if block is None else block


def _own_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_language_name() or code
    except (UnknownLocaleError, ValueError):
        return code
