"""Rules on photos: how readers see them in the email."""

from collections.abc import Iterator

from briefing.errors import BriefingError
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.photos.pictures import TALLEST, Picture
from briefing.text.counts import counted

from .inspected import InspectedEdition
from .rule import WARNING, Problem, Problems, rule
from .wording import quoted

POOR_QUALITY = 62
"""The JPEG quality below which people see that a photo was compressed."""
NARROW = 200
"""CSS pixels: about half the width of a phone."""


@rule("photo-compressed", WARNING, "photo: of poor quality in the email")
def photo_compressed(inspected: InspectedEdition) -> Problems:
    """A photo is compressed so heavily that readers would notice, since the email must stay within
    the `budget` under `[issue]`. Remove or crop a photo, or raise the budget.
    """
    for item, picture in _photos(inspected):
        if picture.quality < POOR_QUALITY:
            yield about_photo(
                item,
                f"is compressed to a quality of {picture.quality}, which readers would notice; "
                "remove or crop a photo, or raise 'budget' under [issue] in briefing.toml",
            )


@rule("animation", WARNING, "photo: an animation")
def animation(inspected: InspectedEdition) -> Problems:
    """A photo is an animation, and readers would see only its first frame. Save the frame that says
    most as JPEG or PNG, or link to the animation.
    """
    for item, picture in _unreported_photos(inspected):
        if picture.is_still:
            yield about_photo(
                item,
                "is an animation, and readers would see only its first frame; "
                "save the frame that says most as JPEG or PNG, or link to the animation",
            )


@rule("small-photo", WARNING, "photo: too small")
def small_photo(inspected: InspectedEdition) -> Problems:
    """A photo is less than 200 pixels wide in the email, so readers would see little of it. Use a
    larger one; crop a tall one to the part that matters.
    """
    for item, picture in _unreported_photos(inspected):
        if picture.width >= NARROW:
            continue
        wide = counted(picture.width, "pixel")
        if picture.height == TALLEST:
            problem = f"is so tall that it is only {wide} wide in the email"
            advice = "crop it to the part that matters"
        else:
            problem = f"is only {wide} wide"
            advice = "use a larger one"
        yield about_photo(item, f"{problem}; {advice}")


def about_photo(item: Item, words: str) -> Problem:
    """Return a problem of an item's photo; `words` follow the name of its file."""
    name = quoted(item.image)
    return Problem(f"{name} {words}", line_of(item, "image"), about=name)


def _photos(inspected: InspectedEdition) -> Iterator[tuple[Item, Picture]]:
    """Yield the items that have a photo in the email, each photo once."""
    if isinstance(inspected.rendered, BriefingError):
        return
    seen = set()
    for item, picture in inspected.rendered.photos.items():
        if picture not in seen:
            seen.add(picture)
            yield item, picture


def _unreported_photos(
    inspected: InspectedEdition,
) -> Iterator[tuple[Item, Picture]]:
    """Yield the items with a photo, except those whose photo is in the first edition: that is reported
    there.
    """
    reported = set()
    if inspected.is_translation:
        reported = {item.image for item in inspected.first.issue.items}
    for item, picture in _photos(inspected):
        if item.image not in reported:
            yield item, picture
