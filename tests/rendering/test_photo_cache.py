"""Prepared pictures are kept for the next time: always the same bytes, whatever is in the folder."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from briefing.errors import PictureError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.photos.opened_photos import photo_in
from briefing.photos.pictures import Picture, read_photo
from briefing.rendering import photo_cache
from briefing.rendering.edition import render
from briefing.rendering.photo_cache import PhotoCache
from briefing.rendering.rendered import RenderedIssue
from tests.rendering.newsletters import edition, photo, with_settings

JPEG = Picture(b"a picture", "image/jpeg", 552, 368)
PNG = Picture(b"a drawing", "image/png", 40, 30)
STILL = Picture(b"a frame", "image/png", 40, 30, is_still=True)


def folder(newsletter: Newsletter) -> Path:
    return newsletter.state / "photos"


def kept(newsletter: Newsletter) -> list[Path]:
    return sorted(folder(newsletter).iterdir())


def keep(
    newsletter: Newsletter,
    picture: Picture = JPEG,
    treatment: str = "552 at step 0",
) -> Path:
    """Keep a picture; return its file."""
    before = set(folder(newsletter).glob("*"))
    PhotoCache(newsletter).picture("photo", treatment, lambda: picture)
    (new,) = set(folder(newsletter).iterdir()) - before
    return new


def qualities(rendered: RenderedIssue) -> list[int]:
    """The JPEG qualities of the photos, about which `check` warns."""
    return [picture.quality for picture in rendered.photos.values()]


def found(
    newsletter: Newsletter, treatment: str = "552 at step 0"
) -> Picture | None:
    """What is kept; None if it would be made again."""
    made: list[str] = []
    another = Picture(b"made again", "image/jpeg", 1, 1)

    def make() -> Picture:
        made.append("")
        return another

    picture = PhotoCache(newsletter).picture("photo", treatment, make)
    return None if made else picture


class TestKept:
    @pytest.mark.parametrize("picture", [JPEG, PNG, STILL])
    def test_a_picture_is_made_once(
        self, newsletter: Newsletter, picture: Picture
    ) -> None:
        keep(newsletter, picture)
        kept = found(newsletter)
        assert kept == picture
        assert kept.is_still == picture.is_still

    def test_another_photo_or_treatment_is_another_picture(
        self, newsletter: Newsletter
    ) -> None:
        keep(newsletter)
        assert found(newsletter, "552 at step 1") is None

    def test_another_version_of_this_program_or_pillow_makes_it_again(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(newsletter)
        monkeypatch.setattr(photo_cache, "RECIPE", "another")
        assert found(newsletter) is None

    def test_a_file_is_the_picture_and_nothing_else(
        self, newsletter: Newsletter
    ) -> None:
        file = keep(newsletter)
        assert file.read_bytes() == JPEG.data
        assert file.suffix == ".jpg"

    def test_files_and_folder_are_private(self, newsletter: Newsletter) -> None:
        file = keep(newsletter)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_what_makes_no_picture_keeps_nothing(
        self, newsletter: Newsletter
    ) -> None:
        def fail() -> Picture:
            raise PictureError(Path("p.jpg"), "is damaged")

        with pytest.raises(PictureError):
            PhotoCache(newsletter).picture("photo", "552", fail)
        assert kept(newsletter) == []


class TestBounds:
    def test_the_oldest_are_deleted_beyond_it(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(photo_cache, "MOST_BYTES", 4 * len(JPEG.data))
        files = []
        for number in range(5):
            files.append(keep(newsletter, treatment=str(number)))
            os.utime(files[-1], ns=(number, number))
        assert kept(newsletter) == sorted(files[3:])

    def test_what_does_not_belong_there_is_deleted_as_well(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(photo_cache, "MOST_BYTES", 4 * len(JPEG.data))
        file = keep(newsletter)
        (folder(newsletter) / ".x.tmp").write_bytes(b"x" * 100)
        os.utime(folder(newsletter) / ".x.tmp", ns=(0, 0))
        files = [file, keep(newsletter, treatment="2")]
        assert kept(newsletter) == sorted(files)

    def test_a_huge_picture_is_not_kept(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(photo_cache, "LARGEST_PICTURE", len(JPEG.data) - 1)
        PhotoCache(newsletter).picture("photo", "552", lambda: JPEG)
        assert kept(newsletter) == []


def cut_off(file: Path, _outside: Path) -> None:
    file.write_bytes(JPEG.data[:-1])


def changed(file: Path, _outside: Path) -> None:
    file.write_bytes(JPEG.data.replace(b"a", b"e"))


def emptied(file: Path, _outside: Path) -> None:
    file.write_bytes(b"")


def grown(file: Path, _outside: Path) -> None:
    os.truncate(file, 1 << 32)


def a_link(file: Path, outside: Path) -> None:
    file.unlink()
    file.symlink_to(outside)


def a_pipe(file: Path, _outside: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path, _outside: Path) -> None:
    file.unlink()
    file.mkdir()


def unreadable(file: Path, _outside: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def of_another_size(file: Path, _outside: Path) -> None:
    file.rename(file.with_name(file.name.replace("-552x368-", "-552x999-")))


def of_an_animation(file: Path, _outside: Path) -> None:
    file.rename(
        file.with_name(file.name.replace("-552x368-", "-552x368-still-"))
    )


def of_another_kind(file: Path, _outside: Path) -> None:
    file.rename(file.with_suffix(".png"))


class TestHostile:
    @pytest.mark.parametrize(
        "damage",
        [
            *(
                cut_off,
                changed,
                emptied,
                grown,
                a_link,
                a_pipe,
                a_folder,
                unreadable,
            ),
            *(of_another_size, of_another_kind, of_an_animation),
        ],
    )
    def test_a_file_that_is_not_what_its_name_says_is_made_again(
        self,
        newsletter: Newsletter,
        tmp_path: Path,
        damage: Callable[[Path, Path], None],
    ) -> None:
        outside = tmp_path / "outside"
        outside.write_bytes(JPEG.data + b" and more")
        damage(keep(newsletter), outside)
        assert found(newsletter) is None
        assert outside.read_bytes() == JPEG.data + b" and more"

    def test_a_picture_under_the_name_of_another_is_made_again(
        self, newsletter: Newsletter
    ) -> None:
        first, second = keep(newsletter), keep(newsletter, PNG, "another")
        first.rename(second.with_name(second.name[:30] + first.name[30:]))
        second.unlink()
        assert found(newsletter, "another") is None

    def test_a_damaged_file_is_replaced(self, newsletter: Newsletter) -> None:
        cut_off(keep(newsletter), Path())
        PhotoCache(newsletter).picture("photo", "552 at step 0", lambda: JPEG)
        assert found(newsletter) == JPEG

    def test_pictures_made_with_another_key_are_made_again(
        self, newsletter: Newsletter
    ) -> None:
        keep(newsletter)
        (newsletter.state / "key").write_bytes(b"k" * 32)
        assert found(newsletter) is None

    @pytest.mark.parametrize("name", ["photos", ""])
    def test_nothing_is_written_through_a_link(
        self, newsletter: Newsletter, tmp_path: Path, name: str
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        if name:
            Key.of(newsletter)
        (newsletter.state / name).symlink_to(elsewhere)
        PhotoCache(newsletter).picture("photo", "552", lambda: JPEG)
        assert not (elsewhere / "photos").exists()
        assert not [path for path in elsewhere.iterdir() if path.name != "key"]

    def test_without_its_key_nothing_is_kept(
        self, newsletter: Newsletter
    ) -> None:
        newsletter.state.mkdir(mode=0o700)
        (newsletter.state / "ledger.sqlite").touch()
        assert (
            PhotoCache(newsletter).picture("photo", "552", lambda: JPEG) == JPEG
        )
        assert not folder(newsletter).exists()


class TestEdition:
    def test_it_is_the_same_with_and_without_kept_pictures(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = with_settings(
            newsletter, issue='budget = "60 KB"', look='logo = "logo.png"'
        )
        photo(newsletter.root / "logo.png", 200, 80, "PNG")
        photo(newsletter.issues / "2020-10-09" / "p.jpg")
        issue = edition(
            newsletter,
            "# Weekly Brief\ndate: 2020-10-09\n\n### A\nimage: p.jpg\nalt: Steps\n\nText.\n",
        )
        first = render(newsletter, issue)
        names = kept(newsletter)
        assert len(names) > 2
        again = render(newsletter, issue)
        assert again.to_bytes() == first.to_bytes()
        assert qualities(again) == qualities(first) != [82]
        assert kept(newsletter) == names
        for path in names:
            path.unlink()
        assert render(newsletter, issue).to_bytes() == first.to_bytes()

    def test_a_changed_photo_is_another(self, newsletter: Newsletter) -> None:
        path = newsletter.issues / "2020-10-09" / "p.jpg"
        photo(path)
        issue = edition(
            newsletter,
            "# Weekly Brief\ndate: 2020-10-09\n\n### A\nimage: p.jpg\nalt: Steps\n\nText.\n",
        )
        before = render(newsletter, issue).pictures
        photo(path, noise=90)
        after = render(newsletter, issue).pictures
        assert after != before
        assert after == (photo_in(read_photo(path), path).shown(),)
