"""What the page shows of an issue."""

import re
from pathlib import Path

import pytest

from briefing.newsletter import Newsletter
from briefing.preview.mail.snapshots import Snapshots
from tests.preview.conftest import HOME, SENTENCE, Get


def test_looking_changes_no_file_that_others_see(
    get: Get, newsletter: Newsletter
) -> None:
    def files() -> dict[Path, bytes]:
        return {
            path: path.read_bytes()
            for path in newsletter.root.rglob("*")
            if path.is_file() and newsletter.state not in path.parents
        }

    before = files()
    for path in ("/", "/?lang=ug", "/mail/en", "/mail/ug"):
        assert get(path).status_code == 200
    assert files() == before


def test_markup_in_the_draft_is_text_on_the_page(get: Get, issue: Path) -> None:
    hostile = '</pre><script>alert(1)</script>"onload=x'
    issue.write_text(
        issue.read_text("utf-8").replace("# Weekly Brief", f"# {hostile}", 1),
        "utf-8",
    )
    page = get("/").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    issue.write_text(f"# T\n{hostile}: x\n", "utf-8")
    assert "<script>alert" not in get("/").text


def test_the_page_runs_only_its_own_scripts_and_loads_nothing_from_elsewhere(
    get: Get,
) -> None:
    page = get("/")
    policy = page.headers["Content-Security-Policy"]
    assert f"script-src {HOME}page/;" in policy
    assert f"style-src {HOME}page/;" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"<script(?! type=.module. src=)", page.text)
    assert not re.findall(r"<style|\sstyle=|\son\w+=", page.text)
    chrome = page.text.split("<pre")[0]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', chrome)


def test_the_page_shows_subject_editions_and_text_and_the_frame_the_email(
    get: Get,
) -> None:
    page = get("/?show=light,text").text
    assert "<title>Weekly Brief, 9 October 2020 – preview</title>" in page
    assert re.findall(
        r'href="\?lang=(\w+)" lang="\w+"( aria-current="page")?>([^<]+)<', page
    ) == [
        ("en", ' aria-current="page"', "English"),
        ("ug", "", "ئۇيغۇرچە"),
    ]
    assert re.search(
        r'<pre lang="en" dir="ltr">[^<]*A\sruling\s&lt;on&gt;\smaps', page
    )
    mail = get("/mail/en").text
    assert "Amina Example" in mail + page
    assert "https://example.org/unsubscribe" in mail


def test_another_edition_has_its_own_language_and_direction(get: Get) -> None:
    page = get("/?lang=ug&show=light,text").text
    assert '<pre lang="ug" dir="rtl">' in page
    assert 'src="mail/ug?look=' in page
    assert 'dir="rtl"' in get("/mail/ug").text


def test_a_newsletter_in_one_language_has_no_switch(
    newsletter: Newsletter, folder: Path, get: Get
) -> None:
    (folder / "issue.ug.md").unlink()
    settings = newsletter.root / "briefing.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('["en", "ug"]', '["en"]'), "utf-8"
    )
    assert 'aria-label="Edition"' not in get("/").text


@pytest.mark.parametrize("lang", ["de", "../en", "<script>", ""])
def test_a_language_without_an_edition_shows_the_first(
    get: Get, lang: str
) -> None:
    page = get("/", query_string={"lang": lang}).text
    assert 'src="mail/en?look=' in page


def test_each_load_shows_the_files_as_they_are_now(
    get: Get, issue: Path
) -> None:
    get("/")
    issue.write_text(
        issue.read_text("utf-8").replace("Nothing new", "Something new"),
        "utf-8",
    )
    assert "Something new" in get("/mail/en").text
    assert "Something new" in get("/?show=text").text


# Errors are shown with their place.


