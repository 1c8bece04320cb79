"""Which pictures beside a saved page are its own, and which are none of its business."""

from pathlib import Path

import pytest

from briefing.collecting.documents import beside
from briefing.collecting.documents.beside import find_beside, read_beside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "Brief_files").mkdir(parents=True)
    for name in (
        "Brief_files/a b.jpg",
        "Brief_files/c.jpg",
        "passport-scan.jpg",
    ):
        (folder / name).write_bytes(name.encode())
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return folder


def test_those_in_its_own_folder_are_its_own(folder: Path) -> None:
    names = [
        "Brief_files/a%20b.jpg",
        "./Brief_files/c.jpg",
        "passport-scan.jpg",
    ]
    found = find_beside(names, folder, "Brief.html")
    assert [(picture.name, picture.is_own) for picture in found] == [
        ("Brief_files/a%20b.jpg", True),
        ("./Brief_files/c.jpg", True),
        ("passport-scan.jpg", False),
    ]
    assert found[2].size == len("passport-scan.jpg")
    assert read_beside(found[:1]) == {
        "Brief_files/a%20b.jpg": b"Brief_files/a b.jpg"
    }


def test_the_folder_of_another_page_is_not_its_own(folder: Path) -> None:
    (found,) = find_beside(["Brief_files/c.jpg"], folder, "Other.html")
    assert not found.is_own


@pytest.mark.parametrize(
    "name", ["Brief_files/../passport-scan.jpg", "Brief_files/p.jpg"]
)
def test_no_detour_makes_a_picture_its_own(folder: Path, name: str) -> None:
    (folder / "Brief_files" / "p.jpg").symlink_to(folder / "passport-scan.jpg")
    (found,) = find_beside([name], folder, "Brief.html")
    assert not found.is_own


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jpg",
        "/{}/secret.jpg",
        "file://{}/secret.jpg",
        "link.jpg",
        "x\0.jpg",
        ".",
        "missing.jpg",
        "https://www.example.org/a.jpg",
    ],
)
def test_nothing_outside_of_the_pages_folder_is_found(
    tmp_path: Path, folder: Path, name: str
) -> None:
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert find_beside([name.format(tmp_path)], folder, "Brief.html") == ()


def test_only_so_much_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MOST_TOGETHER", 20)
    names = ["Brief_files/a%20b.jpg", "Brief_files/c.jpg"]
    found = find_beside(names, folder, "Brief.html")
    assert list(read_beside(found)) == names[:1]
    found[0].path.unlink()
    assert list(read_beside(found)) == names[1:]
