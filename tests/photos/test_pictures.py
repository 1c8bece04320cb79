"""A photo's file is read, and HEIC is recognised, without opening it."""

from pathlib import Path

import pytest

from briefing.errors import PictureError
from briefing.photos.pictures import is_heic, read_photo
from tests.photos.test_opened_photos import bytes_of, halves


def test_a_heic_photo_is_recognised_by_its_brand() -> None:
    assert is_heic(bytes_of(halves(), "HEIF"))
    assert is_heic(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic")
    for data in (
        bytes_of(halves(), "AVIF"),
        b"",
        b"\0\0\0\x14ftypmif1\0\0\0\0avifheic",
        b"\0\0\0\x18freemif1\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ):
        assert not is_heic(data)


def test_a_missing_file_is_named_with_advice(tmp_path: Path) -> None:
    with pytest.raises(
        PictureError,
        match=r"no\.jpg: there is no such photo; put it next to the issue",
    ):
        read_photo(tmp_path / "no.jpg")
    with pytest.raises(
        PictureError, match="isn't a file; put a photo in its place"
    ):
        read_photo(tmp_path)
