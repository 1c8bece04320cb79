"""What the offline rules examine: an edition as written, and the mail built from it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from briefing.errors import BriefingError
from briefing.issue.model import Issue, Item
from briefing.issue.published import Published
from briefing.issue.store import Edition
from briefing.keys import LENGTH, Key
from briefing.mail.message import SAMPLE_READER, Message
from briefing.markup import parse_html
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.settings import Settings

from .built_mail import BuiltMail
from .git import Git
from .visible_text import VisibleText, visible_texts


@dataclass(frozen=True, eq=False)
class Inspected:
    """One edition of an issue, with the mail that a sample reader would get."""

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
    def page(self) -> str:
        """The HTML part before encoding; empty if the edition can't be rendered."""
        if self._message is None or isinstance(self.rendered, BriefingError):
            return ""
        return self.rendered.html.filled(self._message.columns(SAMPLE_READER))

    @cached_property
    def document(self) -> HtmlElement:
        """`page` as a tree; without any elements in its body if the edition can't be rendered."""
        return parse_html(self.page)

    @cached_property
    def visible_texts(self) -> Sequence[VisibleText]:
        """The texts of `document` that readers see, on a light screen."""
        return tuple(visible_texts(self.document))

    @cached_property
    def mail(self) -> BuiltMail:
        """The complete mail; empty if the edition can't be rendered."""
        return BuiltMail(
            self._message.fill(SAMPLE_READER) if self._message else b""
        )

    @cached_property
    def _message(self) -> Message | None:
        if isinstance(self.rendered, BriefingError):
            return None
        midnight = dt.datetime.combine(self.today, dt.time(), dt.UTC)
        # A key of zeros: the real key shouldn't sign the tokens of a mail that is never sent.
        return Message(
            self.rendered, self.settings, Key(bytes(LENGTH)), midnight.timestamp
        )
