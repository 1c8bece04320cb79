"""Style sheets are kept for the next command: the same email, whatever is in the folder."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing import imports
from briefing.newsletter import Newsletter
from briefing.rendering import style_sheets
from briefing.rendering.style_sheets import StyleSheet, style_sheet
from tests.rendering.newsletters import with_settings
from tests.rendering.test_templates import override, rendered_html

CSS = "p { color: #123456 }"
SHEET = StyleSheet(
    [((0, 0, 0, 1, 0, 0), "p", [("color", "#123456"), ("margin", "0 “1”")])],
    "a:hover {color:#000 !important}",
)


@pytest.fixture(autouse=True)
def next_command(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], None]]:
    """Make a later call like one in a command that has just started, as the first one is."""

    def start() -> None:
        monkeypatch.setattr(style_sheets, "_known", {})
        style_sheets._recipe.cache_clear()

    start()
    yield start
    style_sheets._recipe.cache_clear()


def files(newsletter: Newsletter) -> list[Path]:
    return sorted((newsletter.state / "styles").iterdir())


def keep(newsletter: Newsletter, css: str = CSS) -> Path:
    """Read a style sheet for the first time; return its file."""
    folder = newsletter.state / "styles"
    before = set(folder.glob("*"))
    style_sheet(css, 0, lambda _css, _number: SHEET, newsletter)
    (new,) = set(folder.iterdir()) - before
    return new


def found(
    newsletter: Newsletter, css: str = CSS, number: int = 0
) -> StyleSheet | None:
    """What is kept; None if the style sheet would be read again."""
    again = StyleSheet([], "read again")
    sheet = style_sheet(css, number, lambda _css, _number: again, newsletter)
    return None if sheet is again else sheet


def test_the_next_command_finds_what_was_read(
    newsletter: Newsletter, next_command: Callable[[], None]
) -> None:
    keep(newsletter)
    next_command()
    sheet = found(newsletter)
    assert sheet
    assert (sheet.rules, sheet.leftover) == (SHEET.rules, SHEET.leftover)


def test_another_style_sheet_or_place_in_the_page_is_another_file(
    newsletter: Newsletter,
) -> None:
    keep(newsletter)
    assert found(newsletter, "p { color: #123457 }") is None
    assert found(newsletter, number=1) is None


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the modules and libraries that read style sheets, which a test can change."""
    folder = tmp_path / "installed"
    for name in ("inlining", "style_sheets"):
        copy = folder / f"briefing.rendering.{name}.py"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("code")
    for library in ("premailer", "cssutils"):
        (folder / library / "css").mkdir(parents=True)
        (folder / library / "__init__.py").touch()
        (folder / library / "css" / "rule.py").touch()

    def file_of(name: str) -> Path:
        package = folder / name / "__init__.py"
        return package if package.exists() else folder / f"{name}.py"

    monkeypatch.setattr(imports, "file_of", file_of)
    return folder


@pytest.mark.parametrize(
    "file",
    [
        "briefing.rendering.inlining.py",
        "briefing.rendering.style_sheets.py",
        "premailer/__init__.py",
        "cssutils/css/rule.py",
    ],
)
def test_after_an_update_of_what_reads_it_it_is_read_again(
    newsletter: Newsletter,
    installed: Path,
    next_command: Callable[[], None],
    file: str,
) -> None:
    keep(newsletter)
    next_command()
    assert found(newsletter)
    (installed / file).write_text("other")
    next_command()
    assert found(newsletter) is None


@pytest.mark.usefixtures("installed")
def test_with_another_python_it_is_read_again(
    newsletter: Newsletter,
    next_command: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(newsletter)
    monkeypatch.setattr(sys, "version", "3.99")
    next_command()
    assert found(newsletter) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:0],
        lambda data: data[:-1],
        lambda data: data.replace(b"123456", b"123457"),
        lambda data: data.partition(b"\n")[2],
    ],
)
def test_a_damaged_or_planted_file_is_made_again(
    newsletter: Newsletter,
    next_command: Callable[[], None],
    change: Callable[[bytes], bytes],
) -> None:
    file = keep(newsletter)
    data = file.read_bytes()
    file.write_bytes(change(data))
    next_command()
    assert found(newsletter) is None
    file.write_bytes(data)
    next_command()
    assert found(newsletter)


def test_a_file_under_another_ones_name_is_not_used(
    newsletter: Newsletter, next_command: Callable[[], None]
) -> None:
    file = keep(newsletter)
    keep(newsletter, "p { color: #000000 }").replace(file)
    next_command()
    assert found(newsletter) is None


def test_a_link_is_not_followed(
    newsletter: Newsletter, next_command: Callable[[], None]
) -> None:
    file = keep(newsletter)
    file.rename(newsletter.root / "elsewhere")
    file.symlink_to(newsletter.root / "elsewhere")
    next_command()
    assert found(newsletter) is None


def test_files_and_folder_are_private(newsletter: Newsletter) -> None:
    file = keep(newsletter)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_oldest_are_deleted_when_there_are_many(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style_sheets, "MOST_FILES", 2)
    made = []
    for number in range(3):
        made.append(keep(newsletter, f"p {{ width: {number}px }}"))
        os.utime(made[-1], ns=(number, number))
    keep(newsletter)
    assert made[0] not in files(newsletter)
    assert len(files(newsletter)) == 2


def test_where_nothing_can_be_written_it_is_read_each_time(
    newsletter: Newsletter, next_command: Callable[[], None]
) -> None:
    newsletter.state.write_text("not a folder")
    for _ in range(2):
        assert found(newsletter) is None
        next_command()


def test_without_a_newsletter_nothing_is_kept_in_a_file(
    newsletter: Newsletter,
) -> None:
    style_sheet(CSS, 0, lambda _css, _number: SHEET, None)
    assert not (newsletter.state / "styles").exists()


class TestRendering:
    def test_the_next_email_is_the_same(
        self, newsletter: Newsletter, next_command: Callable[[], None]
    ) -> None:
        page = rendered_html(newsletter)
        next_command()
        assert rendered_html(newsletter) == page

    def test_another_look_is_another_file(self, newsletter: Newsletter) -> None:
        rendered_html(newsletter)
        rendered_html(with_settings(newsletter, look='accent = "#123456"'))
        assert len(files(newsletter)) == 2

    def test_an_organisations_own_are_not_kept(
        self, newsletter: Newsletter
    ) -> None:
        override(newsletter, "style.css", "p { color: #123456 }")
        assert "#123456" in rendered_html(newsletter)
        assert not (newsletter.state / "styles").exists()
