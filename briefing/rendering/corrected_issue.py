"""Find the earlier issue that an issue corrects, to name it and to link to it."""

import datetime as dt
from dataclasses import dataclass

from briefing.errors import IssueError, NotFoundError
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.languages import Language
from briefing.newsletter import Newsletter

from .phrases import N_
from .web_page import web_page


@dataclass(frozen=True, slots=True)
class CorrectedIssue:
    """What readers learn about the issue that is corrected."""

    date: dt.date
    title: str = ""
    """Empty if the issue isn't in this folder."""
    page: str = ""
    """Its address on the web; empty if it has none."""

    @property
    def is_dated(self) -> bool:
        """Whether the title says when the issue appeared."""
        return str(self.date.year) in self.title

    def sentence(self, lang: Language) -> str:
        """Return the plain sentence that names the issue."""
        date = lang.typeset(lang.date(self.date))
        title = lang.typeset(lang.nested(self.title))
        if not self.title:
            message = N_("This issue corrects the issue of %(date)s.")
        elif self.is_dated:
            message = N_("This issue corrects “%(title)s”.")
        else:
            message = N_("This issue corrects “%(title)s” of %(date)s.")
        return lang.phrase(message, date=date, title=title)


def corrected_issue(
    newsletter: Newsletter,
    edition: Edition,
) -> CorrectedIssue | None:
    """Return the issue that an edition's `corrects:` names, in the same language if it has such an
    edition; None without such a line.
    """
    name = edition.issue.corrects
    date = store.date_of(name)
    if date is None:
        return None
    for lang in (edition.lang, newsletter.first_language):
        path = store.edition_path(newsletter, name, lang)
        try:
            earlier = store.load(path, lang)
        except (IssueError, NotFoundError):
            continue
        page = web_page(newsletter, earlier)
        return CorrectedIssue(date, earlier.issue.title, page)
    return CorrectedIssue(date)
