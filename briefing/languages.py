"""The languages of a newsletter: its fixed phrases, its dates and its direction of writing.

Phrases are in gettext catalogues, `languages/CODE.po` in a templates folder, and are read directly,
so an organisation can add its own without compiling anything. English needs no catalogue: the
phrases are written in it.

To add a language, copy a catalogue, set its Language and Plural-Forms, and translate it. A language
whose dates depend on the country also needs a line in `LOCALES`.
"""

import datetime as dt
import gettext
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.storage import files
from briefing.text.isolation import ISOLATE, POP, isolated
from briefing.text.no_breaks import heading_kept_together, kept_together
from briefing.text.quotation_marks import quotation_marks
from briefing.text.scripts import scripts_of

from . import imports
from .errors import RefusedError, TemplateError

# With pytz, babel looks at 600 files to find this computer's time zone, which no date needs.
with imports.missing("pytz"):
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global
    from babel.dates import format_date

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

# English dates as in Britain: 9 October 2020.
LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN", "zh-Hans": "zh_Hans_CN"}

DATES = {"ug": "y-'يىلى' d-MMMM"}
"""Forms of dates in which a language differs from Babel: 2026-يىلى 19-نويابىر."""

LATIN_NAMES = "en"
"""The language in which screen readers pronounce Latin names in a text of another script."""

_NO_CATALOGUE = gettext.NullTranslations()

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Language:
    """One language of a newsletter, by its code in `[newsletter] languages`."""

    code: str
    locale: Locale
    translations: gettext.NullTranslations

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return (
            "rtl" if self.locale.character_order == "right-to-left" else "ltr"
        )

    @property
    def start(self) -> str:
        """The side where a line begins: `left` or `right`."""
        return "right" if self.direction == "rtl" else "left"

    @property
    def end(self) -> str:
        """The side where a line ends."""
        return "left" if self.direction == "rtl" else "right"

    def date(self, day: dt.date) -> str:
        """Format a date in full: 9 October 2020."""
        form = DATES.get(self.locale.language, "long")
        return format_date(day, form, locale=self.locale)

    def phrase(self, message: str, **values: object) -> str:
        """Return a fixed phrase in this language, with its %(placeholders)s filled in."""
        return self.translated(message) % values

    def translated(self, message: str) -> str:
        """Return a fixed phrase with its placeholders."""
        return str(self.translations.gettext(message))

    def other_language(self, name: str, linked: str) -> str:
        """Return the language of a name that isn't in this one, for screen readers; "" if it may be.

        `linked` is the language of the page that the name stands for, if that is another one.
        """
        if not name or not scripts_of(name) <= {"LATIN"}:
            return ""
        if linked and is_written_in_latin(linked):
            return linked if linked != self.code else ""
        return "" if is_written_in_latin(self.code) else LATIN_NAMES

    def sentences(self, *sentences: str) -> str:
        """Join sentences; Chinese writes no space between them."""
        space = "" if self.locale.language == "zh" else " "
        return space.join(filter(None, sentences))

    def nested(self, text: str) -> str:
        """Return a text as it is written between this language's quotation marks."""
        return quotation_marks(self.code).nested(text)

    def kept_together(self, text: str) -> str:
        """Return a text in which no line breaks within a date or a number with its unit."""
        return kept_together(text, self.locale)

    def typeset(self, text: str) -> str:
        """Return a text that is kept together and isolated where that is needed."""
        return self.isolated(self.kept_together(text))

    def typeset_heading(self, text: str) -> str:
        """Return a heading like `typeset`, with no short word alone in the last line."""
        return self.isolated(heading_kept_together(text, self.locale))

    def isolated(self, text: str) -> str:
        """In right-to-left languages, isolate each Latin name, number and address in a text.

        Without that, mail apps put the words around them in the wrong order.
        """
        return text if self.direction == "ltr" else isolated(text)

    def whole(self, text: str) -> str:
        """In right-to-left languages, isolate a name or headline as a unit, whatever its own
        direction.
        """
        if self.direction == "ltr" or not text:
            return text
        return f"{ISOLATE}{text}{POP}"


