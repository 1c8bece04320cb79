"""Render one edition of an issue as HTML, plain text and pictures, once for all its readers."""

from collections.abc import Iterable
from functools import partial

from briefing.errors import IssueError
from briefing.issue.links import unsafe_reason
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.photos.pictures import STEPS, Picture

from .photo_shares import share
from .photos import EditionPhoto, open_logo, open_photos
from .rendered import ItemPhotos, RenderedIssue
from .resized import resized
from .size import expected_text_size, mail_size, picture_size
from .templates import has_own_templates
from .texts import render_texts
from .web_page import archive


def render(newsletter: Newsletter, edition: Edition) -> RenderedIssue:
    """Return the edition's HTML, plain text and pictures, its photos small enough for `[issue]
    budget`.

    Raises IssueError (a link or photo that can't be used, or an email over its budget), PictureError,
    TemplateError, or RefusedError (a language without a catalogue), each with the file and line.
    """
    _refuse_unsafe_links(edition)
    renderer = _Renderer(newsletter, edition)
    budget = newsletter.settings.issue.budget
    # Rendering is slow, so the size of the texts is estimated first.
    expected = renderer.photos_within(
        budget - expected_text_size(edition.issue)
    )
    if expected is None:
        expected = renderer.smallest_photos()
    rendered = renderer.render(expected)
    text_size = mail_size(rendered) - picture_size(rendered.pictures)
    best = renderer.photos_within(budget - text_size)
    if best is None:
        raise IssueError(
            edition.path,
            f"makes an email larger than {budget // 1024} KB ('budget' under [issue]), even with the smallest photos; "
            "remove some photos or items",
        )
    if best == expected:
        return rendered
    # An organisation's own templates may use whatever they like of a photo.
    if has_own_templates(newsletter):
        return renderer.render(best)
    return resized(rendered, best) or renderer.render(best)


def _refuse_unsafe_links(edition: Edition) -> None:
    for item in edition.issue.items:
        reason = unsafe_reason(item.link) if item.link else ""
        if reason:
            raise IssueError(
                edition.path,
                f"'{item.link}' {reason}",
                line=line_of(item, "link"),
            )


class _Renderer:
    """Renders one edition with its photos in any size."""

    def __init__(self, newsletter: Newsletter, edition: Edition) -> None:
        self._newsletter = newsletter
        self._edition = edition
        self._photos = open_photos(newsletter, edition)
        self._logo = open_logo(newsletter)

    def photos_within(self, room: int) -> dict[Item, Picture] | None:
        """Return the best pictures of the photos that take, with the logo, at most `room` bytes of the
        email; None if even the smallest take more.
        """
        room -= picture_size(self._with_logo(()))
        # A photo that several items have is in the email once, so it takes one share.
        photos = list(dict.fromkeys(self._photos.values()))
        steps = share([partial(_size_at, photo) for photo in photos], room)
        if steps is None:
            return None
        step_of = dict(zip(photos, steps, strict=True))
        return {
            item: photo.shown(step_of[photo])
            for item, photo in self._photos.items()
        }

    def smallest_photos(self) -> dict[Item, Picture]:
        last = len(STEPS) - 1
        return {item: photo.shown(last) for item, photo in self._photos.items()}

    def render(self, photos: ItemPhotos) -> RenderedIssue:
        texts = render_texts(
            self._newsletter, self._edition, photos, self._logo
        )
        issue = self._edition.issue
        return RenderedIssue(
            id=self._edition.id,
            lang=self._edition.lang,
            subject=issue.subject or issue.title,
            html=texts.html,
            text=texts.text,
            pictures=self._with_logo(photos.values()),
            photos=photos,
            archive=archive(self._newsletter),
        )

    def _with_logo(self, photos: Iterable[Picture]) -> tuple[Picture, ...]:
        """Return the pictures that travel in the email: the logo, then the photos, each once."""
        logo = [self._logo] if self._logo else []
        return tuple(dict.fromkeys([*logo, *photos]))


def _size_at(photo: EditionPhoto, step: int) -> int:
    return picture_size([photo.shown(step)])
