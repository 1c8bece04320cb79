"""briefing compose: what it finds, prints and leaves unchanged."""

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from briefing.issue import store
from briefing.newsletter import Newsletter
from tests.cli.conftest import BRIEF, Run
from tests.cli.terminal import in_terminal
from tests.collecting.making import as_mail, jpeg, link, paragraph, photo, word
from tests.collecting.making import run as words_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEED = ROOT.parent / "shared" / "seed"


def test_the_sample_becomes_the_issue_and_the_report_that_the_files_show(
    weekly: Path, run: Run
) -> None:
    result = run(
        "compose",
        "--from",
        str(ROOT / "docs" / "sample-brief.txt"),
        "--date",
        "2020-10-16",
    )
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout == (HERE / "data" / "sample.out").read_text("utf-8")
    written = (weekly / "issues" / "2020-10-16" / "issue.md").read_text("utf-8")
    assert written == (HERE / "data" / "sample.md").read_text("utf-8")
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.skipif(
    not SEED.is_dir(), reason="the seed isn't beside this checkout"
)
def test_every_item_of_the_first_real_brief_is_found(
    weekly: Path, run: Run
) -> None:
    result = run(
        "compose",
        "--from",
        str(SEED / "weekly-brief.txt"),
        "--date",
        "2020-10-09",
        "--json",
    )
    expected = json.loads(
        (SEED / "weekly-brief.expected.json").read_text("utf-8")
    )
    found = json.loads(result.stdout)["added"]
    assert [
        (
            item["kind"],
            item["heading"] or None,
            item["source"],
            item["date"],
            item["photo"],
            item["link"],
        )
        for item in found
    ] == [
        (
            item["kind"],
            item["title"],
            item["source"],
            item["date"],
            item.get("credit"),
            None,
        )
        for item in expected
    ]


def test_a_brief_comes_from_standard_input_too(weekly: Path, run: Run) -> None:
    assert (
        run(
            "compose", "--from", "-", "--date", "2020-10-09", stdin=BRIEF
        ).exit_code
        == 0
    )
    assert (weekly / "issues" / "2020-10-09" / "issue.md").exists()


def test_the_date_is_today_unless_given(weekly: Path, run: Run) -> None:
    run("compose", "--from", "-", stdin=BRIEF)
    (folder,) = (weekly / "issues").iterdir()
    assert (
        run(
            "compose", "--from", "-", "--date", folder.name, stdin=BRIEF
        ).stdout.count("nothing added")
        == 1
    )


@pytest.mark.parametrize(
    ("day", "distance"),
    [
        ("2019-10-09", "more than two months ago"),
        ("2999-10-09", "more than a week from today"),
    ],
)
def test_an_issue_whose_date_is_probably_a_slip_is_made_with_a_note(
    weekly: Path, run: Run, day: str, distance: str
) -> None:
    line = ["compose", "--from", "-", "--date", day]
    result = run(*line, stdin=BRIEF)
    assert result.exit_code == 0
    assert (weekly / "issues" / day / "issue.md").exists()
    assert result.stderr == (
        f"note: the issue is dated {day}, {distance}; if that is a slip, correct its title, its 'date:' and the name "
        "of its folder\n"
    )
    assert run(*line, stdin=BRIEF).stderr == ""  # it is no longer new


def test_an_issue_that_exists_gets_what_it_lacks_and_nothing_else_changes(
    issue: Path, run: Run
) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    edited = path.read_text("utf-8").replace(
        "The court has ruled.", "The court has ruled, at last.  "
    )
    path.write_text(edited, "utf-8")
    result = run(
        "compose",
        "--from",
        "-",
        "--date",
        "2020-10-09",
        stdin=BRIEF.replace("A release", "Another release"),
    )
    assert "1 item added; 1 already there" in result.stdout
    assert path.read_text("utf-8").startswith(edited)


def test_a_second_time_nothing_changes(issue: Path, run: Run) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    before = path.read_bytes()
    result = run("compose", "--from", "brief.txt", "--date", "2020-10-09")
    assert "nothing added; 2 already there" in result.stdout
    assert path.read_bytes() == before


def test_a_slug_makes_a_second_issue_on_a_day(issue: Path, run: Run) -> None:
    run(
        "compose",
        "--from",
        "brief.txt",
        "--date",
        "2020-10-09",
        "--slug",
        "appeal",
    )
    assert (issue / "issues" / "2020-10-09-appeal" / "issue.md").exists()


