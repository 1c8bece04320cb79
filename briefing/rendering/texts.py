"""Render the HTML and the plain text of an edition from the templates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext

from briefing.configuration.settings import IssueSettings, LookSettings
from briefing.errors import LimitError, TemplateError
from briefing.issue.model import Issue, Item, Kind
from briefing.issue.store import Edition
from briefing.languages import load_language
from briefing.newsletter import Newsletter
from briefing.photos.pictures import Picture

from . import prose
from .contacts import tappable
from .corrected_issue import corrected_issue
from .inlining import render_html
from .masthead import dateline, issue_heading
from .phrases import Phrases
from .preheader import preheader
from .rendered import UNSUBSCRIBE, ItemPhotos, SlotMarkers, Slotted
from .templates import SECONDS, Templates, has_own_templates
from .web_page import web_page

LONG_ISSUE = 6
"""The number of items from which an issue has a list of its headlines, unless `[issue] contents`
says otherwise.
"""


@dataclass(frozen=True, slots=True)
class Texts:
    """The two texts of an edition."""

    html: Slotted
    text: Slotted


def render_texts(
    newsletter: Newsletter,
    edition: Edition,
    pictures: ItemPhotos,
    logo: Picture | None,
) -> Texts:
    """Render an edition with these pictures: in a child process if the newsletter has templates of
    its own. Raises TemplateError.
    """
    if not has_own_templates(newsletter):
        return render_here(newsletter.root, edition, pictures, logo)
    from briefing.sandbox.limited import run_limited  # noqa: PLC0415  # most newsletters need no child process

    own_templates = newsletter.template_folders[0]
    try:
        return run_limited(
            render_here,
            newsletter.root,
            replace(edition, mistakes=()),
            pictures,
            logo,
            name=str(own_templates),
            remedy="look for an endless loop",
            seconds=SECONDS,
        )
    except LimitError as error:
        raise TemplateError(own_templates, error.message) from error


def render_here(
    root: Path,
    edition: Edition,
    pictures: ItemPhotos,
    logo: Picture | None,
) -> Texts:
    """Render an edition of the newsletter in a folder like `render_texts`, but in this process."""
    newsletter = Newsletter(root)
    lang = load_language(edition.lang, newsletter.template_folders)
    notice = newsletter.settings.look.notice
    phrases = Phrases(edition.issue, lang, notice, frozenset(pictures))
    templates = Templates(newsletter, lang, _filters(phrases))
    markers = SlotMarkers()
    context = _context(newsletter, edition)
    context |= {
        "dateline": dateline(newsletter, edition, lang),
        "issue_heading": issue_heading(newsletter, edition, lang),
        "pictures": pictures,
        "logo": logo,
        "lang": lang,
        "reader": markers,
    }
    # An organisation's own style sheets may be from anyone, and a child process can't write.
    keeps_styles = not has_own_templates(newsletter)
    html = render_html(templates, context, newsletter if keeps_styles else None)
    text = templates.render("issue.txt.j2", context)
    return Texts(markers.split(html), markers.split(text))


def _filters(phrases: Phrases) -> dict[str, Callable[..., object]]:
    """Return the filters that depend on the issue."""
    lang = phrases.language
    in_either = partial(
        _in_either_part, phrases, replace(phrases, in_html=True)
    )
    return {
        "prose": lambda source: prose.to_html(source, lang),
        "plain_prose": lambda source: prose.to_text(source, lang),
        "label": phrases.label,
        "headline": phrases.headline,
        "byline": in_either(Phrases.byline),
        "credit": in_either(Phrases.credit),
        "publisher": in_either(Phrases.publisher),
        "photographer": in_either(Phrases.photographer),
        "contact": phrases.contact,
        "tappable": tappable,
        "link_text": in_either(Phrases.link),
    }


def _in_either_part(
    in_text: Phrases,
    in_html: Phrases,
    phrase: Callable[[Phrases, Item], str],
) -> Callable[..., str]:
    """Return a filter that gives a phrase as HTML in HTML, and as plain text elsewhere."""

    @pass_eval_context
    def words(part: EvalContext, item: Item) -> str:
        return phrase(in_html if part.autoescape else in_text, item)

    return words


def _context(newsletter: Newsletter, edition: Edition) -> dict[str, object]:
    """Return the templates' variables. Their names are public: organisations' own templates use
    them.
    """
    settings = newsletter.settings
    issue = edition.issue
    can_leave = settings.unsubscribe.has_way_to_leave
    return {
        "issue": issue,
        "id": edition.id,
        "date": edition.date,
        "subject": issue.subject or issue.title,
        "preheader": preheader(edition),
        "contents": _contents(settings.issue, issue),
        "notice_at_foot": _needs_notice_at_foot(settings.look, issue),
        "corrected": corrected_issue(newsletter, edition),
        "newsletter": settings.newsletter.in_language(edition.lang),
        "look": settings.look,
        "web_page": web_page(newsletter, edition),
        "unsubscribe": UNSUBSCRIBE if can_leave else "",
    }


def _contents(settings: IssueSettings, issue: Issue) -> list[Item]:
    """Return the items in the list of headlines; none if there is no list."""
    items = list(issue.items)
    wanted = settings.contents
    if wanted == "auto":
        wanted = len(items) >= LONG_ISSUE
    return items if wanted else []


def _needs_notice_at_foot(look: LookSettings, issue: Issue) -> bool:
    articles = [item for item in issue.items if item.kind is Kind.ARTICLE]
    return look.notice == "foot" and any(item.source for item in articles)
