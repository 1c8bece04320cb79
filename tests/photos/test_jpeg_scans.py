"""The scans of a JPEG are counted without decoding it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from briefing.photos.jpeg_scans import count_scans


def jpeg(**options: bool) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(
        file, "JPEG", **options
    )
    return file.getvalue()


def with_scans(data: bytes, more: int) -> bytes:
    """A picture whose last scan is repeated, without its pixels."""
    start = data.rindex(b"\xff\xda")
    length = int.from_bytes(data[start + 2 : start + 4])
    scan = data[start : start + 2 + length] + b"\0"
    return data[:-2] + scan * more + data[-2:]


def test_a_plain_picture_has_one_and_a_progressive_one_about_ten() -> None:
    assert count_scans(jpeg()) == 1
    assert 5 <= count_scans(jpeg(progressive=True)) <= 12


def test_those_of_a_hostile_picture_are_all_counted() -> None:
    hostile = with_scans(jpeg(progressive=True), 50_000)
    assert count_scans(hostile) > 50_000


def test_what_follows_the_picture_or_is_in_its_metadata_does_not_count() -> (
    None
):
    comment = b"\xff\xfe" + (2002).to_bytes(2) + b"\xff\xda" * 1000
    plain = jpeg()
    assert (
        count_scans(plain[:2] + comment + plain[2:] + b"\xff\xda" * 1000) == 1
    )


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"GIF"]
)
def test_other_data_has_none(data: bytes) -> None:
    assert count_scans(data) == 0


@given(st.binary(max_size=200))
def test_any_data_is_counted_to_its_end(data: bytes) -> None:
    assert 0 <= count_scans(b"\xff\xd8" + data) <= len(data)