def test_items_go_into_the_section_that_is_named(
    weekly: Path, run: Run
) -> None:
    run(
        "compose",
        "--from",
        "-",
        "--date",
        "2020-10-09",
        "--section",
        "In the news",
        stdin=BRIEF,
    )
    assert "\n## In the news\n\n### A ruling" in (
        weekly / "issues" / "2020-10-09" / "issue.md"
    ).read_text("utf-8")


def test_a_mistyped_section_is_not_made_but_the_near_one_named(
    weekly: Path, run: Run
) -> None:
    settings = weekly / "briefing.toml"
    named = 'sections = ["In the news", "Statements"]'
    text = settings.read_text("utf-8").replace("sections = []", named)
    settings.write_text(text, "utf-8")
    arguments = ("compose", "--from", "-", "--date", "2020-10-09")
    result = run(*arguments, "--section", "Statments", stdin=BRIEF)
    assert (result.exit_code, result.stderr) == (
        1,
        "briefing: there is no section 'Statments'; did you mean 'Statements'?\n",
    )
    assert not (weekly / "issues" / "2020-10-09").exists()
    run(*arguments, "--section", "statements", stdin=BRIEF)
    issue = weekly / "issues" / "2020-10-09" / "issue.md"
    assert "\n## Statements\n\n### A ruling" in issue.read_text("utf-8")


SECTIONS = """\
Dear all, this is what we read in the first week of October.

NEWS

• Court opens the archive (Harbour Post, 5 October 2020) – All may read again. https://www.example.com/archive
• Ferry stops at night (Meridian Review, 6 October 2020) – No boat after ten. https://www.example.com/ferry

LOWER DELTA

• Sand company sues a writer (Stromkurier, 7 October 2020) – She wrote about sand. https://www.example.com/sand
• Clinics stay shut (Harbour Post, 8 October 2020) – For another winter. https://www.example.com/clinics
"""


def test_items_go_into_the_sections_that_they_stood_under(
    weekly: Path, run: Run
) -> None:
    settings = weekly / "briefing.toml"
    configured = settings.read_text("utf-8").replace(
        "sections = []", 'sections = ["In the news", "Statements"]'
    )
    settings.write_text(configured, "utf-8")
    result = run(
        "compose", "--from", "-", "--date", "2020-10-09", stdin=SECTIONS
    )
    assert "New sections in this issue: “LOWER DELTA”.\n" in result.stdout
    assert "Under “NEWS” in the brief: 1, 2.\n" in result.stdout
    written = (weekly / "issues" / "2020-10-09" / "issue.md").read_text("utf-8")
    assert re.findall(r"^##.*", written, re.MULTILINE) == [
        "## In the news",
        "### Court opens the archive",
        "### Ferry stops at night",
        "## Statements",
        "## LOWER DELTA",
        "### Sand company sues a writer",
        "### Clinics stay shut",
    ]


def test_without_a_source_the_items_of_the_inbox_move(
    weekly: Path, run: Run
) -> None:
    inbox = weekly / "issues" / "inbox" / "issue.md"
    inbox.parent.mkdir()
    inbox.write_text(
        "# Inbox\n\n### Older\ndate: 2020-10-01\n\na\n\n### Newer\ndate: 2020-10-05\n\nb\n",
        "utf-8",
    )
    result = run("compose", "--date", "2020-10-09")
    assert result.exit_code == 0
    text = (weekly / "issues" / "2020-10-09" / "issue.md").read_text("utf-8")
    assert text.index("### Newer") < text.index("### Older")
    assert inbox.read_text("utf-8") == "# Inbox\n\n"


def test_an_item_that_ran_before_is_pointed_out(issue: Path, run: Run) -> None:
    result = run("compose", "--from", "-", "--date", "2020-10-16", stdin=BRIEF)
    assert result.stdout.count("     was already in issue 2020-10-09\n") == 2
    assert "a new issue with 2 items" in result.stdout
    found = json.loads(
        run(
            "compose",
            "--from",
            "-",
            "--date",
            "2020-10-23",
            "--json",
            stdin=BRIEF,
        ).stdout
    )
    assert found["added"][0]["notes"] == ["was already in issue 2020-10-16"]


