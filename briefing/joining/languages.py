"""The language of a page: the one chosen on it, or that of the browser, or the newsletter's first."""

from collections.abc import Sequence

from werkzeug.datastructures import LanguageAccept

from briefing.languages import Language, load_language
from briefing.newsletter import Newsletter

from .confirmation_links import ConfirmationLink


class PageLanguages:
    """The languages in which pages are shown: those of the newsletter's editions."""

    def __init__(self, newsletter: Newsletter) -> None:
        """Raises RefusedError or TemplateError if a language has no usable catalogue."""
        folders = newsletter.template_folders
        self.all: Sequence[Language] = [
            load_language(code, folders)
            for code in newsletter.settings.newsletter.languages
        ]
        self._by_code = {each.code.lower(): each for each in self.all}

    @property
    def first(self) -> Language:
        return self.all[0]

    def of(self, link: ConfirmationLink) -> Language:
        """Return the language in which a link was asked for."""
        return self.find(link.lang) or self.first

    def choose(self, asked: str, accepted: LanguageAccept) -> Language:
        """Return the language that was asked for, or the best that a browser accepts."""
        codes = [each.code for each in self.all]
        best = accepted.best_match(codes, default=self.first.code)
        return self.find(asked) or self._by_code[best.lower()]

    def find(self, code: str) -> Language | None:
        """Return the language with a code; None if there are no pages in it."""
        return self._by_code.get(code.lower())
