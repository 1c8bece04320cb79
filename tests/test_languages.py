"""An email is in one language throughout: its phrases, its dates and its direction."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

import briefing.joining.emails
import briefing.joining.service
import briefing.rendering.phrases
from briefing.errors import BriefingError, RefusedError, TemplateError
from briefing.languages import (
    Language,
    code_for_reader,
    load_language,
    own_name,
)
from briefing.newsletter import package_templates
from briefing.text.isolation import ISOLATE, POP

TEMPLATES = package_templates()
CATALOGUES = sorted((TEMPLATES / "languages").glob("*.po"))
CODES = [path.stem for path in CATALOGUES]
PAGES = Path(briefing.joining.service.__file__).with_name("pages")
"""The templates of the server where readers leave and join."""
MODULES = (
    briefing.rendering.phrases,
    briefing.joining.service,
    briefing.joining.emails,
)
RIGHT_TO_LEFT = "ug"
PLACE = re.compile(r"%\((\w+)\)s")
CHINESE = re.compile(r"[\u3400-\u9fff]")
DAY = dt.date(2020, 10, 9)

WriteCatalogue = Callable[[str, str], Path]


def spoken(code: str) -> Language:
    """Return a language with the package's own catalogue."""
    return load_language(code, [TEMPLATES])


def phrases_of_templates(folder: Path) -> set[object]:
    """Return every phrase that the templates in a folder translate."""
    templates = extract_from_dir(
        folder,
        method_map=[
            ("**.j2", "jinja2.ext:babel_extract"),
            ("**.css", "jinja2.ext:babel_extract"),
        ],
        options_map={"**": {"silent": "false"}},
    )
    return {message for _, _, message, _, _ in templates}


def phrases_of_mails_and_pages() -> set[str]:
    """Return every phrase that templates and modules translate."""
    found = phrases_of_templates(TEMPLATES) | phrases_of_templates(PAGES)
    for module in MODULES:
        assert module.__file__
        phrases = extract_from_file(
            "python", module.__file__, keywords={"N_": None, "_": None}
        )
        found |= {message for _, message, _, _ in phrases}
    return {message for message in found if isinstance(message, str)}


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def translations(path: Path) -> dict[str, str]:
    """Return the translations by their phrases."""
    return {
        str(message.id): str(message.string)
        for message in catalogue(path)
        if message.id
    }


@pytest.fixture
def write_catalogue(tmp_path: Path) -> WriteCatalogue:
    """Write languages/CODE.po in a templates folder, and return the folder."""

    def write(code: str, text: str) -> Path:
        path = tmp_path / "languages" / f"{code}.po"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return tmp_path

    return write


def catalogue_of(code: str, **phrases: str) -> str:
    """Return the text of a catalogue with some one-word phrases."""
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {code}\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
    ]
    for message, translation in phrases.items():
        lines += ["", f'msgid "{message}"', f'msgstr "{translation}"']
    return "\n".join(lines) + "\n"


class TestCatalogues:
    def test_the_package_has_uyghur_german_turkish_and_chinese(self) -> None:
        assert {"ug", "de", "tr", "zh"} <= set(CODES)

    def test_there_are_phrases_in_the_templates_and_in_the_module(self) -> None:
        """Otherwise the tests below would test nothing."""
        assert {"Unsubscribe", "Press release"} <= phrases_of_mails_and_pages()

    @pytest.mark.parametrize("path", CATALOGUES, ids=CODES)
    def test_a_catalogue_has_exactly_the_phrases_of_emails_and_pages(
        self, path: Path
    ) -> None:
        assert set(translations(path)) == phrases_of_mails_and_pages()
        assert not catalogue(path).obsolete

    @pytest.mark.parametrize("path", CATALOGUES, ids=CODES)
    def test_each_phrase_is_translated_and_none_awaits_review(
        self, path: Path
    ) -> None:
        assert [
            message
            for message, translation in translations(path).items()
            if not translation.strip()
        ] == []
        assert [
            message.id
            for message in catalogue(path)
            if message.id and message.fuzzy
        ] == []

    @pytest.mark.parametrize("path", CATALOGUES, ids=CODES)
    def test_a_translation_has_the_placeholders_of_its_phrase(
        self, path: Path
    ) -> None:
        for message, translation in translations(path).items():
            places = sorted(PLACE.findall(message))
            assert sorted(PLACE.findall(translation)) == places, message
            filled = translation % dict.fromkeys(places, "X")
            assert "%" not in filled, message

    @pytest.mark.parametrize("path", CATALOGUES, ids=CODES)
    def test_a_translation_is_not_the_english_phrase(self, path: Path) -> None:
        """Only a phrase of placeholders and commas may be the same."""
        assert [
            message
            for message, translation in translations(path).items()
            if message == translation
            and re.search(r"\w", PLACE.sub("", message))
        ] == []

    @pytest.mark.parametrize("path", CATALOGUES, ids=CODES)
    def test_a_catalogue_declares_its_language_and_charset(
        self, path: Path
    ) -> None:
        headers = {
            name: value for name, value in catalogue(path).mime_headers if value
        }
        text = path.read_text("utf-8")
        assert headers["Language"] == path.stem
        assert headers["MIME-Version"] == "1.0"
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert re.search(
            r'^"Plural-Forms: nplurals=\d; plural=[^;]+;\\n"$',
            text,
            re.MULTILINE,
        )

    def test_uyghur_phrases_have_arabic_commas_and_no_letters_of_another_script(
        self,
    ) -> None:
        for translation in translations(
            TEMPLATES / "languages" / "ug.po"
        ).values():
            assert not re.search(
                r"[A-Za-z,;?]|[\u3400-\u9fff]", PLACE.sub("", translation)
            ), translation


