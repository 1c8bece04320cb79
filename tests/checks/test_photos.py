"""Rules on photos: a broken sample for each rule, and no finding in sound photos."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from briefing.checks import photos
from briefing.checks.rule import Severity
from briefing.newsletter import Newsletter
from tests.checks.conftest import SETTINGS, SOUND, Check
from tests.rendering.newsletters import photo

WITH_PHOTO = SOUND.replace("link:", "image: court.png\nlink:")
LINE = 10
"""Of `image:`."""


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (photos,)


@pytest.fixture
def court(newsletter: Newsletter) -> Path:
    """Where the photo is, whatever its format."""
    folder = newsletter.issues / "2020-10-09"
    folder.mkdir(parents=True)
    return folder / "court.png"


def messages(check_issue: Check, **options: str) -> dict[str, str]:
    """The message of each rule that finds something in the photo's line."""
    found = {}
    for finding in check_issue(WITH_PHOTO, **options):
        assert finding.severity is Severity.WARNING
        assert finding.line == LINE
        found[finding.rule] = finding.message
    return found


@pytest.mark.parametrize(
    ("width", "height"), [(1104, 736), (200, 200), (552, 20), (1000, 2400)]
)
def test_nothing_is_found_in_a_photo_that_readers_see_well(
    check_issue: Check, court: Path, width: int, height: int
) -> None:
    photo(court, width, height)
    assert messages(check_issue) == {}


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (199, 300, "is only 199 pixels wide; use a larger one"),
        (64, 64, "is only 64 pixels wide; use a larger one"),
        (1, 1, "is only 1 pixel wide; use a larger one"),
        (
            1000,
            2500,
            "is so tall that it is only 192 pixels wide in the email; crop it to the part that matters",
        ),
    ],
)
def test_a_photo_that_is_narrow_in_the_email_is_reported(
    check_issue: Check, court: Path, width: int, height: int, words: str
) -> None:
    photo(court, width, height)
    assert messages(check_issue) == {"small-photo": f"'court.png' {words}"}


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_is_reported_also_when_its_photo_was_kept(
    check_issue: Check, court: Path, kind: str
) -> None:
    frames = [
        Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")
    ]
    frames[0].save(court, kind, save_all=True, append_images=frames[1:])
    for _ in range(2):
        assert messages(check_issue) == {
            "animation": "'court.png' is an animation, and readers would see only its first frame; "
            "save the frame that says most as JPEG or PNG, or link to the animation"
        }


def test_a_photo_of_poor_quality_is_reported_with_what_to_do(
    check_issue: Check, court: Path
) -> None:
    photo(court, 1104, 900)
    assert messages(check_issue) == {}
    tight = f'{SETTINGS}[issue]\nbudget = "150 KB"\n'
    assert messages(check_issue, settings=tight) == {
        "photo-compressed": "'court.png' is compressed to a quality of 50, which readers would notice; "
        "remove or crop a photo, or raise 'budget' under [issue] in briefing.toml"
    }


def test_a_photo_of_both_editions_is_reported_once(
    check_issue: Check, court: Path
) -> None:
    photo(court, 100, 100)
    photo(court.with_name("own.png"), 90, 90)
    same = check_issue(WITH_PHOTO, ug=WITH_PHOTO)
    assert [finding.path.name for finding in same] == ["issue.md"]
    own = WITH_PHOTO.replace("court.png", "own.png")
    different = check_issue(WITH_PHOTO, ug=own)
    assert [finding.path.name for finding in different] == [
        "issue.md",
        "issue.ug.md",
    ]


def test_without_pictures_nothing_is_found(
    check_issue: Check, court: Path
) -> None:
    photo(court, 100, 100)
    none = f'{SETTINGS}[issue]\nimages = "none"\n'
    assert messages(check_issue, settings=none) == {}
