"""`render`: one edition of an issue, once for all its readers."""

import difflib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from briefing.errors import IssueError, PictureError
from briefing.issue.links import unsafe
from briefing.issue.markdown import line_of
from briefing.issue.model import Item
from briefing.issue.store import Edition, date_of
from briefing.languages import Language, language
from briefing.newsletter import Newsletter
from briefing.pictures import COLUMN, STEPS, Photo, Picture, open_photo
from briefing.rendering import prose
from briefing.rendering.html import html
from briefing.rendering.phrases import Phrases
from briefing.rendering.rendered import UNSUBSCRIBE, OpenPlaces, RenderedIssue
from briefing.rendering.templates import Templates

PREHEADER = (40, 130)
"""Characters: fewer and mail programs add what comes next, more and they cut it."""

PHOTOS = {".jpg", ".jpeg", ".png", ".webp", ".gif"}

HEADERS = 2000
"""About how many bytes of a mail are neither text nor picture."""


def render(newsletter: Newsletter, edition: Edition) -> RenderedIssue:
    """HTML, plain text and pictures of an edition.

    Raises IssueError (an address that can't be linked), PictureError, TemplateError, RefusedError (a language without a
    catalogue), each with its place.
    """
    for item in edition.issue.items:
        reason = unsafe(item.link) if item.link else ""
        if reason:
            raise IssueError(edition.path, f"'{item.link}' {reason}", line=line_of(item, "link"))
    lang = language(edition.lang, newsletter.template_folders)
    photos = _photos(newsletter, edition)
    best = _render(newsletter, edition, lang, {item: photo.shown(COLUMN) for item, photo in photos.items()})
    budget = newsletter.settings.issue.budget
    if mail_size(best) <= budget:
        return best
    logo = [picture for picture in [_logo(newsletter)] if picture]
    texts = mail_size(best) - weight(best.pictures)
    for step in range(1, len(STEPS)):
        pictures = {item: photo.shown(COLUMN, step) for item, photo in photos.items()}
        if texts + weight({*logo, *pictures.values()}) <= budget:
            return _render(newsletter, edition, lang, pictures)
    raise IssueError(
        edition.path,
        f"makes a mail of more than the {budget // 1024} KB of [issue] budget, however small its photos; take some out",
    )


def mail_size(rendered: RenderedIssue) -> int:
    """How many bytes its mail will have, give or take two in a hundred."""
    texts = _quoted_printable(rendered.html.filled({})) + _quoted_printable(rendered.text.filled({}))
    return HEADERS + texts + weight(rendered.pictures)