class TestPhrases:
    def test_phrases_are_written_in_english(self) -> None:
        assert (
            spoken("en").phrase("Photo: %(credit)s.", credit="AFP")
            == "Photo: AFP."
        )

    def test_the_placeholders_of_a_translation_are_filled_in(self) -> None:
        assert (
            spoken("de").phrase("Photo: %(credit)s.", credit="AFP")
            == "Foto: AFP."
        )

    def test_a_percent_sign_in_a_value_stays(self) -> None:
        assert (
            spoken("tr").phrase("Contact: %(contact)s", contact="100%(x)s")
            == "İletişim: 100%(x)s"
        )

    def test_the_organisations_own_catalogue_comes_before_the_packages(
        self, write_catalogue: WriteCatalogue
    ) -> None:
        own = write_catalogue(
            "de", catalogue_of("de", Unsubscribe="Keine Post mehr")
        )
        assert (
            load_language("de", [own, TEMPLATES]).phrase("Unsubscribe")
            == "Keine Post mehr"
        )

    def test_an_organisation_can_add_a_language(
        self, write_catalogue: WriteCatalogue
    ) -> None:
        own = write_catalogue(
            "fr", catalogue_of("fr", Unsubscribe="Se désabonner")
        )
        assert (
            load_language("fr", [own, TEMPLATES]).phrase("Unsubscribe")
            == "Se désabonner"
        )


class TestDates:
    @pytest.mark.parametrize(
        ("code", "date"),
        [
            ("en", "9 October 2020"),
            ("de", "9. Oktober 2020"),
            ("tr", "9 Ekim 2020"),
            ("zh", "2020年10月9日"),
        ],
    )
    def test_a_date_is_formatted_for_its_language(
        self, code: str, date: str
    ) -> None:
        assert spoken(code).date(DAY) == date

    def test_a_uyghur_date_begins_with_the_year_as_people_write_it(
        self,
    ) -> None:
        assert spoken("ug").date(DAY) == "2020-يىلى 9-ئۆكتەبىر"

    def test_a_uyghur_date_never_contains_chinese(self) -> None:
        """Babel 2.18 has Chinese names of months in some of its Uyghur forms."""
        for month in range(1, 13):
            day = DAY.replace(month=month)
            assert CHINESE.search(spoken("zh").date(day))
            assert not CHINESE.search(spoken("ug").date(day))


class TestDirection:
    @pytest.mark.parametrize("code", ["en", "de", "tr", "zh"])
    def test_most_languages_begin_on_the_left(self, code: str) -> None:
        lang = spoken(code)
        assert (lang.direction, lang.start, lang.end) == (
            "ltr",
            "left",
            "right",
        )

    def test_uyghur_begins_on_the_right(self) -> None:
        lang = spoken("ug")
        assert (lang.direction, lang.start, lang.end) == (
            "rtl",
            "right",
            "left",
        )


