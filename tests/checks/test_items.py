"""Rules on items: a broken sample for each rule, and no finding in sound items."""

import datetime as dt
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from briefing.checks import items as family
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
from tests.checks.conftest import (
    SETTINGS,
    SOUND,
    TODAY,
    Check,
    not_rendered,
)
from tests.issue.strategies import issues

LINK = "link: https://www.example.com/files\n"
PHOTO = "image: court.jpg\nalt: A courthouse at sunset.\nphoto: Jo Doe\n"
AGAIN = "\n### Other words\nsource: BBC\ndate: 2020-10-08\nlink: https://www.example.com/files\n\nText.\n"


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (family,)


@pytest.fixture
def render() -> Render:
    return not_rendered


def with_photo(old: str = "", new: str = "") -> str:
    return SOUND.replace(LINK, LINK + PHOTO.replace(old, new))


def places(findings: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [
        (finding.path.name, finding.rule, finding.line) for finding in findings
    ]


@pytest.mark.parametrize(
    ("text", "rule", "line", "words"),
    [
        (
            SOUND.replace("source: Harbour Post\n", ""),
            "no-source",
            7,
            "write 'source:' below the headline",
        ),
        (
            SOUND.replace("date: 2020-10-08\n", ""),
            "no-date",
            7,
            "'A court opens its files' has no date",
        ),
        (SOUND.replace(LINK, ""), "no-link", 7, "if it is on the web"),
        (
            SOUND.replace(LINK, "kind: statement\n").replace(
                "### A court opens its files", "###"
            ),
            "no-link",
            7,
            "this",
        ),
        (
            with_photo("alt: A courthouse at sunset.\n"),
            "no-alt",
            11,
            "'court.jpg' has no description",
        ),
        (
            with_photo("photo: Jo Doe\n"),
            "no-credit",
            11,
            "'court.jpg' has no credit",
        ),
        (
            with_photo("image: court.jpg\n"),
            "credit-without-photo",
            12,
            "'Jo Doe' is credited, but the item has no photo",
        ),
        (
            with_photo("A courthouse at sunset.", "IMG_2041.JPG"),
            "alt-says-nothing",
            12,
            "is only a file name",
        ),
        (
            with_photo("A courthouse at sunset.", "Court"),
            "alt-says-nothing",
            12,
            "is only a file name",
        ),
        (
            with_photo("A courthouse at sunset.", "A court  opens its Files"),
            "alt-says-nothing",
            12,
            "repeats",
        ),
        (
            SOUND.replace("2020-10-08", "2020-10-10"),
            "date-in-the-future",
            9,
            "2020-10-10 is in the future",
        ),
        (
            SOUND.replace("2020-10-08", "2020-09-07"),
            "old-news",
            9,
            "more than a month before the issue",
        ),
        (
            SOUND + AGAIN,
            "same-item-twice",
            14,
            "'Other words' is already on line 7",
        ),
        (
            SOUND.replace(LINK, f"{LINK}lang: German\n"),
            "unknown-language",
            11,
            "'German' isn't a language code",
        ),
        (
            SOUND.replace(LINK, f"{LINK}lang: xq\n"),
            "unknown-language",
            11,
            "'xq' isn't a language code",
        ),
        (
            SOUND.replace("date:", "corrects: 2020-10-02\ndate:", 1),
            "corrects-nothing",
            2,
            "no other issue '2020-10-02'",
        ),
        (
            SOUND.replace("date:", "corrects: 2020-10-09\ndate:", 1),
            "corrects-nothing",
            2,
            "write the name of its",
        ),
        (
            SOUND.replace("date: 2020-10-09", "date: 2020-10-08"),
            "date-differs-from-folder",
            2,
            "is named 2020-10-09",
        ),
    ],
)
def test_a_broken_item_is_reported_with_its_line_and_what_to_do(
    check_issue: Check, text: str, rule: str, line: int, words: str
) -> None:
    (finding,) = check_issue(text)
    assert (finding.rule, finding.line) == (rule, line)
    assert words in finding.message
    assert (finding.severity is Severity.ERROR) == (
        rule in {"corrects-nothing", "date-differs-from-folder"}
    )


@pytest.mark.parametrize(
    ("date", "today", "found"),
    [
        ("2020-10-09", dt.date(2020, 10, 2), []),
        (
            "2020-10-09",
            dt.date(2020, 10, 1),
            [("issue.md", "issue-far-ahead", 2)],
        ),
        ("2020-09-08", TODAY, []),
        ("2020-09-07", TODAY, [("issue.md", "old-news", 9)]),
        ("2020-10-09", TODAY, []),
    ],
)
def test_a_week_ahead_and_a_month_back_are_allowed(
    check_issue: Check,
    date: str,
    today: dt.date,
    found: list[tuple[str, str, int]],
) -> None:
    text = SOUND.replace(
        "date: 2020-10-08",
        f"date: {date}" if today == TODAY else "date: 2020-09-30",
    )
    assert places(check_issue(text, today=today)) == found


@pytest.mark.parametrize(
    "text",
    [
        with_photo(),
        SOUND.replace(LINK, f"{LINK}lang: de\n"),
        SOUND.replace(LINK, f"{LINK}lang: zh-Hans\n"),
        SOUND.replace(LINK, f"{LINK}lang: ug\n"),
        SOUND.replace("date: 2020-10-09\n", ""),
        SOUND + AGAIN.replace("files", "others"),
        SOUND.replace("A court opens its files", "سوت ھۆججەتلەرنى ئاچتى"),
        with_photo("A courthouse at sunset.", "夕阳下的法院大楼"),
    ],
)
def test_a_sound_item_has_no_finding(check_issue: Check, text: str) -> None:
    assert check_issue(text) == []


class TestEarlierIssues:
    @pytest.fixture
    def earlier(self, newsletter: Newsletter) -> None:
        for name, heading, link in [
            ("2020-09-25", "An old map", "a"),
            ("2020-10-02-appeal", "Files", "files"),
        ]:
            (newsletter.issues / name).mkdir()
            text = f"# Brief\n\n### {heading}\nlink: https://www.example.com/{link}\n\nText.\n"
            (newsletter.issues / name / "issue.md").write_text(text, "utf-8")

    def test_news_that_ran_before_is_found_with_the_issue_and_its_date(
        self, check_issue: Check, earlier: None
    ) -> None:
        (finding,) = check_issue()
        assert (finding.rule, finding.line) == ("ran-before", 7)
        assert (
            "was in issue 2020-10-02-appeal of 2020-10-02;" in finding.message
        )

    def test_an_earlier_issue_may_be_in_a_file_named_after_the_first_language(
        self, check_issue: Check, newsletter: Newsletter, earlier: None
    ) -> None:
        path = newsletter.issues / "2020-10-02-appeal" / "issue.md"
        path.rename(path.with_name("issue.en.md"))
        assert ("issue.md", "ran-before", 7) in places(check_issue())

    def test_the_same_headline_without_a_link_ran_before_as_well(
        self, check_issue: Check, earlier: None
    ) -> None:
        text = SOUND.replace(
            "A court opens its files\n", "An old  MAP\n"
        ).replace(LINK, "")
        assert ("issue.md", "ran-before", 7) in places(check_issue(text))

    def test_an_issue_that_exists_can_be_corrected(
        self, check_issue: Check, earlier: None
    ) -> None:
        text = SOUND.replace(
            "date:", "corrects: 2020-10-02-appeal\ndate:", 1
        ).replace("/files", "/new")
        assert check_issue(text) == []


class TestEditions:
    def test_what_the_first_edition_lacks_as_well_is_only_reported_there(
        self, check_issue: Check
    ) -> None:
        bad = with_photo("alt: A courthouse at sunset.\n").replace(
            "source: Harbour Post\n", ""
        )
        assert [name for name, _, _ in places(check_issue(bad, ug=bad))] == [
            "issue.md",
            "issue.md",
        ]

    def test_what_a_translator_left_out_is_reported_in_the_translation(
        self, check_issue: Check
    ) -> None:
        bad = with_photo("alt: A courthouse at sunset.\n").replace(
            "source: Harbour Post\n", ""
        )
        found = places(check_issue(with_photo(), ug=bad))
        assert found == [
            ("issue.ug.md", "no-source", 7),
            ("issue.ug.md", "no-alt", 10),
        ]

    def test_old_and_repeated_news_is_only_reported_in_the_first_edition(
        self, check_issue: Check
    ) -> None:
        bad = SOUND.replace("2020-10-08", "2020-08-01") + AGAIN
        found = places(check_issue(bad, ug=bad))
        assert found == [
            ("issue.md", "old-news", 9),
            ("issue.md", "same-item-twice", 14),
        ]

    def test_a_date_that_differs_from_the_first_edition_is_checked(
        self, check_issue: Check
    ) -> None:
        bad = SOUND.replace("2020-10-08", "2021-10-08")
        assert places(check_issue(ug=bad)) == [
            ("issue.ug.md", "date-in-the-future", 9)
        ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(issue=issues(), other=issues())
def test_whatever_an_issue_contains_each_finding_is_one_line(
    newsletter: Newsletter, issue: Issue, other: Issue
) -> None:
    folder = newsletter.issues / "2020-10-09"
    first, further = (
        Edition(
            markdown.read(markdown.write(written), folder / name),
            folder / name,
            lang,
            "",
        )
        for written, name, lang in [
            (issue, "issue.md", "en"),
            (other, "issue.ug.md", "ug"),
        ]
    )
    published = Published.within([further], str)
    for edition in (first, further):
        inspected = InspectedEdition(
            newsletter,
            edition,
            RefusedError("not rendered here"),
            first,
            published,
            Git(newsletter.root),
            TODAY,
        )
        for finding in apply_rules(
            rules_of(family), inspected, inspected.edition.path
        ):
            assert finding.line or finding.rule == "issue-far-ahead"
            assert not any(
                character in finding.message
                for character in "\n\r\x1b\u202e\u2028"
            )


def test_without_pictures_neither_description_nor_credit_is_missing(
    check_issue: Check,
) -> None:
    text = SOUND.replace(LINK, f"{LINK}image: court.jpg\n")
    assert {finding.rule for finding in check_issue(text)} == {
        "no-alt",
        "no-credit",
    }
    none = f'{SETTINGS}[issue]\nimages = "none"\n'
    assert check_issue(text, settings=none) == []
