"""Photos and logos are opened in a child process, whatever their format."""

import io
from pathlib import Path

import pytest
from PIL import Image

from briefing.errors import PictureError
from briefing.photos.pictures import STEPS
from briefing.photos.sandboxed import photo_and_credit, shown_logo, shown_photo
from briefing.sandbox.limited import end_children
from tests.photos.test_opened_photos import bytes_of, halves, noise

PHOTO = Path("photo.jpg")
WHITE = "#ffffff"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF"])
def test_a_photo_of_every_format_is_shown(kind: str) -> None:
    (picture,) = shown_photo(bytes_of(halves(), kind), PHOTO, WHITE, [0])
    assert (picture.width, picture.height) == (40, 20)


def test_it_is_shown_at_the_steps_that_are_asked_for() -> None:
    data = bytes_of(noise(900, 600), "JPEG")
    pictures = shown_photo(data, PHOTO, WHITE, range(len(STEPS)))
    assert [picture.quality for picture in pictures] == [
        quality for quality, _ in STEPS
    ]
    sizes = [len(picture.data) for picture in pictures]
    assert sizes == sorted(sizes, reverse=True)


def test_transparency_of_photos_and_logos_gets_the_paper_s_colour() -> None:
    data = bytes_of(Image.new("RGBA", (20, 10), (0, 0, 0, 0)), "PNG")
    (photo,) = shown_photo(data, PHOTO, "#102030", [0])
    for picture in (photo, shown_logo(data, PHOTO, 20, "#102030")):
        with Image.open(io.BytesIO(picture.data)) as image:
            colours = image.convert("RGB").getcolors()
        assert colours == [(200, (16, 32, 48))]


def test_from_elsewhere_a_heic_photo_is_refused() -> None:
    heic = bytes_of(halves(), "HEIF")
    for refuse in (
        lambda: photo_and_credit(heic, PHOTO),
        lambda: shown_logo(heic, PHOTO, 20, WHITE),
    ):
        with pytest.raises(PictureError, match="is a HEIC photo"):
            refuse()


@pytest.mark.parametrize("kind", ["TIFF", "BMP", ""])
def test_what_is_not_a_picture_for_an_email_is_refused(kind: str) -> None:
    data = bytes_of(halves(), kind) if kind else b"<svg></svg>"
    end_children()  # the next one knows only what Pillow reads by itself
    with pytest.raises(PictureError) as caught:
        shown_photo(data, PHOTO, WHITE, [0])
    assert str(caught.value) == (
        "photo.jpg: isn't an image that emails can show; save it as JPEG or PNG"
    )


def test_a_damaged_heic_photo_is_refused_in_one_line() -> None:
    heic = bytearray(bytes_of(halves(200, 100), "HEIF"))
    heic[len(heic) // 2 :] = bytes(len(heic) - len(heic) // 2)
    with pytest.raises(PictureError) as caught:
        shown_photo(bytes(heic), PHOTO, WHITE, [0])
    assert "\n" not in str(caught.value)