class TestTypesetting:
    def test_in_a_right_to_left_language_runs_are_isolated(self) -> None:
        text = f"مەنبە: {ISOLATE}Harbour Post{POP}."
        assert spoken(RIGHT_TO_LEFT).isolated("مەنبە: Harbour Post.") == text

    def test_a_name_of_either_direction_is_isolated_as_a_unit(self) -> None:
        assert (
            spoken(RIGHT_TO_LEFT).whole("دىلنۇر Yasin")
            == f"{ISOLATE}دىلنۇر Yasin{POP}"
        )
        assert spoken(RIGHT_TO_LEFT).whole("") == ""

    @pytest.mark.parametrize("code", ["en", "de", "tr", "zh"])
    def test_in_left_to_right_languages_nothing_is_isolated(
        self, code: str
    ) -> None:
        lang = spoken(code)
        text = "مەنبە: Harbour Post (1)."
        assert lang.isolated(text) == lang.whole(text) == text

    def test_a_uyghur_date_is_kept_together_and_isolated(self) -> None:
        lang = spoken(RIGHT_TO_LEFT)
        date = f"{ISOLATE}2020{POP}‑يىلى\u00a0{ISOLATE}9{POP}‑ئۆكتەبىر"
        assert lang.typeset(lang.date(DAY)) == date

    def test_there_is_no_space_between_chinese_sentences(self) -> None:
        assert spoken("zh").sentences("甲。", "", "乙。") == "甲。乙。"
        assert spoken("de").sentences("A.", "", "B.") == "A. B."


class TestRefusals:
    """Errors are one line that names the language or the file."""

    def refusal(
        self, code: str, folders: list[Path], kind: type[BriefingError]
    ) -> str:
        with pytest.raises(kind) as caught:
            load_language(code, folders)
        message = str(caught.value)
        assert "\n" not in message
        return message

    @pytest.mark.parametrize(
        "code", ["xx", "qqq", "e", "not-a-language", "../en", ""]
    )
    def test_an_unknown_language_code_is_refused(self, code: str) -> None:
        assert f"'{code}'" in self.refusal(code, [TEMPLATES], RefusedError)

    def test_a_language_without_a_catalogue_is_refused_with_the_file_it_needs(
        self,
    ) -> None:
        assert "languages/eo.po" in self.refusal(
            "eo", [TEMPLATES], RefusedError
        )

    @pytest.mark.parametrize(
        "text",
        [
            'msgid "Unsubscribe"\n',
            'msgid "Unsubscribe"\nsomething else\n',
            "no catalogue at all\n",
        ],
        ids=["no translation", "unknown line", "prose"],
    )
    def test_a_broken_catalogue_is_named_with_its_file(
        self, write_catalogue: WriteCatalogue, text: str
    ) -> None:
        folder = write_catalogue("de", text)
        assert str(Path("languages") / "de.po") in self.refusal(
            "de", [folder], TemplateError
        )

    def test_a_catalogue_that_is_not_utf_8_is_named_with_its_file(
        self, write_catalogue: WriteCatalogue
    ) -> None:
        folder = write_catalogue("de", "")
        (folder / "languages" / "de.po").write_bytes(
            catalogue_of("de", Unsubscribe="Kündigen").encode("cp1252"),
        )
        assert str(Path("languages") / "de.po") in self.refusal(
            "de", [folder], TemplateError
        )

    def test_a_corrected_catalogue_is_read_again(
        self, write_catalogue: WriteCatalogue
    ) -> None:
        folder = write_catalogue("de", "no catalogue at all\n")
        self.refusal("de", [folder], TemplateError)
        write_catalogue("de", catalogue_of("de", Unsubscribe="Abbestellen"))
        assert (
            load_language("de", [folder]).phrase("Unsubscribe") == "Abbestellen"
        )


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("de", "Deutsch"),
        ("zh-Hant", "中文 (繁體)"),
        ("qq", "qq"),
        ("not a code", "not a code"),
    ],
)
def test_a_language_has_a_name_of_its_own(code: str, name: str) -> None:
    assert own_name(code) == name


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-at", "de"),
        ("zh-hant", "zh-Hant"),
        ("zh-Hans", "zh"),
        ("fr", ""),
        ("", ""),
    ],
)
def test_a_reader_gets_the_edition_in_their_language_or_without_its_region(
    wanted: str, code: str
) -> None:
    assert code_for_reader(wanted, ["en", "de", "zh", "zh-Hant"]) == code
