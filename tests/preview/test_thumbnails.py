"""The photos beside the cards."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.preview.conftest import Get


@pytest.fixture(autouse=True)
def photo(issue: Path) -> None:
    """The first item has a photo that says where it was taken."""
    image = Image.new("RGB", (400, 200), "#336699")
    exif = image.getexif()
    exif[0x010E] = "Taken at home"
    image.save(issue.parent / "map.jpg", exif=exif)
    text = issue.read_text("utf-8")
    issue.write_text(
        text.replace("source: BBC", "source: BBC\nimage: map.jpg"), "utf-8"
    )


def test_a_card_has_its_photo_cleaned_as_in_the_email(get: Get) -> None:
    (address,) = re.findall(r'class="thumbnail" src="([^"]+)"', get("/").text)
    assert address.startswith("thumbnails/en/i1?")
    picture = get(f"/{address}")
    assert picture.mimetype in {"image/jpeg", "image/png"}
    assert b"Taken at home" not in picture.data
    assert Image.open(BytesIO(picture.data)).size == (400, 200)


def test_another_photo_has_another_address(get: Get, issue: Path) -> None:
    before = re.findall(r"thumbnails/[^\"]+", get("/").text)
    Image.new("RGB", (400, 200), "#993366").save(issue.parent / "map.jpg")
    assert re.findall(r"thumbnails/[^\"]+", get("/").text) != before


@pytest.mark.parametrize(
    "path",
    [
        "/thumbnails/en/i2",
        "/thumbnails/en/i99",
        "/thumbnails/en/issue",
        "/thumbnails/ug/i1",
        "/thumbnails/de/i1",
        "/thumbnails/en/map.jpg",
        "/thumbnails/en/..%2fmap.jpg",
        "/thumbnails/en/",
        "/thumbnails/",
    ],
)
def test_nothing_else_is_served(get: Get, path: str) -> None:
    get("/")
    assert get(path).status_code == 404
