"""Find out whether news ran before: by its link or nearly the same headline, in all issues and the
inbox.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from briefing.errors import IssueError, NotFoundError
from briefing.newsletter import Newsletter

from . import store
from .model import Item
from .store import INBOX, Edition

SIMILAR = 0.9
"""From this ratio (by difflib), headlines are nearly the same: a word ending or an article may
differ.
"""


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """An item of an issue or the inbox, with its link and headline in the form for comparison."""

    issue: str
    """The issue's id, or `inbox`."""
    item: Item
    link: str
    headline: str


@dataclass(frozen=True, slots=True)
class Published:
    """The items of the inbox and of all issues, the newest issue first."""

    items: tuple[PublishedItem, ...]
    clean: Callable[[str], str]
    """Normalises links that people typed or pasted, for example by removing trackers."""

    @classmethod
    def of(
        cls,
        newsletter: Newsletter,
        clean: Callable[[str], str],
    ) -> "Published":
        """Read the first edition of every issue. One that can't be read is skipped; `briefing
        check` reports it.
        """
        return cls.within(_first_editions(newsletter), clean)

    @classmethod
    def within(
        cls,
        editions: Iterable[Edition],
        clean: Callable[[str], str],
    ) -> "Published":
        """Collect the items of these editions, passed newest first."""
        items: list[PublishedItem] = []
        for edition in editions:
            for item in edition.issue.items:
                link = clean(item.link)
                headline = _without_punctuation(item.heading)
                items.append(PublishedItem(edition.id, item, link, headline))
        return cls(tuple(items), clean)

    def before(self, issue: str) -> "Published":
        """Return only the items of issues older than the one with this id."""
        older = tuple(
            published
            for published in self.items
            if published.issue != INBOX and published.issue < issue
        )
        return replace(self, items=older)

    def find(self, link: str, headline: str) -> str:
        """Return the id of the newest issue (or `inbox`) that ran this news; empty if none did.

        The same link decides, whatever the headline says; else nearly the same headline does.
        """
        # First all links, then all headlines: a series of articles may share a headline.
        return self._find_link(link) or self._find_headline(headline)

    def find_item(self, item: Item) -> str:
        """Like `find`; an item without a link and a headline is found by its source, date and text."""
        found = self.find(item.link, item.heading)
        if found or not (item.heading or item.text):
            return found
        return self._newest(lambda published: item.same_as(published.item))

    def _find_link(self, link: str) -> str:
        link = self.clean(link)
        if not link:
            return ""
        return self._newest(lambda published: published.link == link)

    def _find_headline(self, headline: str) -> str:
        folded = _without_punctuation(headline)
        if not folded:
            return ""
        # difflib keeps what it finds out about its second sequence, so that is the headline compared with all others.
        matcher = SequenceMatcher(None, b=folded, autojunk=False)
        return self._newest(
            lambda published: _is_similar(matcher, published.headline, folded)
        )

    def _newest(self, is_same: Callable[[PublishedItem], bool]) -> str:
        """Return the id of the newest issue with such an item; empty without one."""
        return next((item.issue for item in self.items if is_same(item)), "")


def _first_editions(newsletter: Newsletter) -> Iterator[Edition]:
    for name in (INBOX, *store.ids(newsletter)):
        with suppress(IssueError, NotFoundError):
            yield store.first_edition(newsletter, name)


def _is_similar(
    matcher: "SequenceMatcher[str]",
    published: str,
    headline: str,
) -> bool:
    """Compare a published headline with `headline`, the second sequence of the matcher."""
    if _numbers(published) != _numbers(headline):
        # "Day 41 of the trial" isn't "Day 42 of the trial".
        return False
    matcher.set_seq1(published)
    # The quick ratios are upper bounds; they rule out nearly everything.
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return False
    return matcher.ratio() >= SIMILAR


def _numbers(headline: str) -> list[str]:
    return list(filter(str.isdecimal, headline.split()))


def _without_punctuation(headline: str) -> str:
    """Return a headline's words in lower case.

    `model.folded` keeps the punctuation, but publications vary that in the headline of one article.
    """
    return " ".join(re.findall(r"\w+", headline.casefold()))
