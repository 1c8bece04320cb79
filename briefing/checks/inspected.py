"""What the offline rules examine: an edition as written, and the email built from it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from briefing.configuration.settings import Settings
from briefing.errors import BriefingError
from briefing.issue.model import Issue, Item
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.text.markup import parse_html

from .built_mail import BuiltMail, sample_mail
from .git import Git
from .visible_text import VisibleText, visible_texts


@dataclass(frozen=True, eq=False)
class InspectedEdition:
    """One edition of an issue, with the email that a sample reader would get."""

    newsletter: Newsletter
    edition: Edition
    rendered: RenderedIssue | BriefingError
    """The edition as it would be sent, or the error if it can't be rendered."""
    first: Edition
    """The issue's first edition; may be this one."""
    published: Published
    """What ran in earlier issues."""
    git: Git
    """The repository of the newsletter's folder, asked once for all editions."""
    today: dt.date

    @property
    def issue(self) -> Issue:
        return self.edition.issue

    @property
    def settings(self) -> Settings:
        return self.newsletter.settings

    @property
    def is_translation(self) -> bool:
        return self.edition.lang != self.first.lang

    @property
    def parts(self) -> tuple[Issue | Item, ...]:
        """The parts with text: the issue itself for its introduction, then every item."""
        return (self.issue, *self.issue.items)

    @cached_property
    def document(self) -> HtmlElement:
        """The HTML part as a tree; without any elements in its body if the edition can't be rendered."""
        return parse_html(self.mail.html)

    @cached_property
    def visible_texts(self) -> Sequence[VisibleText]:
        """The texts of `document` that readers see, on a light screen."""
        return tuple(visible_texts(self.document))

    @cached_property
    def mail(self) -> BuiltMail:
        """The complete email; empty if the edition can't be rendered."""
        if isinstance(self.rendered, BriefingError):
            return BuiltMail(b"")
        midnight = dt.datetime.combine(self.today, dt.time(), dt.UTC)
        return sample_mail(self.rendered, self.settings, midnight)
