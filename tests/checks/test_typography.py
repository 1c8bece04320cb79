"""Rules on typography: what each finds, and what it leaves alone."""

from collections.abc import Sequence
from types import ModuleType

import pytest

from briefing.checks import typography
from briefing.checks.check import Render
from tests.checks.conftest import SOUND, ChangeTemplate, Check, not_rendered

TEXT = "The court has opened the files of the last three years."
LINE = 12
"""Of the item's text."""


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (typography,)


class TestTexts:
    @pytest.fixture
    def render(self) -> Render:
        return not_rendered

    def found(self, check_issue: Check, text: str) -> list[tuple[str, str]]:
        findings = check_issue(SOUND.replace(TEXT, text))
        assert all(finding.line == LINE for finding in findings)
        return [(finding.rule, finding.message) for finding in findings]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                'The judge said "No".',
                "\" after 'said' is a typewriter's mark; type “…”",
            ),
            (
                "The judge said 'No.' again.",
                "' after 'said' is a typewriter's mark; type ‘…’",
            ),
            (
                "The judge -- at last -- spoke.",
                "-- after 'judge' is a typewriter's mark; type –",
            ),
            (
                "The judge--at last--spoke.",
                "-- after 'judge' is a typewriter's mark; type –",
            ),
        ],
    )
    def test_typewriter_marks(
        self, check_issue: Check, text: str, message: str
    ) -> None:
        assert self.found(check_issue, text) == [("typewriter-marks", message)]

    @pytest.mark.parametrize(
        "text",
        [
            "It’s “so”, ‘so’ – and so on.",
            "It's the miners' strike of '84, rock 'n roll.",
            'A door of 80" by 5\'10".',
            "Run `briefing --help` or briefing --help.",
            '[words](https://example.org/ "title") and `"code"`',
            "a\n\n---\n\nb",
        ],
    )
    def test_apostrophes_inches_options_and_code_are_left_alone(
        self, check_issue: Check, text: str
    ) -> None:
        assert self.found(check_issue, text) == []

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("Ha\u0300\u0301\u0302\u0303\u0304rbour", 5),
            ("و" + "\u064b" * 40, 40),
        ],
    )
    def test_heaped_marks(
        self, check_issue: Check, text: str, count: int
    ) -> None:
        ((rule, message),) = self.found(check_issue, f"The {text}")
        assert rule == "heaped-marks"
        assert message.startswith(f"{count} accents are heaped")

    @pytest.mark.parametrize(
        "text",
        [
            "Nguyễn Thị Hiền",
            "Nguye\u0302\u0303n",
            "مُحَمَّدٌ",
            "བསྒྲུབས་",
            "क्ष्म्य",
            "שָׁלוֹם",
        ],
    )
    def test_accents_as_languages_write_them_are_left_alone(
        self, check_issue: Check, text: str
    ) -> None:
        assert self.found(check_issue, text) == []


UYGHUR = """\
# خەۋەرنامە

### سوت ھۆججەتلەرنى ئاچتى
source: Harbour Post
link: https://www.example.com/files

سوت ھۆججەتلەرنى ئاچتى، دېدى «گېزىت».
"""


@pytest.mark.parametrize(
    ("lang", "typed", "better"),
    [
        ("ug", '"گېزىت"', "«…»"),
        ("de", '"Zeitung"', "„…“"),
        ("tr", "'Gazete'", "‘…’"),
        ("zh", '"报"', "“…”"),
        ("zh", "甲 -- 乙", "——"),
    ],
)
def test_the_marks_of_the_edition_are_proposed(
    check_issue: Check, lang: str, typed: str, better: str
) -> None:
    edition = UYGHUR.replace("«گېزىت»", typed)
    (finding,) = check_issue(**{lang: edition})
    assert finding.path.name == f"issue.{lang}.md"
    assert finding.message.endswith(f"type {better}")


class TestLetterSpacing:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("style.css", "1px"),
            ("style.css", "-0.5px"),
            ("style.css", "0.02em"),
        ],
    )
    def test_letters_spaced(
        self,
        check_issue: Check,
        change_template: ChangeTemplate,
        name: str,
        value: str,
    ) -> None:
        rule = f"p.byline {{ letter-spacing: {value};"
        change_template(name, "p.byline {", rule)
        (finding,) = check_issue(ug=UYGHUR)
        assert finding.rule == "letters-spaced"
        assert finding.path.name == "style.css"
        assert finding.message.startswith(f"letter-spacing of {value} tears")

    def test_it_is_found_in_the_style_sheet_of_the_head(
        self, check_issue: Check, change_template: ChangeTemplate
    ) -> None:
        change_template(
            "enhancements.css",
            "@media print {",
            "@media print { p { letter-spacing: 2px !important; }",
        )
        (finding,) = check_issue(ug=UYGHUR)
        assert finding.path.name == "enhancements.css"

    @pytest.mark.parametrize(
        "value",
        ["0", "0px", "normal", "{{ '0' if lang.code == 'ug' else '1px' }}"],
    )
    def test_none_is_fine(
        self, check_issue: Check, change_template: ChangeTemplate, value: str
    ) -> None:
        change_template(
            "style.css", "p.byline {", f"p.byline {{ letter-spacing: {value};"
        )
        assert check_issue(ug=UYGHUR) == []

    def test_letters_that_are_not_joined_may_be_spaced(
        self, check_issue: Check, change_template: ChangeTemplate
    ) -> None:
        change_template(
            "style.css", "p.byline {", "p.byline { letter-spacing: 1px;"
        )
        assert check_issue() == []
