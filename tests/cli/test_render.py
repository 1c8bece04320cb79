"""briefing render: three files."""

import re
from pathlib import Path

import pytest

from briefing.cli.render import FORMATS
from briefing.rendering.copies import CopyFormat
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


def test_the_email_is_complete_and_the_files_agree(
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
        "no edition in 'tr'; it has en, ug" in missing.stderr,
    ) == (1, True)


def test_a_missing_issue_is_one_line_that_names_the_newest(
    issue: Path, run: Run
) -> None:
    result = run("render", "2021-01-01")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "briefing: there is no issue '2021-01-01'; the newest: 2020-10-09\n"
    )


class TestCopies:
    def test_every_format_is_offered(self) -> None:
        assert list(CopyFormat) == FORMATS

    def test_the_issue_is_printed_and_nothing_is_written(
        self, issue: Path, run: Run
    ) -> None:
        result = run("render", "--as", "whatsapp")
        assert result.exit_code == 0
        assert result.stdout.startswith("*Weekly Brief*\n")
        assert not (issue / "rendered").exists()

    def test_one_item_is_chosen_by_its_number(
        self, issue: Path, run: Run
    ) -> None:
        whole = run("render", "--as", "text").stdout
        first = run("render", "--as", "text", "--item", "1").stdout
        assert first.strip()
        assert first.strip() in whole

    def test_a_number_that_no_item_has_is_refused(
        self, issue: Path, run: Run
    ) -> None:
        result = run("render", "--as", "text", "--item", "99")
        assert result.exit_code == 1
        assert "there is no item 99" in result.stderr

    def test_a_text_too_long_for_one_message_is_noted(
        self, issue: Path, run: Run
    ) -> None:
        path = issue / "issues" / "2020-10-09" / "issue.md"
        path.write_text(
            f"{path.read_text('utf-8')}\n{'word ' * 1000}\n", "utf-8"
        )
        result = run("render", "--as", "telegram")
        assert "a message in that app can have at most 4,096" in result.stderr
        assert "with --item" in result.stderr
        assert not run("render", "--as", "whatsapp").stderr
        last = path.read_text("utf-8").count("\n### ")
        result = run("render", "--as", "telegram", "--item", str(last))
        assert "split it yourself" in result.stderr

    @pytest.mark.parametrize(
        ("options", "hint"),
        [
            (["--as", "text", "--out", "out"], "leave out --out"),
            (["--item", "1"], "--item needs --as"),
        ],
    )
    def test_options_that_contradict_each_other_are_refused(
        self, issue: Path, run: Run, options: list[str], hint: str
    ) -> None:
        result = run("render", *options)
        assert result.exit_code == 2
        assert hint in result.stderr