def test_an_item_of_the_inbox_that_ran_before_is_pointed_out(
    issue: Path, run: Run
) -> None:
    inbox = issue / "issues" / "inbox" / "issue.md"
    inbox.parent.mkdir()
    inbox.write_text(
        "# Inbox\n\n### A ruling on old maps\ndate: 2020-10-08\n\na\n", "utf-8"
    )
    result = run("compose", "--date", "2020-10-16")
    assert "     was already in issue 2020-10-09\n" in result.stdout


def test_json_shows_scripts_what_was_found(weekly: Path, run: Run) -> None:
    found = json.loads(
        run(
            "compose",
            "--from",
            "-",
            "--date",
            "2020-10-09",
            "--json",
            stdin=BRIEF,
        ).stdout
    )
    assert (
        found["issue"],
        found["new"],
        found["already"],
        len(found["added"]),
    ) == (
        "2020-10-09",
        True,
        0,
        2,
    )
    assert found["added"][0] == {
        "heading": "A ruling on old maps",
        "kind": "article",
        "section": None,
        "section_in_brief": None,
        "source": "Harbour Post",
        "date": "2020-10-08",
        "link": "https://www.example.com/ruling",
        "image": None,
        "alt": None,
        "photo": "Jo Doe",
        "contact": None,
        "text": "The court has ruled.",
        "notes": [],
    }


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (
            [],
            None,
            1,
            "the inbox is empty; fill it with 'briefing collect LINK'",
        ),
        (
            ["--from", "nowhere.txt"],
            None,
            1,
            "nowhere.txt: there is no such file",
        ),
        (["--from", "."], None, 1, "is a folder; choose a file in it"),
        (["--from", "-"], "", 1, "contains no text"),
        (["--from", "-"], b"\xff\xfe\x00\xd8", 1, "briefing: "),
        (
            ["--from", "-"],
            b"%PDF-1.7",
            1,
            "standard input: is a PDF; paste its text, or save the document",
        ),
        (
            ["--from", "-"],
            b"PK\x03\x04",
            1,
            "standard input: is damaged or cut off; save it again, or paste the text",
        ),
        (["--from", "-"], word(), 1, "standard input: contains no text"),
        (
            ["--from", "-", "--date", "9 October"],
            BRIEF,
            2,
            "write dates as year-month-day, such as 2026-11-25",
        ),
        (
            ["--from", "-", "--slug", "An appeal"],
            BRIEF,
            1,
            "use letters from a to z, digits and hyphens",
        ),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    weekly: Path,
    run: Run,
    arguments: list[str],
    stdin: str | bytes | None,
    code: int,
    words: str,
) -> None:
    result = run("compose", *arguments, stdin=stdin)
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert list((weekly / "issues").iterdir()) == []


def test_a_mistake_in_the_issue_is_reported_with_its_line(
    issue: Path, run: Run
) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    path.write_text("# A\n\n### B\nsorce: BBC\n", "utf-8")
    result = run("compose", "--from", "brief.txt", "--date", "2020-10-09")
    assert result.exit_code == 1
    assert (
        "issues/2020-10-09/issue.md, line 4: there is no header line 'sorce:'; did you mean 'source:'?"
        in result.stderr
    )
    assert path.read_text("utf-8") == "# A\n\n### B\nsorce: BBC\n"


def test_outside_a_newsletter_it_says_what_to_do(run: Run) -> None:
    result = run("compose")
    assert result.exit_code == 1
    assert "briefing init DIR" in result.stderr


def test_in_a_terminal_with_an_editor_set_it_offers_to_open_the_issue(
    weekly: Path,
) -> None:
    (weekly / "brief.txt").write_text(BRIEF, "utf-8")
    editor = weekly / "editor"
    editor.write_text('#!/bin/sh\necho "edited: $1"\n', "utf-8")
    editor.chmod(0o755)
    arguments = ["compose", "--from", "brief.txt", "--date", "2020-10-09"]
    said, code = in_terminal(
        weekly, arguments, answer="y\n", EDITOR=str(editor)
    )
    assert code == 0
    assert "Open it in your editor now? [Y/n]" in said
    assert f"edited: {weekly / 'issues' / '2020-10-09' / 'issue.md'}" in said
    declined, code = in_terminal(
        weekly, arguments, answer="n\n", EDITOR=str(editor)
    )
    assert code == 0
    assert "edited:" not in declined


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({"NO_COLOR": ""}, "\x1b[33m  2!  A release "),
        pytest.param(
            {"NO_COLOR": "1"}, "\n  2! A release ", marks=pytest.mark.long
        ),
    ],
)
def test_in_a_terminal_what_is_uncertain_is_also_in_colour(
    weekly: Path, environment: dict[str, str], line: str
) -> None:
    (weekly / "brief.txt").write_text(BRIEF, "utf-8")
    arguments = ["compose", "--from", "brief.txt", "--date", "2020-10-09"]
    said, code = in_terminal(weekly, arguments, EDITOR="", **environment)
    assert code == 0
    assert line in said


