"""Rules on texts: a broken sample for each rule, and no finding in sound texts of any script."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from briefing.checks import text as family
from briefing.checks.check import Render
from briefing.checks.git import Git
from briefing.checks.inspected import InspectedEdition
from briefing.checks.rule import Finding, Severity, apply_rules, rules_of
from briefing.errors import RefusedError
from briefing.issue import markdown
from briefing.issue.model import Issue
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render as render_edition
from tests.checks.conftest import SETTINGS, SOUND, TODAY, Check, not_rendered
from tests.issue.strategies import issues

PREHEADER = (
    "A court opens its files, and a letter that takes ten minutes to write."
)
HEADLINE = "### A court opens its files"
LAST = "The court has opened the files of the last three years."


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (family,)


@pytest.fixture
def render() -> Render:
    return not_rendered


def only(findings: list[Finding]) -> tuple[str, int | None, str]:
    (finding,) = findings
    return finding.rule, finding.line, finding.message


@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("TODO", "editors-note"),
        ("(FIXME: who?)", "editors-note"),
        ("XXX", "editors-note"),
        ("待办TODO事项", "editors-note"),
        ("xxxx", "editors-note"),
        ("TBD", "editors-note"),
        ("TKTK", "editors-note"),
        ("TK TK", "editors-note"),
        ("<!-- ask Mira -->", "editors-note"),
        ("<<second source?>>", "editors-note"),
        ("Lorem ipsum", "placeholder"),
        ("xx October", "placeholder"),
        ("XX October 2020", "placeholder"),
        ("XX. Oktober 20XX", "placeholder"),
        ("xx Month", "placeholder"),
        ("XX Month", "placeholder"),
        ("XX.XX.2020", "placeholder"),
        ("XX月10日", "placeholder"),
        ("[LINK]", "placeholder"),
        ("[link to the ruling]", "placeholder"),
        ("[Add a sentence on this]", "placeholder"),
        ("[insert photo]", "placeholder"),
        ("[Zahl ergänzen]", "placeholder"),
        ("[bağlantı]", "placeholder"),
        ("【链接】", "placeholder"),
        ("【待补充】", "placeholder"),
        ("[ئۇلانما]", "placeholder"),
        ("{{ name }}", "placeholder"),
        ("{date}", "placeholder"),
        ("*|FNAME|*", "placeholder"),
        ("[email protected]", "hidden-address"),
        ("[email\u00a0protected]", "hidden-address"),
        ("[e-mail&#160;protected]", "hidden-address"),
        (
            "[us](https://www.example.com/cdn-cgi/l/email-protection#1a)",
            "hidden-address",
        ),
        (
            "This email address is being protected from spambots.",
            "hidden-address",
        ),
    ],
)
def test_notes_and_placeholders_are_reported(
    check_issue: Check, note: str, rule: str
) -> None:
    found = [
        finding
        for finding in check_issue(SOUND.replace(LAST, f"{LAST} {note}"))
        if finding.severity == "error"
    ]
    assert [(finding.rule, finding.line) for finding in found] == [(rule, 12)]


GREETINGS = (
    "Dear all, here is what we read.",
    "**Hello everyone!** Here is what we read.",
    "Liebe Leserinnen und Leser,",
    "Sehr geehrte Damen und Herren: hier lesen Sie",
    "Değerli okurlar, bu hafta",
    "亲爱的读者，本周我们读到",
    "大家好！本周我们读到",
    "قەدىرلىك ئوقۇرمەنلەر، بۇ ھەپتە",
)


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_greeting_below_that_of_the_email_is_reported(
    check_issue: Check, greeting: str
) -> None:
    rule, line, message = only(
        check_issue(SOUND.replace("What we read", greeting))
    )
    assert (rule, line) == ("greeting-twice", 5)
    assert message.endswith("delete it")


@pytest.mark.parametrize(
    "words",
    [
        "Dearer bread is what the harbour talks about, and rain.",
        "High water, low wages:",
        "We read this week. Dear all,",
        "Liebesbriefe, die niemand las:",
        "各地的法院。本周，",
    ],
)
def test_other_first_words_are_not_a_greeting(
    check_issue: Check, words: str
) -> None:
    assert not check_issue(SOUND.replace("What we read", words))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("# Weekly Brief", "# TODO Weekly Brief", 1),
        ("preheader:", "preheader: TODO", 3),
        ("What we read", "TODO What we read", 5),
        ("### A court", "### TODO a court", 7),
        ("source:", "source: TODO", 8),
        ("link:", "contact: TODO\nlink:", 10),
        ("\n### A court", "\n## TODO\n\n### A court", 7),
    ],
)
def test_a_note_is_reported_in_every_place(
    check_issue: Check, old: str, new: str, line: int
) -> None:
    assert only(check_issue(SOUND.replace(old, new, 1)))[:2] == (
        "editors-note",
        line,
    )


@pytest.mark.parametrize(
    "words",
    [
        "Todo el mundo lo sabe; ante todo, los jueces.",
        "The todos of the week, methods, AXXX9 and Xxi.",
        "“They [the guards] came […] and took [name withheld] away [sic].”",
        "It is said [in Uyghur] that [links] a photo stands, [see below].",
        "The [link](https://www.example.com/a) and [name](https://www.example.com/b).",
        "<https://www.example.com/TODO/xxx/{id}?a=[link]>",
        "If 2 < 3 and 3 > 2, then <so>.",
        "The XXI congress, 2020, xxl and 10xx.",
        "`code` and a -- dash",
        "Write to press@example.org.",
    ],
)
def test_what_only_looks_like_a_note_is_not_a_finding(
    check_issue: Check, words: str
) -> None:
    assert check_issue(SOUND.replace(LAST, words)) == []


@pytest.mark.parametrize(
    ("character", "rule", "words"),
    [
        (
            "\u202e",
            "direction-override",
            "U+202E (right-to-left override) after 'cou'",
        ),
        (
            "\u202a\u202c",
            "direction-override",
            "U+202A (left-to-right embedding) after 'cou' (and 1 more)",
        ),
        ("\u2066", "direction-override", "U+2066 (left-to-right isolate)"),
        ("\u2069", "direction-override", "U+2069"),
        ("&#8238;", "direction-override", "U+202E"),
        (
            "\u200b",
            "invisible-character",
            "U+200B (zero width space) after 'cou'",
        ),
        ("&ZeroWidthSpace;", "invisible-character", "U+200B"),
        ("\u2060", "invisible-character", "U+2060 (word joiner)"),
        ("\ufeff", "invisible-character", "U+FEFF"),
        ("\u3164", "invisible-character", "U+3164 (hangul filler)"),
        (
            "\U000e0041",
            "invisible-character",
            "U+E0041 (tag latin capital letter a)",
        ),
        ("\x1b", "invisible-character", "U+001B (control character)"),
        ("\u2028", "invisible-character", "U+2028 (line separator)"),
        ("\U000e0101\U000e0102", "invisible-character", "U+E0101"),
        ("\u00ad", "soft-hyphen", "U+00AD (soft hyphen) after 'cou'"),
        ("&shy;", "soft-hyphen", "U+00AD (soft hyphen) after 'cou'"),
        ("\ufffd", "broken-characters", "is garbled"),
        ("Ã¼", "broken-characters", "'Ã¼' after 'cou'"),
    ],
)
def test_an_invisible_character_is_named_with_the_word_before_it(
    check_issue: Check, character: str, rule: str, words: str
) -> None:
    found = only(
        check_issue(SOUND.replace("The court", f"The cou{character}rt"))
    )
    assert found[:2] == (rule, 12)
    assert words in found[2]
    assert found[2].isprintable()


@pytest.mark.parametrize(
    "words",
    [
        "می\u200cخواهم نامه\u200cای بنویسم.",  # Persian writes with zero-width non-joiners
        "ශ්\u200dරී ලංකා",
        "\u200fئۇيغۇر \u200eBBC\u200e\u200f",
        "Families 👨\u200d👩\u200d👧, ❤\ufe0f and 🏳\ufe0f\u200d🌈",
        "Scotland \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "葛\U000e0100城",
        "Größe, Ärger, MÜLLER, Çağrı, İstanbul’un ışığı",
        "ئۇيغۇر ئاپتونوم رايونىدىكى مەكتەپلەر تاقالدى، دېدى ئۇ.",
        "新疆维吾尔自治区的学校已经关闭。“他们在哪里？”",
        "1\u00a0000 people, 10\u202f%",
        "A ~line~ with *emphasis*, **strong words** and `a ** b`.",
        "\\*\u200cNot her real name.",
    ],
)
def test_what_scripts_need_is_not_a_finding(
    check_issue: Check, words: str
) -> None:
    assert (
        check_issue(
            SOUND.replace(LAST, words).replace(
                "Harbour Post", words.strip("\\*")
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "words"),
    [
        (
            "# Weekly Brief, 9 October 2020",
            "#",
            "title-missing",
            1,
            "write one after the #",
        ),
        (
            "# Weekly Brief, 9 October 2020",
            "# —",
            "title-missing",
            1,
            "the issue has no title",
        ),
        (HEADLINE, "###", "title-missing", 7, "the article has no headline"),
        (LAST, "", "text-missing", 7, "'A court opens its files' has no text"),
        (LAST, "* * *", "text-missing", 7, "write a few lines"),
        (LAST, "&nbsp;", "text-missing", 7, "write a few lines"),
        (
            "date: 2020-10-09\n",
            f"date: 2020-10-09\nsubject: {'long ' * 15}\n",
            "subject-length",
            3,
            "has 74 characters and is cut off after 70",
        ),
        (
            "date: 2020-10-09\n",
            f"date: 2020-10-09\nsubject: {'周报' * 18}\n",
            "subject-length",
            3,
            "has 36 characters and is cut off after 35",
        ),
        (
            "date: 2020-10-09\n",
            f"date: 2020-10-09\nsubject: {'周报' * 15} {'word ' * 4}\n",
            "subject-length",
            3,
            "has 50 characters and is cut off after 40",
        ),
        (
            "# Weekly Brief, 9 October 2020",
            "# Brief",
            "subject-length",
            1,
            "'Brief' says little",
        ),
        (
            "9 October 2020",
            "now! Read it!",
            "subject-shouts",
            1,
            "use one at most",
        ),
        (
            "9 October 2020",
            "本周要闻！快读！",
            "subject-shouts",
            1,
            "use one at most",
        ),
        (
            HEADLINE,
            "### A COURT OPENS ITS FILES",
            "capitals",
            7,
            "'A COURT OPENS ITS FILES' is all in capitals",
        ),
        (
            "# Weekly Brief, 9 October",
            "# WEEKLY BRIEF, 9 OCTOBER",
            "capitals",
            1,
            "is all in capitals",
        ),
        (
            "date: 2020-10-09\n",
            "date: 2020-10-09\nsubject: A RULING ON FILES\n",
            "capitals",
            3,
            "is all in capitals",
        ),
        (
            "\n### A court",
            "\n## IN THE NEWS TODAY\n\n### A court",
            "capitals",
            7,
            "is all in capitals",
        ),
        (
            PREHEADER,
            "Short.",
            "preheader-length",
            3,
            "the preheader has only 6 characters",
        ),
        (
            PREHEADER,
            "long " * 27,
            "preheader-length",
            3,
            "has 134 characters and is cut",
        ),
        (
            f"preheader: {PREHEADER}\n",
            "",
            "preheader-length",
            1,
            "made from the headlines has only 23 characters",
        ),
        (
            LAST,
            "The **court has opened.",
            "marks-shown",
            12,
            "readers would see the ** after 'The'",
        ),
        (
            LAST,
            "One line,\nthen an unpaired __word.",
            "marks-shown",
            13,
            "readers would see the __ after 'unpaired'",
        ),
        (
            LAST,
            "- one\n\n- **“二”**三",
            "marks-shown",
            14,
            "readers would see the **",
        ),
        (
            LAST,
            "[The ruling](https://www.example.com/a b).",
            "marks-shown",
            12,
            "write a link as [words](https://…)",
        ),
        (
            LAST,
            "[The ruling] (https://www.example.com/).",
            "marks-shown",
            12,
            "write a link as [words](https://…)",
        ),
        (
            LAST,
            "The <b>court</b> has opened.",
            "marks-shown",
            12,
            "HTML isn't supported",
        ),
        (
            LAST,
            "See www.example.com/a for more.",
            "bare-address",
            12,
            "write it as [words](https://…)",
        ),
        (
            LAST,
            "![](court.jpg)",
            "picture-in-text",
            12,
            "write 'image: court.jpg' below the headline",
        ),
        (
            "What we read",
            "What **we read",
            "marks-shown",
            5,
            "close it, or delete it",
        ),
    ],
)
def test_a_broken_text_is_reported_with_its_line_and_what_to_do(
    check_issue: Check, old: str, new: str, rule: str, line: int, words: str
) -> None:
    found = only(check_issue(SOUND.replace(old, new, 1)))
    assert found[:2] == (rule, line)
    assert words in found[2]


def test_a_preheader_that_repeats_the_subject_is_reported(
    check_issue: Check,
) -> None:
    text = SOUND.replace(PREHEADER, PREHEADER.upper()).replace(
        "date:", f"subject: {PREHEADER}\ndate:", 1
    )
    assert only(check_issue(text))[:2] == ("preheader-repeats-subject", 4)


def test_an_issue_with_nothing_in_it_is_reported(check_issue: Check) -> None:
    text = f"# Weekly Brief, 9 October 2020\npreheader: {PREHEADER}\n\n## In the news\n"
    assert only(check_issue(text))[:2] == ("nothing-to-read", 1)


@pytest.mark.parametrize(
    "kind", ["press-release", "statement", "brief", "appeal"]
)
def test_an_item_shown_under_its_kind_needs_no_headline(
    check_issue: Check, kind: str
) -> None:
    assert check_issue(SOUND.replace(HEADLINE, f"###\nkind: {kind}")) == []


@pytest.mark.parametrize(
    ("lang", "title", "preheader", "item"),
    [
        (
            "ug",
            "ھەپتىلىك خەۋەرنامە، 2020-يىلى 9-ئۆكتەبىر",
            "سوت ئون بىر ئوقۇتقۇچىنىڭ ئىز-دېرىكىنى سورىدى، دېدى ئۇ.",
            "سوت قارارى",
        ),
        (
            "zh",
            "每周简报，2020年10月9日",
            "法院要求说明十一名教师的下落，一家公司停止供货。",
            "法院公开档案 NATO BBC CNN UN",
        ),
        (
            "tr",
            "Haftalık Bülten, 9 Ekim 2020",
            "Mahkeme on bir öğretmenin nerede olduğunu sordu.",
            "MAHKEME SORDU: Işık nerede?",
        ),
        (
            "de",
            "Wochenbrief, 9. Oktober 2020",
            "Das Gericht fragt, wo elf Lehrerinnen und Lehrer sind.",
            "Größe & Straße",
        ),
    ],
)
def test_a_sound_issue_in_any_language_has_no_finding(
    check_issue: Check, lang: str, title: str, preheader: str, item: str
) -> None:
    text = f"# {title}\npreheader: {preheader}\n\n### {item}\nsource: BBC\n\n{preheader}\n"
    assert (
        check_issue(
            text, settings=SETTINGS.replace('["en", "ug"]', f'["{lang}"]')
        )
        == []
    )


class TestNever:
    SETTINGS = f'{SETTINGS}[check]\nnever = "names.txt"\n'

    @pytest.fixture
    def names(self, newsletter: Newsletter) -> Path:
        return newsletter.root / "names.txt"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Aren Torvas", "They met ÁREN TORVAS."),
            ("Aren Torvas  # the poet", "They met Aren\nTorvas."),
            ("Aren Torvas", "> They met Aren\n> Torvas."),
            ("Aren Torvas", "They met *Aren* **Torvas**."),
            ("Aren Torvas", "They met A\u200bren Tor&shy;vas."),
            ("Aren Torvas", "[words](https://www.example.com/Aren%20Torvas)"),
            ("Aren Torvas", "https://www.example.com/aren-torvas.html"),
            ("Aren Torvas", "They met Ａｒｅｎ\u00a0Ｔｏｒｖａｓ."),
            ("Aren Torvas", "Aren Torvas’s letters"),
            ("Aren Torvas", "Aren Torvas' Briefe; Aren Torvass Briefe"),
            ("Solane", "Solanes Briefe"),
            ("Işık", "IŞIK"),
            ("İlham", "ilham"),
            ("O'Neil", "O’Neil"),
            ("Müller", "Mu\u0308ller"),
            ("ئارېن تورۋاس", "شائىر ئارېن تورۋاسنىڭ خېتى"),
            ("伊力哈木", "作家伊力哈木被判刑"),
            ("伊力哈木·土赫提", "作家伊力哈木•土赫提被判刑"),
            ("李伟", "他叫李\n伟。"),
            ("สมชาย", "นายสมชายถูกจับ"),
        ],
    )
    def test_a_word_is_found_however_it_is_written(
        self, check_issue: Check, names: Path, name: str, text: str
    ) -> None:
        names.write_text(f"# Never to be named\n\n{name}\n", "utf-8")
        found = [
            finding
            for finding in check_issue(
                SOUND.replace(LAST, text), settings=self.SETTINGS
            )
            if "never" in finding.rule
        ]
        assert {(finding.rule, finding.line) for finding in found} == {
            ("never-words", 12)
        }
        assert found[0].message.startswith(
            f"'{name.partition('  #')[0]}' must never appear"
        )

    @pytest.mark.parametrize(
        ("old", "new", "line"),
        [
            ("# Weekly Brief,", "# Weekly Brief of Ann,", 1),
            ("A court opens its files,", "Ann’s court opens its files,", 3),
            ("What we read", "What Ann reads", 5),
            ("A court opens its files\n", "A court hears Ann\n", 7),
            ("Harbour Post", "Ann", 8),
            ("link:", "contact: Ann, +1 555 0142\nlink:", 10),
            ("link:", "photo: Ann\nlink:", 10),
            ("/files", "/files/ann", 10),
            ("\n### A court", "\n## Ann\n\n### A court", 7),
        ],
    )
    def test_it_is_found_in_every_place(
        self, check_issue: Check, names: Path, old: str, new: str, line: int
    ) -> None:
        names.write_bytes("\ufeffBo\r\nAnn\r\n".encode())
        assert only(
            check_issue(SOUND.replace(old, new, 1), settings=self.SETTINGS)
        )[:2] == ("never-words", line)

    def test_it_is_found_in_another_edition(
        self, check_issue: Check, names: Path
    ) -> None:
        names.write_text("Harbour Post\n", "utf-8")
        found = check_issue(
            SOUND.replace("Harbour Post", "BBC"),
            settings=self.SETTINGS,
            ug=SOUND,
        )
        assert [(finding.path.name, finding.line) for finding in found] == [
            ("issue.ug.md", 8)
        ]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Ann", "Annexed, annual, Joann: channels"),
            ("Alt", "Kind, Altar"),
            ("Amina", "Nobody"),
            (
                "Aren Torvas",
                "Aren did; the other one,\n\n1. as he said, is Torvas.",
            ),
            ("ئەلى", "مەسئەلى"),
            ("—", "a — b"),
            ("# Ann", "Ann"),
            ("李伟", "李先生很伟大"),
        ],
    )
    def test_other_words_are_not_a_finding(
        self, check_issue: Check, names: Path, name: str, text: str
    ) -> None:
        """Neither words that contain one, nor names of header lines, nor the made-up reader's name."""
        names.write_text(f"{name}\n", "utf-8")
        assert (
            check_issue(
                SOUND.replace(LAST, text).replace("link:", "alt: A\nlink:"),
                settings=self.SETTINGS,
            )
            == []
        )

    @pytest.mark.parametrize(
        "content",
        [None, b"", b"\xff\xfe"],
        ids=["missing", "a folder", "not UTF-8"],
    )
    def test_a_file_that_cannot_be_read_is_an_error(
        self, check_issue: Check, names: Path, content: bytes | None
    ) -> None:
        if content:
            names.write_bytes(content)
        elif content is not None:
            names.mkdir()
        (finding,) = check_issue(settings=self.SETTINGS)
        assert (finding.rule, finding.severity, finding.path) == (
            "never-file",
            Severity.ERROR,
            names,
        )

    def test_a_name_in_another_encoding_is_reported_with_its_line(
        self, check_issue: Check, names: Path
    ) -> None:
        names.write_bytes(b"Ann\nZo\xeb\n")
        (finding,) = check_issue(settings=self.SETTINGS)
        assert (finding.rule, finding.line) == ("never-file", 2)

    def test_a_thousand_names_are_looked_for(
        self, check_issue: Check, names: Path
    ) -> None:
        names.write_text(
            "".join(
                f"Torvas Nobody{number}\n李伟{number}\n"
                for number in range(500)
            ),
            "utf-8",
        )
        assert (
            check_issue(
                SOUND.replace(LAST, f"{LAST}\n" * 500), settings=self.SETTINGS
            )
            == []
        )