def is_written_in_latin(code: str) -> bool:
    """Whether a language is usually written in Latin letters; False if it isn't known."""
    subtags = get_global("likely_subtags")
    written = code.replace("-", "_")
    likely = written if "Latn" in written else subtags.get(written, "")
    return "_Latn" in (likely or subtags.get(written.partition("_")[0], ""))


def code_for_reader(wanted: str, codes: Iterable[str]) -> str:
    """Return which of the editions' languages readers of a language get: theirs, else theirs
    without the region (en for en-GB); empty if there is neither.
    """
    by_code = {code.lower(): code for code in codes}
    wanted = wanted.lower()
    without_region = wanted.partition("-")[0]
    return by_code.get(wanted) or by_code.get(without_region) or ""


def load_language(code: str, folders: Sequence[Path]) -> Language:
    """Return a language with the first catalogue that the template folders have for it.

    Raises RefusedError if the code is unknown or has no catalogue, and TemplateError if the
    catalogue is broken.
    """
    locale = _locale(code)
    if code == "en":
        return Language(code, locale, _NO_CATALOGUE)
    for folder in folders:
        path = folder / "languages" / f"{code}.po"
        if path.is_file():
            return Language(
                code,
                locale,
                _read_catalogue(path, path.stat().st_mtime_ns),
            )
    raise RefusedError(
        f"'{code}': there is no templates/languages/{code}.po with the fixed phrases of emails{_advice(folders)}"
    )


def _locale(code: str) -> Locale:
    if code in LOCALES:
        return Locale.parse(LOCALES[code])
    locale = find_locale(code)
    if locale is None:
        raise RefusedError(
            f"'{code}' isn't a language code; correct 'languages' under [newsletter] in briefing.toml"
        )
    return locale


def find_locale(code: str) -> Locale | None:
    """Return what Babel knows of the language with a code such as `de` or `zh-Hant`; None if it isn't one."""
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def own_name(code: str) -> str:
    """Return what the language with a code is called in itself: Deutsch, ئۇيغۇرچە; without a name, the code."""
    locale = find_locale(code)
    return (locale and locale.get_display_name()) or code


def _advice(folders: Sequence[Path]) -> str:
    catalogues = sorted(_catalogues(folders))
    return (
        f"; copy {catalogues[0]} and translate its lines" if catalogues else ""
    )


def _catalogues(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (folder / "languages").glob("*.po")


@lru_cache(maxsize=32)
def _read_catalogue(path: Path, _modified: int) -> gettext.GNUTranslations:
    """Read a .po file; its time of modification is a parameter so that the cache notices a change."""
    # English needs none of it.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    try:
        source = io.BytesIO(files.read(path))
        catalogue = read_po(source, charset="utf-8", abort_invalid=True)
        _check_placeholders(catalogue, path)
        write_mo(compiled, catalogue)
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)
    except (
        PoFileError,
        LookupError,
        SyntaxError,
        UnicodeDecodeError,
        ValueError,
    ) as error:
        line = getattr(error, "lineno", None)
        raise TemplateError(
            path, f"isn't a gettext catalogue in UTF-8: {error}", line=line
        ) from error


def _check_placeholders(catalogue: "Catalog", path: Path) -> None:
    """Refuse a translation whose placeholders differ from the original's: it couldn't be filled in."""
    for message in catalogue:
        translation = message.string
        if not (message.id and translation and isinstance(translation, str)):
            continue
        expected = set(_PLACEHOLDER.findall(str(message.id)))
        found = set(_PLACEHOLDER.findall(translation))
        has_stray_percent = "%" in _PLACEHOLDER.sub("", translation)
        if has_stray_percent or found != expected:
            names = ", ".join(f"%({name})s" for name in sorted(expected))
            raise TemplateError(
                path,
                f"a translation must have the same placeholders as the original ({names or 'none'})",
                line=message.lineno,
            )