def test_json_cannot_steer_a_terminal_and_stays_valid(
    weekly: Path, run: Run
) -> None:
    heading = "A ruling \u009b31m on \u202eold\u202c maps"
    printed = run(
        "compose",
        "--from",
        "-",
        "--date",
        "2020-10-09",
        "--json",
        stdin=BRIEF.replace("A release", heading),
    )
    assert not re.search("[\x7f-\x9f\u202a-\u202e]", printed.stdout)
    headings = [item["heading"] for item in json.loads(printed.stdout)["added"]]
    assert len(headings) == 2


# --- Documents
# ---------------------------------------------------------------------------------------------------

ADDRESS = "https://www.example.com/maps"


def brief(colour: str = "red", heading: str = "A ruling on old maps") -> bytes:
    """A Word document of one item with a photo and a link."""
    return word(
        paragraph(words_of(heading)),
        paragraph(words_of("Harbour Post, 8 October 2020")),
        paragraph(photo("p", "Maps on a table")),
        paragraph(words_of("Photo: Jo Doe")),
        paragraph(words_of("The court has ruled.")),
        paragraph(link("l", "Read More →")),
        relations={"p": "media/image1.jpeg", "l": ADDRESS},
        parts={
            "word/media/image1.jpeg": jpeg(
                colour, (2000, 1000), comment=b"canary"
            )
        },
    )


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_word_document_becomes_an_issue_with_its_links_and_photos(
    weekly: Path, run: Run
) -> None:
    (weekly / "Brief.docx").write_bytes(brief())
    result = run(
        "compose", "--from", "Brief.docx", "--date", "2020-10-09", "--json"
    )
    (item,) = json.loads(result.stdout)["added"]
    assert (
        item["link"],
        item["photo"],
        item["image"],
        item["alt"],
        item["notes"],
    ) == (
        ADDRESS,
        "Jo Doe",
        "a-ruling-on-old-maps.png",
        "Maps on a table",
        [],
    )
    folder = weekly / "issues" / "2020-10-09"
    assert "\nimage: a-ruling-on-old-maps.png\nalt: Maps on a table\n" in (
        folder / "issue.md"
    ).read_text("utf-8")
    data = (folder / "a-ruling-on-old-maps.png").read_bytes()
    assert b"canary" not in data
    with Image.open(folder / "a-ruling-on-old-maps.png") as image:
        assert image.width == 1104
    assert run("render").exit_code == 0


def test_the_report_says_which_items_have_a_photo(
    weekly: Path, run: Run
) -> None:
    result = run(
        "compose", "--from", "-", "--date", "2020-10-09", stdin=brief()
    )
    assert re.search(
        r"  1   A ruling on old maps .* 2020-10-08  ✓     ✓\n", result.stdout
    )


def test_an_email_and_a_page_are_read_by_the_same_rules(
    weekly: Path, run: Run
) -> None:
    run("compose", "--from", "-", "--date", "2020-10-09", stdin=BRIEF)
    for document in (
        as_mail(BRIEF),
        b"<html><p>" + BRIEF.replace("\n\n", "<p>").encode(),
    ):
        result = run(
            "compose", "--from", "-", "--date", "2020-10-09", stdin=document
        )
        assert "nothing added; 2 already there" in result.stdout


def test_twice_the_same_document_adds_no_item_and_no_photo(
    weekly: Path, run: Run
) -> None:
    run("compose", "--from", "-", "--date", "2020-10-09", stdin=brief())
    before = names_in(weekly / "issues" / "2020-10-09")
    result = run(
        "compose", "--from", "-", "--date", "2020-10-09", stdin=brief("blue")
    )
    assert "nothing added; 1 already there" in result.stdout
    assert names_in(weekly / "issues" / "2020-10-09") == before