class TestNeverWordsInTheMail:
    @pytest.fixture
    def render(self) -> Render:
        return render_edition

    def test_a_word_is_found_in_what_the_settings_add_to_the_email(
        self, check_issue: Check, newsletter: Newsletter
    ) -> None:
        (newsletter.root / "names.txt").write_text("Exampleton\n", "utf-8")
        assert only(check_issue(settings=TestNever.SETTINGS))[:2] == (
            "never-words",
            None,
        )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(issue=issues())
def test_whatever_an_issue_contains_each_finding_is_one_line(
    newsletter: Newsletter, issue: Issue
) -> None:
    path = newsletter.issues / "2020-10-09" / "issue.md"
    edition = Edition(
        markdown.read(markdown.write(issue), path), path, "en", ""
    )
    inspected = InspectedEdition(
        newsletter,
        edition,
        RefusedError("not rendered here"),
        edition,
        Published((), str),
        Git(newsletter.root),
        TODAY,
    )
    for finding in apply_rules(
        rules_of(family), inspected, inspected.edition.path
    ):
        assert finding.line
        assert not any(
            character in finding.message for character in "\n\r\x1b\u202e\u2028"
        )


def test_every_bare_address_in_a_line_is_reported(check_issue: Check) -> None:
    text = SOUND + "\nSee www.example.com/a, or www.example.com/b.\n"
    assert [found.about for found in check_issue(text)] == [
        "'www.example.com/a,'",
        "'www.example.com/b.'",
    ]
