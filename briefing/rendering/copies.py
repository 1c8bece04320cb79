"""An issue, or one of its items, as text to be pasted elsewhere: into a messenger, a forum, a form.

Nothing is wrapped, since every app has its own width, and addresses are written out.
"""

import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum

from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.languages import load_language
from briefing.newsletter import Newsletter

from . import prose
from .corrected_issue import corrected_issue
from .masthead import dateline, issue_heading
from .phrases import Phrases
from .plain_text import wrap
from .prose import TextStyle
from .web_page import web_page


class CopyFormat(StrEnum):
    """Where a copy is pasted."""

    TEXT = "text"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SIGNAL = "signal"


def _style(strong: str, emphasis: str) -> TextStyle:
    return TextStyle(strong, emphasis, sys.maxsize, has_footnotes=False)


_STYLES: Mapping[CopyFormat, TextStyle] = {
    CopyFormat.TEXT: _style("", ""),
    CopyFormat.TELEGRAM: _style("**", "__"),
    CopyFormat.WHATSAPP: _style("*", "_"),
    # Signal has bold and italic only in its menu: it shows typed marks as they are.
    CopyFormat.SIGNAL: _style("", ""),
}

BETWEEN_ITEMS = "\n\n\n"

LONGEST_MESSAGE: Mapping[CopyFormat, int] = {CopyFormat.TELEGRAM: 4096}
"""The most characters of a message where that is less than an issue may have."""


def copy_issue(
    newsletter: Newsletter,
    edition: Edition,
    target: CopyFormat,
) -> str:
    """Return a whole edition as text in a format."""
    return _Copy(newsletter, edition, target).issue()


def copy_item(
    newsletter: Newsletter,
    edition: Edition,
    item: Item,
    target: CopyFormat,
) -> str:
    """Return one item of an edition as text in a format."""
    return _Copy(newsletter, edition, target).item(item)


class _Copy:
    """An edition as text in the style of one format."""

    def __init__(
        self,
        newsletter: Newsletter,
        edition: Edition,
        target: CopyFormat,
    ) -> None:
        self._newsletter = newsletter
        self._edition = edition
        self._style = _STYLES[target]
        self._language = load_language(
            edition.lang, newsletter.template_folders
        )
        # Publishers are named below the headlines, and photos aren't copied.
        self._phrases = Phrases(edition.issue, self._language, notice="foot")

    def issue(self) -> str:
        issue = self._edition.issue
        blocks = [
            self._heading(),
            self._correction(),
            self._prose(issue.introduction),
        ]
        parts = [_joined(blocks, "\n\n")]
        for section in issue.sections:
            if section.items and section.title:
                title = self._language.typeset_heading(section.title)
                parts.append(f"— {self._strong(title)} —")
            parts += map(self.item, section.items)
        parts.append(web_page(self._newsletter, self._edition))
        return _joined(parts, BETWEEN_ITEMS)

    def _correction(self) -> str:
        corrected = corrected_issue(self._newsletter, self._edition)
        if not corrected:
            return ""
        sentence = _line(corrected.sentence(self._language))
        return _joined([sentence, corrected.page], "\n")

    def _heading(self) -> str:
        heading = issue_heading(self._newsletter, self._edition, self._language)
        publisher = self._newsletter.settings.newsletter.in_language(
            self._edition.lang
        )
        name = self._language.typeset(publisher.name)
        title = self._language.typeset_heading(heading)
        date = dateline(self._newsletter, self._edition, self._language)
        lines = [self._strong(name), _line(date), self._strong(title)]
        return _joined(lines, "\n")

    def item(self, item: Item) -> str:
        blocks = [
            self._item_heading(item),
            self._prose(item.text),
            _line(self._phrases.contact(item)) if item.contact else "",
            self._link(item),
        ]
        return _joined(blocks, "\n\n")

    def _item_heading(self, item: Item) -> str:
        label = self._phrases.label(item) if item.heading else ""
        lines = [
            label,
            self._strong(self._phrases.headline(item)),
            self._emphasised(self._phrases.byline(item)),
        ]
        return _joined(lines, "\n")

    def _link(self, item: Item) -> str:
        """Return the address, below the words of its button if it has any of its own."""
        words = self._language.typeset(item.action)
        lines = [_line(words) if item.link else "", item.link]
        return _joined(lines, "\n")

    def _prose(self, source: str) -> str:
        return prose.to_text(source, self._language, self._style)

    def _strong(self, words: str) -> str:
        return _marked(words, self._style.strong)

    def _emphasised(self, words: str) -> str:
        return _marked(words, self._style.emphasis)


def _marked(words: str, mark: str) -> str:
    return f"{mark}{_line(words)}{mark}" if words else ""


def _line(words: str) -> str:
    """Return words on one line, without the characters that only keep lines from breaking."""
    return wrap(words, columns=sys.maxsize)


def _joined(parts: Iterable[str], separator: str) -> str:
    return separator.join(filter(None, parts))
