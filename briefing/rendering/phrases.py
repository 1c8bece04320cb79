"""The phrases around an item in the language of its edition, shared by HTML and plain text."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from briefing.issue.model import Issue, Item, Kind
from briefing.languages import Language, find_locale
from briefing.text.no_breaks import word_kept_together
from briefing.text.shortening import shorten_between_words


def N_(message: str) -> str:  # noqa: N802  # gettext's usual name: marks a phrase that is translated where it is used
    return message


LABELS = {
    Kind.ARTICLE: "",
    Kind.PRESS_RELEASE: N_("Press release"),
    Kind.STATEMENT: N_("Statement"),
    Kind.BRIEF: N_("Brief"),
    Kind.APPEAL: N_("Appeal"),
}
READ_AT = {
    Kind.ARTICLE: N_("Read at %(source)s"),
    Kind.PRESS_RELEASE: N_("Read the press release at %(source)s"),
    Kind.STATEMENT: N_("Read at %(source)s"),
    Kind.BRIEF: N_("Read at %(source)s"),
    Kind.APPEAL: N_("Read the appeal at %(source)s"),
}
"""A link that is a button says what it leads to, since it stands apart from the text."""

LONGEST_REPEATED = 50
"""The most characters of a headline that a link repeats."""


@dataclass(frozen=True)
class Phrases:
    """The phrases around the items of one edition."""

    issue: Issue
    language: Language
    notice: str = "item"
    """As in `[look] notice`."""
    pictured: frozenset[Item] = frozenset()
    """The items whose photos are shown."""
    in_html: bool = False
    """Whether names in another language are marked as such, for screen readers."""

    def label(self, item: Item) -> str:
        """The kind of item, such as "Press release"; empty for an article."""
        label = LABELS[item.kind]
        return self.language.phrase(label) if label else ""

    def headline(self, item: Item) -> str:
        """The headline, or else the label: many press releases have no other heading."""
        heading = self.language.typeset_heading(item.heading)
        return heading or self.label(item)

    def byline(self, item: Item) -> str:
        """Source and date: BBC, 8 October 2020"""
        source = self._name(item.source, item)
        date = ""
        if item.date:
            date = self.language.typeset(self.language.date(item.date))
        if source and date:
            return self._phrase(
                N_("%(source)s, %(date)s"),
                source=source,
                date=date,
            )
        return source or date

    def credit(self, item: Item) -> str:
        """What is below the photo: who took it; with `[look] notice = "item"` also whose article it
        is, even without a photo: Below is an article published by BBC. Photo: Getty Images.
        """
        sentences = self.publisher(item), self.photographer(item)
        credit = self.language.sentences(*filter(None, sentences))
        return Markup(credit) if self.in_html else credit  # noqa: S704  # of phrases, which are escaped

    def publisher(self, item: Item) -> str:
        """With `[look] notice = "item"`, whose article it is: Below is an article published by
        BBC.
        """
        is_article = item.kind is Kind.ARTICLE and item.source
        if self.notice != "item" or not is_article:
            return ""
        source = self.language.whole(item.source)
        return self._phrase(
            N_("Below is an article published by %(source)s."), source=source
        )

    def photographer(self, item: Item) -> str:
        """Who took the photo, if it is shown: Photo: Getty Images"""
        if item not in self.pictured or not item.photo:
            return ""
        message = N_("Photo: %(credit)s")
        if self.notice == "item":  # a sentence after another
            message = N_("Photo: %(credit)s.")
        return self._phrase(message, credit=self._name(item.photo))

    def contact(self, item: Item) -> str:
        return self.language.phrase(
            N_("Contact: %(contact)s"),
            contact=self.language.typeset(item.contact),
        )

    def link(self, item: Item) -> str:
        """The words of the link: Read at BBC (in German).

        They repeat the headline where the issue's links would otherwise read the same.
        """
        foreign = self._foreign_language(item)
        words = self.language.typeset(item.action) or self._read_at(item)
        if not foreign:
            return words
        return self._phrase(
            N_("%(link)s (in %(language)s)"), link=words, language=foreign
        )

    def _read_at(self, item: Item) -> str:
        host = urlsplit(item.link).hostname or ""
        name = item.source or host.removeprefix("www.")
        source = self._name(name, item)
        if self._foreign_language(item):
            # Spam filters object to a tag right before a Chinese bracket.
            source = self.language.whole(name)
        message = READ_AT[item.kind]
        if self._linked[message, item.source] > 1 and item.heading:
            headline = self.language.typeset(
                self.language.nested(
                    shorten_between_words(item.heading, LONGEST_REPEATED)
                )
            )
            return self._phrase(
                N_("Read “%(headline)s” at %(source)s"),
                headline=headline,
                source=source,
            )
        return self._phrase(message, source=source)

    def _phrase(self, message: str, **values: str) -> str:
        """Fill in a phrase; in HTML, whatever isn't HTML yet is escaped."""
        if not self.in_html:
            return self.language.phrase(message, **values)
        return escape(self.language.translated(message)) % values

    def _name(self, name: str, item: Item | None = None) -> str:
        """Return a publisher's or photographer's name, marked as a unit and with its language."""
        shown = self.language.whole(name)
        foreign = self.language.other_language(name, item.lang if item else "")
        if not (self.in_html and foreign):
            return shown
        return Markup('<span lang="{}">{}</span>').format(foreign, shown)

    @cached_property
    def _linked(self) -> Counter[tuple[str, str]]:
        """How many links would have the same words without a headline."""
        linked: Counter[tuple[str, str]] = Counter()
        for item in self.issue.items:
            if item.link and not item.action:
                linked[READ_AT[item.kind], item.source] += 1
        return linked

    def _foreign_language(self, item: Item) -> str:
        if not item.lang or item.lang == self.language.code:
            return ""
        foreign = find_locale(item.lang)
        if foreign is None:
            return ""
        name = foreign.get_display_name(self.language.locale)
        return word_kept_together(name or item.lang)
