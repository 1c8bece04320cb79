"""Who could get a file with addresses."""

import subprocess
from pathlib import Path

import pytest

from briefing.sending import export_places


def risk(folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    return export_places.find_risk(folder / "readers.csv")


def test_an_ordinary_folder_is_not_a_risk(tmp_path: Path) -> None:
    assert risk(tmp_path) == ""


def test_a_synchronised_folder(tmp_path: Path) -> None:
    assert "Dropbox copies" in risk(tmp_path / "Dropbox")


@pytest.mark.parametrize("mode", [0o770, 0o1777])
def test_a_folder_into_which_others_write(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    assert "Other users of this computer" in risk(folder)


def test_a_git_repository_unless_the_file_is_ignored(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert "is in a git repository" in risk(tmp_path)
    (tmp_path / ".gitignore").write_text("readers.csv\n")
    assert risk(tmp_path) == ""


def test_a_folder_that_does_not_exist_is_found_out_when_writing(
    tmp_path: Path,
) -> None:
    assert export_places.find_risk(tmp_path / "none" / "readers.csv") == ""
