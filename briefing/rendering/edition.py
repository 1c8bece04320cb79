"""Render one edition of an issue as HTML, plain text and pictures, once for all its readers."""

from briefing.errors import IssueError
from briefing.issue.links import unsafe_reason
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.pictures import STEPS, Picture
from briefing.rendering.photos import open_logo, open_photos
from briefing.rendering.rendered import RenderedIssue
from briefing.rendering.size import expected_text_size, mail_size, picture_size
from briefing.rendering.texts import render_texts
from briefing.rendering.web_page import archive


def render(newsletter: Newsletter, edition: Edition) -> RenderedIssue:
    """Return the edition's HTML, plain text and pictures, its photos small enough for `[issue]
    budget`.

    Raises IssueError (a link or photo that can't be used, or a mail over its budget), PictureError,
    TemplateError, or RefusedError (a language without a catalogue), each with the file and line.
    """
    _refuse_unsafe_links(edition)
    renderer = _Renderer(newsletter, edition)
    budget = newsletter.settings.issue.budget
    # Rendering is slow, so the size of the texts is estimated first.
    expected = renderer.first_step(budget - expected_text_size(edition.issue))
    step = len(STEPS) - 1 if expected is None else expected
    rendered = renderer.render(step)
    text_size = mail_size(rendered) - picture_size(rendered.pictures)
    best = renderer.first_step(budget - text_size)
    if best is None:
        raise IssueError(
            edition.path,
            f"makes a mail larger than the {budget // 1024} KB of [issue] budget, even with the smallest photos; "
            "remove some photos or items",
        )
    return rendered if best == step else renderer.render(best)


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
    """Renders one edition with its photos at any of STEPS."""

    def __init__(self, newsletter: Newsletter, edition: Edition) -> None:
        self._newsletter = newsletter
        self._edition = edition
        self._photos = open_photos(newsletter, edition)
        self._pictures: dict[int, dict[Item, Picture]] = {}
        """By step."""
        self._logo = open_logo(newsletter)

    def first_step(self, room: int) -> int | None:
        """Return the first step at which the pictures take no more than `room` bytes of the mail;
        None if they never do.
        """
        for step in range(len(STEPS)):
            if picture_size(self._all_pictures(step)) <= room:
                return step
        return None

    def _shown(self, step: int) -> dict[Item, Picture]:
        if step not in self._pictures:
            self._pictures[step] = {
                item: photo.shown(step) for item, photo in self._photos.items()
            }
        return self._pictures[step]

    def _all_pictures(self, step: int) -> tuple[Picture, ...]:
        """Return the pictures that travel in the mail: the logo, then the photos, each once."""
        pictures = self._shown(step)
        all_pictures = list(pictures.values())
        if self._logo:
            all_pictures.insert(0, self._logo)
        return tuple(dict.fromkeys(all_pictures))

    def render(self, step: int) -> RenderedIssue:
        pictures = self._shown(step)
        texts = render_texts(
            self._newsletter, self._edition, pictures, self._logo
        )
        issue = self._edition.issue
        return RenderedIssue(
            id=self._edition.id,
            lang=self._edition.lang,
            subject=issue.subject or issue.title,
            html=texts.html,
            text=texts.text,
            pictures=self._all_pictures(step),
            archive=archive(self._newsletter),
        )