def _panel(page: str) -> str:
    found = re.search(r'<section class="problem".*?</section>', page, re.DOTALL)
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])).strip()
        if found
        else ""
    )


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("### A second", "\t### A second", "text"),
        ("### A second", "###A second", "text"),
        ("maps\nsource", "maps\n\nsource", "text"),
    ],
)
def test_an_error_that_stops_a_send_is_counted_beside_the_email_as_it_is_now(
    get: Get,
    snapshots: Snapshots,
    issue: Path,
    before: str,
    after: str,
    field: str,
) -> None:
    text = issue.read_text("utf-8").replace("Nothing new", "Something new")
    issue.write_text(text.replace(before, after), "utf-8")
    assert 'id="findings" class="quiet">Checking…' in get("/").text
    snapshots.wait()
    page = get("/").text
    assert '<span id="findings-summary">1 error, ' in page
    found = re.search(r'data-goto-field="(\w+)">Readers would see', page)
    assert found
    assert found[1] == field
    assert "Something new" in get("/mail/en").text
    assert 'id="mail-pane" class="old"' not in page
    assert not _panel(page)


def test_all_mistakes_of_format_are_shown_at_once(
    get: Get, issue: Path
) -> None:
    text = issue.read_text("utf-8").replace("source: BBC", "sourc: BBC")
    issue.write_text(text.replace("Nothing new", "#### Nothing new"), "utf-8")
    panel = _panel(get("/").text)
    assert "Line 6 there is no header line" in panel
    assert "Line 14 there is a heading inside the text" in panel


def test_an_error_in_the_issue_is_shown_with_file_line_and_advice_until_it_is_corrected(
    get: Get, issue: Path
) -> None:
    good = issue.read_text("utf-8")
    assert not _panel(get("/").text)
    issue.write_text(good.replace("source: BBC", "sourc: BBC"), "utf-8")
    page = get("/").text
    assert "Line 6 " in _panel(page)
    assert "did you mean &#39;source:&#39;?" in _panel(page)
    assert "shown as it was when the file could last be read" in _panel(page)
    assert SENTENCE in get("/mail/en").text
    issue.write_text(good, "utf-8")
    assert not _panel(get("/").text)


def test_a_preview_that_starts_with_an_error_shows_only_the_panel(
    get: Get, issue: Path
) -> None:
    issue.write_text("no title\n", "utf-8")
    page = get("/").text
    assert "Line 1 an issue begins with its title" in _panel(page)
    assert "The email is shown" not in _panel(page)
    assert "<iframe" not in page
    assert get("/mail/en").status_code == 404


def test_a_broken_template_is_named_with_its_line(
    get: Get, newsletter: Newsletter
) -> None:
    templates = newsletter.root / "templates"
    templates.mkdir()
    (templates / "footer.html.j2").write_text(
        "<p>\n{{ nothing }}\n</p>\n", "utf-8"
    )
    assert "templates/footer.html.j2, line 2 can&#39;t be rendered" in _panel(
        get("/").text
    )
    (templates / "footer.html.j2").write_text("{% if %}", "utf-8")
    assert "templates/footer.html.j2, line 1 can&#39;t be read" in _panel(
        get("/").text
    )


def test_broken_settings_are_named_with_their_line(
    get: Get, newsletter: Newsletter
) -> None:
    settings = newsletter.root / "briefing.toml"
    good = settings.read_text("utf-8")
    settings.write_text(good.replace("name =", "nam ="), "utf-8")
    assert "briefing.toml, line 2 there is no setting &#39;nam&#39;" in _panel(
        get("/").text
    )
    settings.unlink()
    assert "briefing.toml: there is no such file" in _panel(get("/").text)
    settings.write_text(good, "utf-8")
    assert not _panel(get("/").text)


def test_a_file_that_is_not_a_picture_is_named(get: Get, issue: Path) -> None:
    (issue.parent / "map.jpg").write_bytes(b"no picture")
    issue.write_text(
        issue.read_text("utf-8").replace(
            "source: BBC", "source: BBC\nimage: map.jpg"
        ),
        "utf-8",
    )
    assert "map.jpg isn&#39;t an image that emails can show" in _panel(
        get("/").text
    )


def test_an_issue_that_disappears_is_a_panel_until_it_returns(
    get: Get, folder: Path
) -> None:
    get("/")
    folder.rename(folder.with_name("2020-10-16"))
    panel = _panel(get("/").text)
    assert "there is no issue" in panel
    assert "2020-10-16" in panel
    folder.with_name("2020-10-16").rename(folder)
    assert not _panel(get("/").text)


def test_an_unreadable_file_is_a_panel(get: Get, issue: Path) -> None:
    issue.unlink()
    issue.mkdir()
    assert "issue.md can&#39;t be read" in _panel(get("/").text)
