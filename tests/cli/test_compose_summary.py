"""What an editor sees of a brief that became an issue."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.cli import compose_summary
from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.collecting.brief_intake import compose_brief
from briefing.issue.composed import Composed
from briefing.issue.model import Item
from briefing.newsletter import Newsletter
from briefing.text.width import width
from tests.cli.briefs import ADDRESS, BRIEF

DATA = Path(__file__).parent / "data"
DAY = "2020-10-16"
Shown = Callable[[Composed], str]


@pytest.fixture
def newsletter(weekly: Path) -> Newsletter:
    """A newsletter with two sections."""
    path = weekly / "briefing.toml"
    settings = path.read_text("utf-8").replace(
        "sections = []", 'sections = ["In the news", "Statements and releases"]'
    )
    path.write_text(settings, "utf-8")
    return Newsletter(weekly)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    """Return what is printed."""

    def show(result: Composed) -> str:
        compose_summary.show(result)
        return capsys.readouterr().out

    return show


def brief_of(
    *items: Item, notes: Iterable[str] = (), section: str = ""
) -> Brief:
    return Brief(
        [ParsedItem(item, tuple(notes), section=section) for item in items]
    )


def test_the_report_is_the_one_in_the_file(
    newsletter: Newsletter, shown: Shown
) -> None:
    found = shown(compose_brief(newsletter, DAY, BRIEF))
    assert found == (DATA / "sections.out").read_text("utf-8")
    long = [line for line in found.splitlines() if width(line) > 80]
    assert [line.strip() for line in long] == [ADDRESS]


def test_the_issue_is_the_one_in_the_file(newsletter: Newsletter) -> None:
    compose_brief(newsletter, DAY, BRIEF)
    written = (newsletter.issues / DAY / "issue.md").read_text("utf-8")
    assert written == (DATA / "sections.md").read_text("utf-8")


def test_columns_line_up_whatever_the_script(
    newsletter: Newsletter, shown: Shown
) -> None:
    found = shown(compose_brief(newsletter, DAY, BRIEF))
    rows = re.findall(r"^ *\d+[! ]  .*  [✓?]     [✓–]$", found, re.MULTILINE)
    assert len(rows) == len(BRIEF.items)
    assert len(set(map(width, rows))) == 1


def test_every_word_of_a_note_is_printed(
    newsletter: Newsletter, shown: Shown
) -> None:
    long = (
        "A sentence of the brief that nobody may lose, however long it is. "
        * 20
    )
    brief = brief_of(
        Item(heading="A"), notes=[f"left out above it: “{long}END”"]
    )
    found = shown(compose_brief(newsletter, DAY, brief))
    assert " ".join(f"left out above it: “{long}END”".split()) in " ".join(
        found.split()
    )


def test_a_second_time_only_quotes_are_repeated(
    newsletter: Newsletter, shown: Shown
) -> None:
    items = [
        Item(heading=heading, text=f"Text of {heading}.") for heading in "AB"
    ]
    quote = "left out below it: “Have a quiet week”"
    brief = brief_of(*items, notes=["no link", quote])
    compose_brief(newsletter, DAY, brief)
    assert shown(compose_brief(newsletter, DAY, brief)) == (
        "issues/2020-10-16/issue.md: nothing added; 2 already there.\n\n"
        "Already there, so not added:\n"
        f"  –  A\n     {quote}\n  –  B\n     {quote}\n\n"
        "Next: 'briefing preview' opens the issue in your browser, for editing.\n"
    )


def test_an_item_that_lacks_nothing_is_not_marked(
    newsletter: Newsletter, shown: Shown
) -> None:
    brief = replace(BRIEF, items=BRIEF.items[:1])
    assert shown(compose_brief(newsletter, DAY, brief)) == (
        "issues/2020-10-16/issue.md: a new issue with 1 item.\n\n"
        "Introduction: Dear friends, this is what we read on a rainy week, in short,…\n\n"
        "      Headline              Source        Date        Link  Photo\n"
        "  In the news\n"
        "  1   A ruling on old maps  Harbour Post  2020-10-15  ✓     ✓\n\n"
        "Under “NEWS” in the brief: 1.\n\n"
        "Next: 'briefing preview' opens the issue in your browser, for editing.\n"
    )


def test_an_introduction_that_the_issue_has_no_room_for_is_printed(
    newsletter: Newsletter, shown: Shown
) -> None:
    path = newsletter.issues / DAY / "issue.md"
    path.parent.mkdir()
    path.write_text("# Brief\n\nOur own words.\n", "utf-8")
    brief = replace(BRIEF, items=BRIEF.items[:1])
    result = compose_brief(newsletter, DAY, brief)
    assert (
        "\nThe issue exists already, so the brief's introduction was left out:\n"
        "     Dear friends,\n"
        "     this is what we read on a rainy week, in short, and where you can read all\n"
        "     of it.\n"
    ) in shown(result)
    values = compose_summary.as_json(result)
    assert values["introduction"] == BRIEF.introduction
    assert values["has_introduction"] is False


def test_nothing_in_a_brief_can_steer_the_terminal(
    newsletter: Newsletter, shown: Shown
) -> None:
    evil = "\x1b[2J \x9b31m \u202etpircs\u202c\ttab"
    brief = brief_of(
        Item(heading=evil, source=evil), notes=[evil], section=f"News {evil}"
    )
    found = shown(
        compose_brief(newsletter, DAY, replace(brief, introduction=evil))
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202d\u202e]", found)


def test_scripts_get_the_same(newsletter: Newsletter) -> None:
    result = compose_summary.as_json(compose_brief(newsletter, DAY, BRIEF))
    found = json.dumps(result, ensure_ascii=False, indent=1).replace(
        str(newsletter.root), "WEEKLY"
    )
    assert f"{found}\n" == (DATA / "sections.json").read_text("utf-8")
