"""The languages of a newsletter: its fixed phrases, dates and direction.

Phrases are gettext catalogues, `languages/CODE.po` in the templates folder, read as they are: there is nothing to
compile, and an organisation can put its own beside its templates. English is what the phrases are written in.
"""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from briefing.errors import RefusedError, TemplateError

# First strong isolate and pop directional isolate (Unicode 16, UAX #9).
ISOLATE, POP = "\u2068", "\u2069"

# English dates as the Commonwealth writes them: 9 October 2020.
LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN", "zh-Hans": "zh_Hans_CN"}

# A run that begins and ends with a Latin letter or a digit: a name, a number, an address.
_LATIN = r"[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff]"
_FOREIGN = re.compile(rf"{ISOLATE}[^{POP}]*{POP}|[+@#]?{_LATIN}(?:[\w .,:;/&'’%@+–?=~#()-]*{_LATIN})?", re.ASCII)


_PLACES = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Language:
    """One language of a newsletter, by its code in `[newsletter] languages`."""

    code: str
    locale: Locale
    translations: NullTranslations

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self.locale.character_order == "right-to-left" else "ltr"

    @property
    def start(self) -> str:
        """The side on which a line begins: `left` or `right`."""
        return "right" if self.direction == "rtl" else "left"

    @property
    def end(self) -> str:
        return "left" if self.direction == "rtl" else "right"

    def date(self, day: dt.date) -> str:
        """A day in full: 9 October 2020."""
        return format_date(day, "long", locale=self.locale)

    def phrase(self, message: str, **values: object) -> str:
        """A fixed phrase in this language, its %(places)s filled."""
        return str(self.translations.ugettext(message)) % values

    def isolated(self, text: str) -> str:
        """The text with each Latin name, number and address in it isolated, where the language runs right to left.

        Without that, a reader's program orders the words around them wrongly.
        """
        if self.direction == "ltr":
            return text
        return _FOREIGN.sub(lambda run: run[0] if run[0][0] == ISOLATE else f"{ISOLATE}{run[0]}{POP}", text)

    def whole(self, text: str) -> str:
        """A name or headline that may be of another direction than its surroundings, isolated as one piece."""
        if self.direction == "ltr" or not text:
            return text
        return f"{ISOLATE}{text}{POP}"


def language(code: str, folders: Sequence[Path]) -> Language:
    """The language of a code, with the first catalogue that one of the template folders has for it.

    Raises RefusedError for a language nobody has written a catalogue for, TemplateError for a broken catalogue.
    """
    try:
        locale = Locale.parse(LOCALES.get(code, code), sep="_" if code in LOCALES else "-")
    except (UnknownLocaleError, ValueError):
        raise RefusedError(f"'{code}': no language is known by this code; see [newsletter] languages") from None
    if code == "en":
        return Language(code, locale, NullTranslations())
    for folder in folders:
        path = folder / "languages" / f"{code}.po"
        if path.is_file():
            return Language(code, locale, _catalogue(path, path.stat().st_mtime_ns))
    there = sorted(path for folder in folders for path in (folder / "languages").glob("*.po"))
    sample = f"; copy {there[0]} to it, and translate its lines" if there else ""
    raise RefusedError(f"'{code}': there is no templates/languages/{code}.po with the mail's fixed phrases{sample}")


@lru_cache(maxsize=32)
def _catalogue(path: Path, _changed: int) -> Translations:
    """The catalogue of a .po file; read again when it has changed."""
    compiled = io.BytesIO()
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, charset="utf-8", abort_invalid=True)
        _refuse_wrong_places(catalogue, path)
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return Translations(compiled)
    except (PoFileError, LookupError, SyntaxError, UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise TemplateError(path, f"is no gettext catalogue in UTF-8: {error}", line=line) from error


def _refuse_wrong_places(catalogue: Catalog, path: Path) -> None:
    """A phrase that lacks a %(place)s of the original, or has another, couldn't be filled."""
    for message in catalogue:
        if not message.id or not isinstance(message.string, str) or not message.string:
            continue
        wanted, found = (sorted(set(_PLACES.findall(str(text)))) for text in (message.id, message.string))
        stray = "%" in _PLACES.sub("", message.string)
        if wanted != found or stray:
            places = ", ".join(f"%({name})s" for name in wanted) or "none"
            raise TemplateError(path, f"a phrase must have the places of the original ({places})", line=message.lineno)