def test_a_photo_never_replaces_another_file(weekly: Path, run: Run) -> None:
    folder = weekly / "issues" / "2020-10-09"
    folder.mkdir()
    (folder / "a-ruling-on-old-maps.png").write_bytes(b"another")
    (folder / "a-ruling-on-old-maps-2.png").symlink_to(weekly / "elsewhere.png")
    (folder / "a-ruling-on-old-maps-3.png").mkdir()
    found = run(
        "compose",
        "--from",
        "-",
        "--date",
        "2020-10-09",
        "--json",
        stdin=brief(),
    )
    assert [item["image"] for item in json.loads(found.stdout)["added"]] == [
        "a-ruling-on-old-maps-4.png"
    ]
    assert (folder / "a-ruling-on-old-maps.png").read_bytes() == b"another"
    assert not (weekly / "elsewhere.png").exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_crash_leaves_the_issue_and_its_folder_as_they_were(
    weekly: Path, run: Run, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    folder = weekly / "issues" / "2020-10-09"
    if there:
        run("compose", "--from", "-", "--date", "2020-10-09", stdin=BRIEF)
    before = {
        path: path.read_bytes()
        for path in weekly.rglob("*.*")
        if path.is_file()
    }

    def stopped(*_: object) -> None:
        assert (folder / "another-ruling.png").exists(), "photos first"
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "create", stopped)
    monkeypatch.setattr(store, "save", stopped)
    assert (
        run(
            "compose",
            "--from",
            "-",
            "--date",
            "2020-10-09",
            stdin=brief(heading="Another ruling"),
        ).exit_code
        == 130
    )
    assert {
        path: path.read_bytes()
        for path in weekly.rglob("*.*")
        if path.is_file()
    } == before
    assert folder.exists() == there


# --- Choosing from the inbox in a terminal
# -----------------------------------------------------------------------


@pytest.fixture
def waiting(weekly: Path) -> Path:
    """The inbox of a newsletter, with three items and a photo."""
    path = weekly / "issues" / "inbox" / "issue.md"
    path.parent.mkdir()
    (path.parent / "b.jpg").write_bytes(jpeg())
    long = "A headline that goes on and on, " * 4
    path.write_text(
        "# Inbox\n\n### A vote on water\ndate: 2020-10-05\n\na\n\n"
        "### School opens late\ndate: 2020-10-07\nimage: b.jpg\n\nb\n\n"
        f"## Statements\n\n### {long}\n\nc\n",
        "utf-8",
    )
    return path


def test_in_a_terminal_the_section_is_chosen_where_there_are_several(
    weekly: Path, run: Run
) -> None:
    settings = weekly / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace(
            "sections = []", 'sections = ["News", "Statements"]'
        ),
        "utf-8",
    )
    inbox = weekly / "issues" / "inbox" / "issue.md"
    inbox.parent.mkdir()
    inbox.write_text("# Inbox\n\n### One\n\n### Two\n", "utf-8")
    said, code = in_terminal(
        weekly,
        ["compose", "--date", "2020-10-09"],
        answer="1\n2\n",
        EDITOR="",
        NO_COLOR="1",
    )
    assert (
        "   0  each into the section it was collected for, the others into the first\n"
        "   1  News\n"
        "   2  Statements\n"
        "Into which section (0 to 2) [0]: "
    ) in said.replace("\r", "")
    assert code == 0
    written = (weekly / "issues" / "2020-10-09" / "issue.md").read_text("utf-8")
    assert "## News\n\n## Statements\n\n### One\n" in written


def chosen_in(
    weekly: Path, answer: str
) -> tuple[list[str], list[str], str, int]:
    """The headlines of the issue and of the inbox after an answer, what was said, and the exit
    code.
    """
    said, code = in_terminal(
        weekly,
        ["compose", "--date", "2020-10-09"],
        answer=answer,
        EDITOR="",
        NO_COLOR="1",
    )
    found = []
    for name in ("2020-10-09", "inbox"):
        path = weekly / "issues" / name / "issue.md"
        text = path.read_text("utf-8") if path.exists() else ""
        found.append(re.findall(r"^### (.{10})", text, re.MULTILINE))
    return found[0], found[1], said, code


