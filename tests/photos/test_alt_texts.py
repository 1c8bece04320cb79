"""Alternative texts that only name a file or say "image" describe nothing."""

import pytest

from briefing.photos.alt_texts import describes, is_file_name


@pytest.mark.parametrize(
    "alt",
    [
        "vigil.jpg",
        "vigil.avif",
        "IMG_2041.HEIC",
        "VIGIL.JPEG",
        "IMG_2041",
        "DSC-0007",
        "dsc",
        "afp_20201008_x",
        "8f3a9c77d1",
        "vigil-at-the-court",
    ],
)
def test_the_name_of_a_file_is_recognised(alt: str) -> None:
    assert is_file_name(alt)
    assert not describes(alt)


@pytest.mark.parametrize(
    "alt",
    ["image", "A photo", "Photo 3", "Ein Bild", "Bild_12", "resim", "logo"],
)
def test_a_generic_word_describes_nothing(alt: str) -> None:
    assert not is_file_name(alt)
    assert not describes(alt)


@pytest.mark.parametrize(
    "alt", ["A vigil", "Photo of a vigil", "See vigil.jpg", "Demo-Teilnehmer"]
)
def test_words_about_the_picture_describe_it(alt: str) -> None:
    assert describes(alt)


@pytest.mark.parametrize(
    "alt",
    [
        "Click to enlarge",
        "Play video",
        "Bild vergrößern",
        "Open image in gallery",
        "点击查看大图",
    ],
)
def test_what_a_button_does_describes_nothing(alt: str) -> None:
    assert not describes(alt)


def test_a_long_name_of_many_parts_is_looked_through_once() -> None:
    """Before, each part more doubled the time."""
    assert describes("a_A" + "_0" * 5000 + "é")
