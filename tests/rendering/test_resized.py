"""An edition with its photos in other sizes is the same as if it was rendered with them."""

from dataclasses import replace

import pytest

from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.photos.pictures import Picture
from briefing.rendering.edition import render
from briefing.rendering.photos import open_logo, open_photos
from briefing.rendering.rendered import RenderedIssue
from briefing.rendering.resized import resized
from briefing.rendering.size import mail_size
from briefing.rendering.texts import render_texts
from tests.rendering.newsletters import edition, photo, with_settings

TEXT = """\
# Weekly Brief, 9 October 2020
date: 2020-10-09

### A wide photo
image: wide.jpg
alt: A court

Text.

### A small photo, which readers see as it is
image: small.jpg

Text with "cid:wide.jpg" in it.

### The wide photo again
image: wide.jpg

Text.
"""


@pytest.fixture
def illustrated(newsletter: Newsletter) -> tuple[Newsletter, Edition]:
    """A newsletter with a logo, and an issue with photos."""
    folder = newsletter.issues / "2020-10-09"
    photo(folder / "wide.jpg", 1104, 160)
    photo(folder / "small.jpg", 300, 60)
    photo(newsletter.root / "logo.png", 200, 100, "PNG")
    newsletter = with_settings(newsletter, look='logo = "logo.png"')
    return newsletter, edition(newsletter, TEXT)


def pictures_at(
    newsletter: Newsletter, issue: Edition, step: int
) -> dict[Item, Picture]:
    photos = open_photos(newsletter, issue)
    return {item: photo.shown(step) for item, photo in photos.items()}


def rendered_at(
    newsletter: Newsletter, issue: Edition, step: int
) -> RenderedIssue:
    """Render an edition with all photos at a step."""
    photos = pictures_at(newsletter, issue, step)
    logo = open_logo(newsletter)
    assert logo
    texts = render_texts(newsletter, issue, photos, logo)
    return replace(
        render(newsletter, issue),
        html=texts.html,
        text=texts.text,
        pictures=tuple(dict.fromkeys([logo, *photos.values()])),
        photos=photos,
    )


@pytest.mark.parametrize(("before", "after"), [(0, 3), (6, 0), (2, 2)])
def test_nothing_but_the_photos_changes(
    illustrated: tuple[Newsletter, Edition], before: int, after: int
) -> None:
    made = resized(
        rendered_at(*illustrated, before), pictures_at(*illustrated, after)
    )
    assert made == rendered_at(*illustrated, after)
    assert made.photos == pictures_at(*illustrated, after)


def test_another_size_on_the_page_is_refused(
    illustrated: tuple[Newsletter, Edition],
) -> None:
    photos = pictures_at(*illustrated, 3)
    larger = {
        item: replace(picture, width=picture.width + 1)
        for item, picture in photos.items()
    }
    assert resized(rendered_at(*illustrated, 0), larger) is None


def test_photos_that_differ_in_one_size_only_are_refused(
    illustrated: tuple[Newsletter, Edition],
) -> None:
    photos = pictures_at(*illustrated, 3)
    first, *_, last = photos
    photos[last] = replace(photos[first], data=b"another picture")
    assert resized(rendered_at(*illustrated, 0), photos) is None


def test_an_own_template_may_show_how_large_the_files_are(
    illustrated: tuple[Newsletter, Edition],
) -> None:
    newsletter, issue = illustrated
    template = newsletter.root / "templates" / "item.html.j2"
    template.parent.mkdir(exist_ok=True)
    template.write_text("{{ pictures[item].data | length }} bytes\n")
    best = mail_size(render(newsletter, issue))
    newsletter = with_settings(
        newsletter, issue=f'budget = "{best // 2048} KB"'
    )
    rendered = render(newsletter, issue)
    page = rendered.html.filled({})
    for picture in rendered.photos.values():
        assert f"{len(picture.data)} bytes" in page