def weight(pictures: Iterable[Picture]) -> int:
    """Bytes of pictures in a mail: base64 makes four of three, in lines of 76."""
    return sum(len(picture.data) * 4 // 3 * 78 // 76 + HEADERS // 10 for picture in pictures)


def _quoted_printable(text: str) -> int:
    """Bytes of a text in a mail: three for each that isn't ASCII, a line break of two every 75 columns."""
    data = text.encode()
    quoted = len(data.translate(None, bytes(range(128)))) + data.count(b"=")
    return (len(data) + 2 * quoted + data.count(b"\n")) * 78 // 75


def _render(newsletter: Newsletter, edition: Edition, lang: Language, pictures: dict[Item, Picture]) -> RenderedIssue:
    settings, issue = newsletter.settings, edition.issue
    phrases, reader = Phrases(issue, lang), OpenPlaces()
    templates = Templates(
        newsletter,
        lang,
        {
            "prose": lambda source: prose.html(source, lang),
            "plain_prose": lambda source: prose.text(source, lang),
            "label": phrases.label,
            "headline": phrases.headline,
            "byline": phrases.byline,
            "credit": phrases.credit,
            "contact": phrases.contact,
            "link_text": phrases.link,
        },
    )
    logo = _logo(newsletter)
    context: dict[str, object] = {
        "issue": issue,
        "id": edition.id,
        "date": edition.date,
        "subject": issue.subject or issue.title,
        "preheader": preheader(edition),
        "contents": list(issue.items) if settings.issue.contents else [],
        "corrected": date_of(issue.corrects),
        "pictures": pictures,
        "logo": logo,
        "newsletter": settings.newsletter,
        "look": settings.look,
        "lang": lang,
        "reader": reader,
        "web_page": _web_page(newsletter, edition),
        "unsubscribe": UNSUBSCRIBE if settings.unsubscribe.url or settings.unsubscribe.mailto else "",
    }
    used = dict.fromkeys((*([logo] if logo else []), *pictures.values()))
    return RenderedIssue(
        id=edition.id,
        lang=edition.lang,
        subject=issue.subject or issue.title,
        html=reader.cut(html(templates, context)),
        text=reader.cut(templates.render("issue.txt.j2", context)),
        pictures=tuple(used),
    )


def preheader(edition: Edition) -> str:
    """The line that mail programs show beside the subject: the issue's own, else its first headlines."""
    if edition.issue.preheader:
        return edition.issue.preheader
    shortest, longest = PREHEADER
    line = ""
    for item in edition.issue.items:
        longer = f"{line} · {item.heading}" if line else item.heading
        if item.heading and (len(longer) <= longest or len(line) < shortest):
            line = longer
    if len(line) > longest:
        cut = line[: longest - 1]
        # At the end of a word, where the script has such ends.
        at_word = cut.rsplit(" ", 1)[0]
        line = (at_word if len(at_word) >= shortest else cut).rstrip(" ·,،") + "…"
    return line


def _photos(newsletter: Newsletter, edition: Edition) -> dict[Item, Photo]:
    if newsletter.settings.issue.images == "none":
        return {}
    photos: dict[Item, Photo] = {}
    for item in edition.issue.items:
        if item.image:
            path = _inside(edition.path.parent, item.image)
            if path is None:
                raise IssueError(
                    edition.path,
                    f"'{item.image}' does not lie in the issue's folder; put the picture beside the issue file",
                    line=line_of(item, "image"),
                )
            if not path.exists():
                raise IssueError(edition.path, _no_such_photo(item.image, path.parent), line=line_of(item, "image"))
            photos[item] = open_photo(path)
    return photos


def _no_such_photo(name: str, folder: Path) -> str:
    there = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in PHOTOS) if folder.is_dir() else []
    folded = {one.casefold(): one for one in there}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    cure = f"did you mean '{folded[near[0]]}'?" if near else "put it beside the issue file, or take this line out"
    return f"there is no picture '{name}'; {cure}"


def _logo(newsletter: Newsletter) -> Picture | None:
    look = newsletter.settings.look
    if not look.logo or newsletter.settings.issue.images == "none":
        return None
    path = _inside(newsletter.root, look.logo)
    if path is None:
        raise PictureError(newsletter.root / look.logo, "the logo must lie in the newsletter's folder")
    if not path.exists():
        raise PictureError(path, "there is no such picture; see [look] logo in briefing.toml")
    logo = open_photo(path)
    # On a plate in its own pixels: dark letters on nothing would vanish where a mail program darkens the ground.
    plate = Image.new("RGBA", logo.image.size, look.paper)
    image = Image.alpha_composite(plate, logo.image.convert("RGBA")).convert("RGB")
    return replace(logo, image=image).shown(look.logo_width)


def _web_page(newsletter: Newsletter, edition: Edition) -> str:
    """Where the web archive has the edition; empty where there is no [newsletter] site."""
    settings = newsletter.settings.newsletter
    if not settings.site:
        return ""
    further = "" if edition.lang == newsletter.first_language else f"{edition.lang}/"
    return f"{settings.site.rstrip('/')}/{edition.id}/{further}"


def _inside(folder: Path, name: str) -> Path | None:
    """The file of a name below a folder, links followed; None if it leads out of it."""
    path = Path(os.path.realpath(folder / name))  # Path.resolve fails on a link to itself, up to Python 3.12
    return path if path.is_relative_to(os.path.realpath(folder)) else None
