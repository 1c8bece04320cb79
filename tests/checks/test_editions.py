"""Rules on editions: what isn't translated, what changed since, where editions differ."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from briefing.checks import editions as family
from briefing.checks.check import Render
from briefing.checks.git import Git
from briefing.checks.inspected import InspectedEdition
from briefing.checks.rule import Finding, Severity, apply_rules, rules_of
from briefing.errors import RefusedError
from briefing.issue import markdown
from briefing.issue.model import Issue
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.issue.translation import prepare
from briefing.newsletter import Newsletter
from tests.checks.conftest import (
    SETTINGS,
    SOUND,
    TODAY,
    Check,
    CheckOn,
    not_rendered,
)
from tests.issue.strategies import issues

FIRST = f"""\
{SOUND}
> A quote.

## What others say this week

### Three evenings of silence
kind: press-release
date: 2020-10-06
image: square.jpg
alt: People in a square at night.

Only the names will be read.
"""
BOTH = SETTINGS.replace('["en", "ug"]', '["en","ug"]')
"""Both languages, also where there is no edition in one of them."""
RULING, _ = (
    item.fingerprint for item in markdown.read(FIRST, Path("issue.md")).items
)

UYGHUR = f"""\
# ھەپتىلىك خەۋەرنامە، 9-ئۆكتەبىر
date: 2020-10-09
preheader: سوت ھۆججەتلەرنى ئاچتى، ئون مىنۇتلۇق بىر خەت يېزىلدى.

بۇ ھەپتە بىز ئوقۇغانلار.

### سوت ھۆججەتلەرنى ئاچتى
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/files
original: {RULING}

سوت ئاخىرقى ئۈچ يىلنىڭ ھۆججەتلىرىنى ئاچتى.

> سۆز.

## خەۋەرلەر

### ئۈچ كېچە جىمجىتلىق
kind: press-release
date: 2020-10-06
image: square.jpg
alt: كېچىدىكى مەيداندا كىشىلەر.

