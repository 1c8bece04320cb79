"""briefing render: three files."""

import re
from pathlib import Path

from tests import wire
from tests.cli.conftest import SIZE, Run, without_sizes


def test_it_writes_exactly_three_files_and_names_them(
    issue: Path, run: Run
) -> None:
    result = run("render", "--out", "out")
    assert sorted(path.name for path in (issue / "out").iterdir()) == [
        "issue.eml",
        "issue.html",
        "issue.txt",
    ]
    assert without_sizes(result.stdout).splitlines()[:4] == [
        "out/issue.html",
        "out/issue.txt",
        "out/issue.eml",
        f"{SIZE}.",
    ]


def test_the_mail_is_complete_and_the_files_agree(
    issue: Path, run: Run
) -> None:
    settings = issue / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8")
        .replace("# url", "url")
        .replace("# mailto", "mailto"),
        "utf-8",
    )
    run("render", "--out", "out")
    mail = (issue / "out" / "issue.eml").read_bytes()
    wire.check(
        mail, to="reader@example.org", headers=wire.HEADERS - {"Reply-To"}
    )
    assert (
        wire.part(mail, "plain").rstrip()
        == (issue / "out" / "issue.txt").read_text("utf-8").rstrip()
    )
    assert (
        wire.part(mail, "html").rstrip()
        == (issue / "out" / "issue.html").read_text("utf-8").rstrip()
    )


def test_the_page_is_self_contained(issue: Path, run: Run) -> None:
    from PIL import Image  # noqa: PLC0415  # only here

    folder = issue / "issues" / "2020-10-09"
    Image.new("RGB", (800, 400), "#336699").save(folder / "map.jpg")
    path = folder / "issue.md"
    path.write_text(
        path.read_text("utf-8").replace(
            "photo:", "image: map.jpg\nalt: A map\nphoto:"
        ),
        "utf-8",
    )
    run("render", "--out", "out")
    page = (issue / "out" / "issue.html").read_text("utf-8")
    sources = re.findall(r'src="([^"]{0,30})', page)
    assert sources
    assert all(source.startswith("data:image/") for source in sources)


def test_lang_chooses_the_edition(issue: Path, run: Run) -> None:
    settings = issue / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('["en"]', '["en", "ug"]'), "utf-8"
    )
    folder = issue / "issues" / "2020-10-09"
    (folder / "issue.ug.md").write_text(
        "# خەۋەرنامە\n\n### بىر\n\nتېكىست.\n", "utf-8"
    )
    assert run("render", "--lang", "ug", "--out", "out").exit_code == 0
    page = (issue / "out" / "issue.html").read_text("utf-8")
    assert '<html lang="ug" dir="rtl">' in page
    missing = run("render", "--lang", "tr")
    assert (
        missing.exit_code,
        "no edition in 'tr'; there are en, ug" in missing.stderr,
    ) == (1, True)


def test_a_missing_issue_is_one_line_that_names_the_newest(
    issue: Path, run: Run
) -> None:
    result = run("render", "2021-01-01")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "briefing: there is no issue '2021-01-01'; the newest are 2020-10-09\n"
    )
