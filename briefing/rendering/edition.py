"""Render one edition of an issue as HTML, plain text and pictures, once for all its readers."""

from collections.abc import Mapping

from briefing.errors import IssueError
from briefing.issue.links import unsafe_reason
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.pictures import COLUMN, STEPS, Picture
from briefing.rendering.photos import open_logo, open_photos
from briefing.rendering.rendered import RenderedIssue
from briefing.rendering.size import mail_size, picture_size
from briefing.rendering.texts import render_texts


def render(newsletter: Newsletter, edition: Edition) -> RenderedIssue:
    """Return the edition's HTML, plain text and pictures, its photos small enough for `[issue]
    budget`.

    Raises IssueError (a link or photo that can't be used, or a mail over its budget), PictureError,
    TemplateError, or RefusedError (a language without a catalogue), each with the file and line.
    """
    _refuse_unsafe_links(edition)
    renderer = _Renderer(newsletter, edition)
    photos = open_photos(newsletter, edition)
    budget = newsletter.settings.issue.budget
    text_size = 0  # until it has been rendered
    for step in range(len(STEPS)):
        pictures = {item: photo.shown(COLUMN, step) for item, photo in photos.items()}
        if text_size + picture_size(renderer.all_pictures(pictures)) > budget:
            continue
        rendered = renderer.render(pictures)
        if mail_size(rendered) <= budget:
            return rendered
        text_size = mail_size(rendered) - picture_size(rendered.pictures)
    raise IssueError(
        edition.path,
        f"makes a mail larger than the {budget // 1024} KB of [issue] budget, even with the smallest photos; "
        "remove some photos or items",
    )


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
    """Renders one edition with the pictures it is given."""

    def __init__(self, newsletter: Newsletter, edition: Edition) -> None:
        self._newsletter = newsletter
        self._edition = edition
        self._logo = open_logo(newsletter)

    def all_pictures(self, pictures: Mapping[Item, Picture]) -> tuple[Picture, ...]:
        """Return the pictures that travel in the mail: the logo, then the photos, each once."""
        all_pictures = list(pictures.values())
        if self._logo:
            all_pictures.insert(0, self._logo)
        return tuple(dict.fromkeys(all_pictures))

    def render(self, pictures: Mapping[Item, Picture]) -> RenderedIssue:
        texts = render_texts(self._newsletter, self._edition, pictures, self._logo)
        issue = self._edition.issue
        return RenderedIssue(
            id=self._edition.id,
            lang=self._edition.lang,
            subject=issue.subject or issue.title,
            html=texts.html,
            text=texts.text,
            pictures=self.all_pictures(pictures),
        )