پەقەت ئىسىملار ئوقۇلىدۇ.
"""
HEADLINE = "### سوت ھۆججەتلەرنى ئاچتى"


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (family,)


@pytest.fixture
def render() -> Render:
    return not_rendered


def places(findings: list[Finding]) -> list[tuple[str, str, int | None]]:
    return [
        (finding.path.name, finding.rule, finding.line) for finding in findings
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "words"),
    [
        (
            "بۇ ھەپتە بىز ئوقۇغانلار.",
            "> What we read this week.",
            "untranslated-text",
            5,
            "this line is not translated yet",
        ),
        (
            "سوت ئاخىرقى ئۈچ يىلنىڭ ھۆججەتلىرىنى ئاچتى.",
            "سۆز.\n\n> The court has opened the files of the last three years.\n\n> > A quote.",
            "untranslated-text",
            15,
            "2 lines from here on are not translated yet",
        ),
        (
            "ھەپتىلىك خەۋەرنامە، 9-ئۆكتەبىر",
            "Weekly Brief, 9 October 2020",
            "untranslated-words",
            1,
            "translate it",
        ),
        (
            "سوت ھۆججەتلەرنى ئاچتى، ئون مىنۇتلۇق بىر خەت يېزىلدى.",
            "A court opens its files, and a letter that takes ten minutes to write.",
            "untranslated-words",
            3,
            "'A court opens its files, and a letter t…' is the same as in the original edition",
        ),
        (
            "سوت ھۆججەتلەرنى ئاچتى\n",
            "A court opens its files\n",
            "untranslated-words",
            7,
            "'A court opens its files'",
        ),
        (
            "خەۋەرلەر",
            "What others say this week",
            "untranslated-words",
            17,
            "'What others say this week'",
        ),
        (
            "كېچىدىكى مەيداندا كىشىلەر.",
            "People in a square at night.",
            "untranslated-words",
            23,
            "translate it",
        ),
        (
            f"original: {RULING}",
            "original: 01234567",
            "changed-since",
            11,
            "'A court opens its files' (issue.md, line 7) was changed after this was translated; "
            f"compare them, then write 'original: {RULING}'",
        ),
        (
            "بۇ ھەپتە بىز ئوقۇغانلار.\n",
            "",
            "introduction-missing",
            1,
            "issue.md has an introduction",
        ),
        (
            UYGHUR[UYGHUR.index("### ئۈچ") :],
            "",
            "item-missing",
            1,
            "'Three evenings of silence' (issue.md, line 18) is missing; "
            "run 'briefing compose --date 2020-10-09 --lang ug' to add it",
        ),
        (
            HEADLINE,
            f"### باشقا\ndate: 2020-10-01\n\nسۆز.\n\n{HEADLINE}",
            "item-surplus",
            7,
            "'باشقا' isn't in issue.md",
        ),
        (
            HEADLINE,
            f"###\nkind: appeal\n\nسۆز.\n\n{HEADLINE}",
            "item-surplus",
            7,
            "the appeal isn't in issue.md",
        ),
    ],
)
def test_what_a_translation_lacks_is_reported_with_its_line_and_what_to_do(
    check_issue: Check, old: str, new: str, rule: str, line: int, words: str
) -> None:
    assert UYGHUR.count(old) == 1
    (finding,) = check_issue(FIRST, ug=UYGHUR.replace(old, new))
    assert (finding.path.name, finding.rule, finding.line) == (
        "issue.ug.md",
        rule,
        line,
    )
    assert words in finding.message
    assert (finding.severity is Severity.ERROR) == (rule == "untranslated-text")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (f"original: {RULING}\n", ""),
        ("> سۆز.", "> BBC"),
        ("سوت ئاخىرقى ئۈچ يىلنىڭ ھۆججەتلىرىنى ئاچتى.", "> سوت ئاچتى."),
    ],
)
def test_a_finished_translation_has_no_finding(
    check_issue: Check, old: str, new: str
) -> None:
    assert check_issue(FIRST, ug=UYGHUR.replace(old, new)) == []


def test_a_name_may_be_the_same_in_every_language(check_issue: Check) -> None:
    first = FIRST.replace("A court opens its files\n", "Harbour Post\n")
    translated = UYGHUR.replace(f"original: {RULING}\n", "").replace(
        HEADLINE, "### Harbour Post"
    )
    assert check_issue(first, ug=translated) == []


@pytest.mark.parametrize(
    ("lang", "found"),
    [("zh-Hant", []), ("tr", [("issue.tr.md", "untranslated-words", 3)])],
)
def test_two_scripts_of_one_language_may_share_a_headline(
    check_issue: Check, lang: str, found: list[tuple[str, str, int]]
) -> None:
    first, other = (
        "# 每周简报\n\n### 法院公开档案\n\n正文。\n",
        "# Bülten\n\n### 法院公开档案\n\nMetin.\n",
    )
    languages = SETTINGS.replace('["en", "ug"]', f'["zh", "{lang}"]')
    assert (
        places(check_issue(first, settings=languages, **{lang: other})) == found
    )


def test_a_headline_that_is_in_the_language_of_the_edition_already_stays(
    check_issue: Check,
) -> None:
    first = "# Weekly\n\n### سوت بۈگۈن ھۆججەتلەرنى ئاچتى\nlink: https://example.org/a\n{}\nText.\n"
    other = "# ھەپتىلىك\n\n### سوت بۈگۈن ھۆججەتلەرنى ئاچتى\nlink: https://example.org/a\n\nتېكىست.\n"
    for lang, found in (("", ["untranslated-words"]), ("lang: ug\n", [])):
        findings = check_issue(first.format(lang), settings=BOTH, ug=other)
        rules = [
            finding.rule
            for finding in findings
            if finding.path.name != "issue.md"
        ]
        assert [rule for rule in rules if rule == "untranslated-words"] == found


def test_everything_in_a_new_edition_is_to_be_translated(
    newsletter: Newsletter, check_issue: Check
) -> None:
    check_issue(FIRST, settings=BOTH)
    prepare(Newsletter(newsletter.root), "2020-10-09", "ug")
    edition = (newsletter.issues / "2020-10-09" / "issue.ug.md").read_text(
        "utf-8"
    )
    findings = check_issue(FIRST, ug=edition)
    found = places(findings)
    assert [line for _, rule, line in found if rule == "untranslated-text"] == [
        5,
        14,
        27,
    ]
    texts = [
        finding for finding in findings if finding.rule == "untranslated-text"
    ]
    assert {text.kind for text in texts} == {"text: not translated yet"}
    assert texts[0].about == "'What we read this week.'"
    assert [
        line for _, rule, line in found if rule == "untranslated-words"
    ] == [
        1,
        3,
        7,
        18,
        20,
        24,
    ]
    assert {name for name, _, _ in found} == {"issue.ug.md"}


class TestLanguages:
    def test_a_language_without_an_edition_is_reported_with_the_command_that_begins_it(
        self, check_issue: Check
    ) -> None:
        (finding,) = check_issue(
            FIRST, settings=SETTINGS.replace('"ug"', '"ug", "de"'), ug=UYGHUR
        )
        assert (finding.path.name, finding.rule, finding.line) == (
            "issue.md",
            "edition-missing",
            None,
        )
        assert finding.message == (
            "there is no issue.de.md, so readers whose language is 'de' get this edition; "
            "run 'briefing compose --date 2020-10-09 --lang de' to begin it"
        )

    def test_a_missing_first_edition_is_reported_as_well(
        self, newsletter: Newsletter, check_issue: Check, check_on: CheckOn
    ) -> None:
        check_issue(ug=UYGHUR)
        path = newsletter.issues / "2020-10-09" / "issue.md"
        path.unlink()
        (finding,) = check_on(path.parent, TODAY)
        assert (finding.path.name, finding.rule) == (
            "issue.ug.md",
            "edition-missing",
        )
        assert finding.message.endswith("get this edition; write it")

    def test_the_command_names_the_slug_of_an_appeal(
        self, newsletter: Newsletter, check_issue: Check, check_on: CheckOn
    ) -> None:
        check_issue(settings=BOTH)
        folder = (newsletter.issues / "2020-10-09").rename(
            newsletter.issues / "2020-10-09-appeal"
        )
        (finding,) = check_on(folder, TODAY)
        assert (
            "'briefing compose --date 2020-10-09 --slug appeal --lang ug' to begin it"
            in finding.message
        )

    def test_the_inbox_needs_no_editions(
        self, newsletter: Newsletter, check_issue: Check, check_on: CheckOn
    ) -> None:
        check_issue()
        folder = (newsletter.issues / "2020-10-09").rename(
            newsletter.issues / "inbox"
        )
        assert check_on(folder, TODAY) == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(issue=issues(), other=issues())
def test_whatever_editions_contain_each_finding_is_one_line(
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
    inspected = InspectedEdition(
        newsletter,
        further,
        RefusedError("not rendered here"),
        first,
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
