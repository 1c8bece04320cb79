"""The look: whether everybody can read it, whatever their eyes, their screen and their mail program."""

import re
from collections.abc import Iterator
from itertools import pairwise

from briefing.checks.mail_programs import AT_RULES, ATTRIBUTES, DECLARATIONS, ELEMENTS, Missing
from briefing.checks.page import BLACK, HEADINGS, WHITE, Colour, Shown, declarations, in_the_dark, shown, visible
from briefing.checks.places import in_settings, in_templates
from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.settings import LookSettings

CONTRAST = 4.5
"""What WCAG 2.2 wants of texts (1.4.3), whatever their size here."""
SMALLEST = 14
"""CSS pixels."""

# What is written on what, as templates/style.css and enhancements.css have it; the button has the accent as its ground.
GROUNDS = {
    "accent": ("paper",),
    "text": ("paper", "page"),
    "quiet": ("paper", "page"),
    "dark_accent": ("dark_paper", "dark_page"),
    "dark_text": ("dark_paper", "dark_page"),
    "dark_quiet": ("dark_paper", "dark_page"),
}


def luminance(colour: Colour) -> float:
    """WCAG 2.2, relative luminance."""
    shares = (value / 255 for value in colour)
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: Colour, grounds: list[Colour]) -> Colour | None:
    """The colour itself, darkened or lightened by as little as it takes to be read on all grounds; None if none is."""
    for step in range(256):
        for end in (BLACK, WHITE):
            mixed = [round(one + (to - one) * step / 255) for one, to in zip(colour, end, strict=True)]
            tried = (mixed[0], mixed[1], mixed[2])
            if all(contrast(tried, ground) >= CONTRAST for ground in grounds):
                return tried
    return None


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _weak_settings(look: LookSettings) -> Iterator[tuple[str, str]]:
    """(what is written, on what) for each pair of settings that can't be read."""
    for name, grounds in GROUNDS.items():
        for ground in grounds:
            if contrast(_colour(getattr(look, name)), _colour(getattr(look, ground))) < CONTRAST:
                yield name, ground


@rule("weak-colours", Severity.ERROR)
def weak_colours(inspected: Inspected) -> Iterator[Place]:
    """Two colours of [look] are too near to one another for what is written in them to be read. Take the colour that
    the message names, or another that is darker or lighter."""
    look = inspected.newsletter.settings.look
    weak = list(_weak_settings(look))
    for name in dict.fromkeys(name for name, _ in weak):
        ground = min((on for one, on in weak if one == name), key=lambda on: _between(look, name, on))
        better = nearest(_colour(getattr(look, name)), [_colour(getattr(look, one)) for one in GROUNDS[name]])
        cure = f'{name} = "{_hex(better)}" would do' if better else f"make '{ground}' much darker or lighter"
        message = (
            f"'{name}' on '{ground}' has a contrast of {_between(look, name, ground):.1f}, reading needs 4.5; {cure}"
        )
        yield in_settings(inspected, "look", (name, ground), message)


def _between(look: LookSettings, name: str, ground: str) -> float:
    return contrast(_colour(getattr(look, name)), _colour(getattr(look, ground)))


@rule("weak-contrast", Severity.ERROR)
def weak_contrast(inspected: Inspected) -> Iterator[Place]:
    """A text of the built mail is too near in colour to what is behind it, by light or on a dark screen. Change its
    colour in templates/style.css or enhancements.css."""
    document, look = inspected.document, inspected.newsletter.settings.look
    if document is None:
        return
    told = {(_colour(getattr(look, one)), _colour(getattr(look, on))) for one, on in _weak_settings(look)}
    told |= {(ground, colour) for colour, ground in told}
    for where, overrides in (("", {}), (" on a dark screen", in_the_dark(document))):
        for text in shown(document, overrides):
            pair = (text.colour, text.ground)
            if contrast(*pair) < CONTRAST and pair not in told:
                told.add(pair)
                better = nearest(text.colour, [text.ground])
                words = text.words if len(text.words) <= 40 else f"{text.words[:39]}…"
                message = f"'{words}' is {_hex(text.colour)} on {_hex(text.ground)}{where}, a contrast of "
                message += f"{contrast(*pair):.1f}; reading needs 4.5, as with {_hex(better or BLACK)}"
                yield in_templates(inspected, message, _hex(text.colour))