def test_in_a_terminal_the_inbox_is_a_numbered_list_newest_first(
    weekly: Path, waiting: Path
) -> None:
    issue, inbox, said, code = chosen_in(weekly, "1\n")
    assert code == 0
    # What was typed is above it.
    lines = said[said.index("   1  ") :].splitlines()
    assert lines[:2] == [
        "   1  07 Oct 2020  School opens late",
        "   2  05 Oct 2020  A vote on water",
    ]
    assert lines[2].startswith("   3               A headline that goes on")
    assert lines[2].endswith("…")
    assert lines[3].startswith(
        "Which go into the issue? Numbers such as 1,3-5, or 'all', or 'none' [all]:"
    )
    assert max(map(len, lines[:3])) <= 80
    assert (issue, inbox) == (["School ope"], ["A vote on ", "A headline"])
    assert names_in(waiting.parent) == ["issue.md"]
    assert names_in(weekly / "issues" / "2020-10-09") == ["b.jpg", "issue.md"]


@pytest.mark.parametrize(
    ("answer", "issue", "inbox"),
    [
        ("2-3\n", ["A vote on ", "A headline"], ["School ope"]),
        ("\n", ["School ope", "A vote on ", "A headline"], []),
        ("all\n", ["School ope", "A vote on ", "A headline"], []),
        ("3,1\n", ["School ope", "A headline"], ["A vote on "]),
        ("2,1\n", ["A vote on ", "School ope"], ["A headline"]),
        ("4\nx\n1-\n1 2\n", ["School ope", "A vote on "], ["A headline"]),
    ],
)
def test_what_is_chosen_moves_and_the_rest_stays(
    weekly: Path, waiting: Path, answer: str, issue: list[str], inbox: list[str]
) -> None:
    assert chosen_in(weekly, answer)[:2] == (issue, inbox)


@pytest.mark.parametrize("answer", ["none\n", "\x04"])
def test_choosing_nothing_moves_nothing(
    weekly: Path, waiting: Path, answer: str
) -> None:
    before = waiting.read_bytes()
    *_, said, code = chosen_in(weekly, answer)
    assert code == (1 if answer == "none\n" else 130)
    assert "Traceback" not in said
    assert waiting.read_bytes() == before
    assert not (weekly / "issues" / "2020-10-09").exists()


def test_without_a_terminal_nothing_is_asked_and_all_move(
    weekly: Path, waiting: Path, run: Run
) -> None:
    assert run("compose", "--date", "2020-10-09").stdout.startswith(
        "issues/2020-10-09/issue.md: a new issue with 3 items"
    )


def test_nothing_is_chosen_for_an_issue_that_was_sent(
    weekly: Path, waiting: Path
) -> None:
    sent = weekly / "issues" / "2020-10-09" / "sent.json"
    sent.parent.mkdir()
    sent.write_text("{}", "utf-8")
    *_, said, code = chosen_in(weekly, "")
    assert said.startswith("briefing: issue 2020-10-09 was already sent")
    assert code == 1


def test_headlines_in_the_list_cannot_steer_a_terminal(
    weekly: Path, waiting: Path
) -> None:
    waiting.write_text(
        "# Inbox\n\n### A \x1b[2J \x9b31m \u202etpircs\u202c vote\n\na\n",
        "utf-8",
    )
    *_, said, code = chosen_in(weekly, "y\n")
    assert code == 0
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202d\u202e]", said)


# --- Another edition
# -----------------------------------------------------------------------


@pytest.fixture
def bilingual(issue: Path) -> Path:
    """The folder of the issue of 9 October, in a newsletter in English and Uyghur."""
    settings = issue / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('["en"]', '["en", "ug"]'), "utf-8"
    )
    return issue / "issues" / "2020-10-09"


def test_an_edition_that_lacks_nothing_stays_as_it_is(
    bilingual: Path, run: Run
) -> None:
    run("compose", "--lang", "ug")
    said = run("compose", "--lang", "ug").stdout
    assert said == (
        "issues/2020-10-09/issue.ug.md: has every item of the original edition, so nothing was added.\n"
        "Next: 'briefing check' lists what isn't translated yet.\n"
    )


def test_a_slug_names_the_issue_of_today_that_is_translated(
    bilingual: Path, run: Run
) -> None:
    result = run("compose", "--lang", "ug", "--slug", "appeal")
    assert "-appeal/issue.md: there is no such file" in result.stderr
    assert not (bilingual / "issue.ug.md").exists()


# --- Without a date, beside an issue that isn't sent yet
# -----------------------------------------------------------------------


