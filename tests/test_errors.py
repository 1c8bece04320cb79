"""An error is one line: the file as a person would type it, the line, the reason."""

import re
from pathlib import Path

import pytest

from briefing import errors
from briefing.errors import BriefingError, BusyError, FileError, display_path


def all_below(error: type[BriefingError]) -> list[type[BriefingError]]:
    return [
        error,
        *(
            below
            for child in error.__subclasses__()
            for below in all_below(child)
        ),
    ]


def test_the_tree_is_drawn_at_the_top_of_the_module() -> None:
    drawn: dict[str, str] = {}
    above = ["Exception"]
    for line in (errors.__doc__ or "").split("\n"):
        match = re.match(r"([│├└─ ]*)(\w+Error) ", line)
        if match:
            above = [*above[: len(match[1]) // 4 + 1], match[2]]
            drawn[match[2]] = above[-2]
    ours = [
        error
        for error in all_below(BriefingError)
        if error.__module__ == errors.__name__
    ]
    bases = {
        error.__name__: str(error.__base__ and error.__base__.__name__)
        for error in ours
    }
    assert drawn == bases


def test_the_exit_code_is_1_except_where_the_tree_says_otherwise() -> None:
    codes = {
        error.__name__: error.exit_code for error in all_below(BriefingError)
    }
    assert codes.pop("BusyError") == BusyError.exit_code == 75
    assert set(codes.values()) == {1}


@pytest.mark.parametrize(
    ("line", "place"), [(7, "a.toml, line 7: "), (None, "a.toml: ")]
)
def test_an_error_about_a_file_says_where(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: int | None,
    place: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    error = FileError(tmp_path / "a.toml", "is wrong", line=line)
    assert str(error) == f"{place}is wrong"
    assert (error.path, error.line, error.message) == (
        tmp_path / "a.toml",
        line,
        "is wrong",
    )


class TestShown:
    def test_a_path_below_the_current_folder_is_relative(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert (
            display_path(tmp_path / "issues" / "issue.md") == "issues/issue.md"
        )
        assert display_path(Path("issues")) == "issues"

    def test_any_other_path_is_absolute(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = tmp_path / "here"
        here.mkdir()
        monkeypatch.chdir(here)
        assert display_path(tmp_path / "there") == str(tmp_path / "there")

    def test_a_working_directory_that_was_removed_does_not_matter(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = tmp_path / "here"
        here.mkdir()
        monkeypatch.chdir(here)
        here.rmdir()
        assert display_path(Path("a.toml")) == "a.toml"