@rule("not-shown-everywhere", Severity.WARNING)
def not_shown_everywhere(inspected: Inspected) -> Iterator[Place]:
    """A template uses something that Gmail, Outlook, Apple Mail or Yahoo doesn't know, so that the mail falls apart
    there. See caniemail.com for what they do know."""
    for missing, clue in _missing(inspected):
        yield in_templates(inspected, f"{missing.name} is unknown to {missing.programs}; see caniemail.com", clue)


def _missing(inspected: Inspected) -> Iterator[tuple[Missing, str]]:
    """Each thing once that a mail program doesn't know, with what its template is found by."""
    document = inspected.document
    if document is None:
        return
    styles, sheets, tags, names = dict[str, None](), "", dict[str, None](), dict[str, None]()
    for element in document.iter():
        if isinstance(element.tag, str):
            tags[element.tag] = None
            names |= dict.fromkeys(element.keys())
            styles |= dict.fromkeys(f"{one}: {value}" for one, value in declarations(element.get("style", "")).items())
            sheets += (element.text or "") if element.tag == "style" else ""
    at_rules = re.findall(r"@[\w-]+", sheets)
    for facts, used in ((DECLARATIONS, styles), (AT_RULES, at_rules), (ELEMENTS, tags), (ATTRIBUTES, names)):
        for missing in facts:
            whole = facts in (ELEMENTS, ATTRIBUTES)
            match = missing.pattern.fullmatch if whole else missing.pattern.match
            found = next((one for one in used if match(one)), None)
            if found is not None:
                yield missing, f"<{found}" if facts is ELEMENTS else found


@rule("heading-order", Severity.WARNING)
def heading_order(inspected: Inspected) -> Iterator[Place]:
    """Who has the mail read out goes from heading to heading: one h1, and no level left out. Mend it in the
    templates."""
    if inspected.document is None:
        return
    levels = [int(element.tag[1]) for element in visible(inspected.document) if element.tag in HEADINGS]
    if levels.count(1) != 1:
        yield in_templates(inspected, f"the mail has {levels.count(1)} headings h1, and needs exactly one", "<h1")
    for level, following in pairwise(levels):
        if following > level + 1:
            yield in_templates(inspected, f"h{following} follows h{level}; leave no level out", f"<h{following}")
            return


@rule("image-without-alt", Severity.ERROR)
def image_without_alt(inspected: Inspected) -> Iterator[Place]:
    """A picture has no `alt`, or an empty one inside a link: who can't see it hears its file name. Say in `alt` what it
    shows; alt="" where it only decorates."""
    if inspected.document is None:
        return
    for image in inspected.document.iter("img"):
        linked = next(image.iterancestors("a"), None)
        if image.get("alt") is None:
            yield in_templates(inspected, "a picture has no alt; say in it what the picture shows", "<img")
        elif not image.get("alt", "").strip() and linked is not None and not linked.text_content().strip():
            yield in_templates(inspected, "a picture that is a link has an empty alt; say where it leads", "<img")


@rule("small-text", Severity.WARNING)
def small_text(inspected: Inspected) -> Iterator[Place]:
    """A text is smaller than 14 pixels, which many can't read on a phone. Make it larger in templates/style.css."""
    sizes: dict[float, Shown] = {}
    for text in shown(inspected.document) if inspected.document is not None else ():
        if text.size < SMALLEST:
            sizes.setdefault(text.size, text)
    for size, text in sizes.items():
        message = f"'{text.words[:40]}' has {size:.0f} pixels, too few for many on a phone; make it {SMALLEST} or more"
        yield in_templates(inspected, message, f"font-size: {size:g}px")


@rule("language-not-said", Severity.WARNING)
def language_not_said(inspected: Inspected) -> Iterator[Place]:
    """The page doesn't say its language or direction, so that it is read out in a wrong voice and laid out wrongly. Put
    `lang` and `dir` on <html> as the package's template has them."""
    if inspected.document is None:
        return
    lacking = [name for name in ("lang", "dir") if not inspected.document.get(name, "").strip()]
    if lacking:
        yield in_templates(
            inspected, f"<html> has no {' and no '.join(lacking)}; see issue.html.j2 of the package", "<html"
        )


@rule("table-without-role", Severity.WARNING)
def table_without_role(inspected: Inspected) -> Iterator[Place]:
    """A table that only lays out is read out cell by cell as data. Give it role="presentation"."""
    tables = re.findall(r"<table\b[^>]*>", inspected.page, re.IGNORECASE)  # those for Outlook stand in comments
    for table in tables:
        if not re.search(r"role\s*=\s*[\"']?(?:presentation|none)", table, re.IGNORECASE):
            yield in_templates(
                inspected, 'a table that lays out is read out as data; give it role="presentation"', "<table"
            )
            return