@pytest.fixture
def unsent(weekly: Path, run: Run) -> str:
    """An issue that isn't sent yet; the only one."""
    name = "2020-10-09-appeal"
    (weekly / "brief.txt").write_text(BRIEF, "utf-8")
    made = ["--date", "2020-10-09", "--slug", "appeal"]
    assert run("compose", "--from", "brief.txt", *made).exit_code == 0
    return name


@pytest.mark.parametrize(
    ("answer", "issues"),
    [
        *(
            pytest.param(answer, 1, marks=pytest.mark.long)
            for answer in ("\n", "y\n")
        ),
        ("n\n", 2),
    ],
)
def test_in_a_terminal_the_editor_is_asked_whether_to_add_to_it(
    weekly: Path, unsent: str, answer: str, issues: int
) -> None:
    command = ["compose", "--from", "brief.txt"]
    said, code = in_terminal(
        weekly, command, answer=answer, EDITOR="", NO_COLOR="1"
    )
    assert code == 0
    assert f"Issue {unsent} hasn't been sent yet." in said
    assert len(store.ids(Newsletter.find(weekly))) == issues


def test_without_a_terminal_the_issue_is_of_today_and_the_other_is_pointed_out(
    weekly: Path, unsent: str, run: Run
) -> None:
    result = run("compose", "--from", "brief.txt")
    assert result.stderr == (
        f"note: issue {unsent} hasn't been sent yet;"
        " use --date 2020-10-09 --slug appeal to add to it\n"
    )
    assert len(store.ids(Newsletter.find(weekly))) == 2
    assert run("compose", "--from", "brief.txt").stderr == ""


@pytest.mark.parametrize(
    ("source", "problem"),
    [([], "the inbox is empty"), (["--from", "x.txt"], "x.txt: there is no")],
)
def test_the_editor_is_not_asked_where_nothing_can_be_added(
    weekly: Path, unsent: str, source: list[str], problem: str
) -> None:
    said, code = in_terminal(weekly, ["compose", *source], answer="n\n")
    assert code
    assert problem in said
    assert unsent not in said


@pytest.fixture
def saved_page(weekly: Path) -> Path:
    """A page that names a picture of its own and one that lies beside it."""
    (weekly / "Brief_files").mkdir()
    (weekly / "Brief_files" / "own.jpg").write_bytes(jpeg())
    (weekly / "passport-scan.jpg").write_bytes(jpeg("blue"))
    page = weekly / "Brief.html"
    page.write_text(
        "<h2>A ruling on old maps</h2><p>Harbour Post, 8 October 2020</p>"
        "<img src='Brief_files/own.jpg'><p>The court has ruled.</p><p>Read more →</p>"
        "<h2>A release</h2><p>Example Watch, 7 October 2020</p>"
        "<img src='passport-scan.jpg'><p>Nothing new.</p><p>Read more →</p>"
    )
    return page


def photos_in(weekly: Path) -> list[str]:
    return sorted(
        path.stem for path in (weekly / "issues").rglob("*.[jp][pn]g")
    )


OWN, OTHER = "a-ruling-on-old-maps", "a-release"


def test_a_picture_outside_the_pages_folder_is_left_out_with_a_note(
    weekly: Path, saved_page: Path, run: Run
) -> None:
    result = run("compose", "--from", str(saved_page), "--date", "2020-10-09")
    assert result.stderr == (
        "note: left out, because they aren't in Brief_files/: passport-scan.jpg; --pictures includes them\n"
    )
    assert photos_in(weekly) == [OWN]


def test_an_option_takes_it_in(
    weekly: Path, saved_page: Path, run: Run
) -> None:
    run(
        "compose",
        "--from",
        str(saved_page),
        "--date",
        "2020-10-09",
        "--pictures",
    )
    assert photos_in(weekly) == [OTHER, OWN]


@pytest.mark.parametrize(
    ("answer", "photos"),
    [pytest.param("n", [OWN], marks=pytest.mark.long), ("y", [OTHER, OWN])],
)
def test_in_a_terminal_the_editor_sees_it_and_decides(
    weekly: Path, saved_page: Path, answer: str, photos: list[str]
) -> None:
    command = ["compose", "--from", saved_page.name, "--date", "2020-10-09"]
    shown, code = in_terminal(weekly, command, f"{answer}\n", NO_COLOR="1")
    assert code == 0
    assert re.search(r"^  passport-scan\.jpg  \(\d KB\)$", shown, re.MULTILINE)
    assert photos_in(weekly) == photos
