"""Rules on the look: everyone can read the email, on any screen and in any mail app."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise

from lxml.html import HtmlElement

from briefing.configuration.settings import LookSettings
from briefing.rendering.dark_views import (
    forced_inversion,
    inverted,
    own_dark_styles,
)
from briefing.rendering.own_templates import outdated_copies
from briefing.rendering.styles import (
    BLACK,
    WHITE,
    Colour,
    contrast,
    from_hex,
    to_hex,
)
from briefing.text.shortening import shorten

from .inspected import InspectedEdition
from .locations import in_settings, in_templates
from .rule import ERROR, WARNING, Problem, Problems, rule
from .unsupported_features import unsupported_features
from .visible_text import HEADINGS, VisibleText, visible_elements, visible_texts
from .wording import LONGEST_QUOTE

CONTRAST = 4.5
"""The minimum of WCAG 2.2 (1.4.3), here for text of any size."""
SMALLEST = 14
"""CSS pixels."""

# Which colours of [look] text is set on in templates/style.css and enhancements.css; the button's
# background is the accent.
BACKGROUNDS = {
    f"{screen}{name}": (f"{screen}paper", f"{screen}page")
    for screen in ("", "dark_")
    for name in ("accent", "text", "quiet")
}

_Pair = tuple[Colour, Colour]
"""The colour of a text, and that of its background."""

_View = Callable[[Colour], Colour]
"""What a screen makes of a colour."""


def _as_it_is(colour: Colour) -> Colour:
    return colour


def nearest_readable(
    colour: Colour,
    backgrounds: Sequence[Colour],
    view: _View = _as_it_is,
) -> Colour | None:
    """Return the colour, darkened or lightened just enough to be readable on all backgrounds, both as
    it is and in a view; None if that is impossible.
    """
    for step in range(256):
        for end in (BLACK, WHITE):
            mixed = _mix(colour, end, step)
            ratios = chain(
                _contrasts(mixed, backgrounds, _as_it_is),
                _contrasts(mixed, backgrounds, view),
            )
            if all(ratio >= CONTRAST for ratio in ratios):
                return mixed
    return None


def _contrasts(
    colour: Colour, backgrounds: Sequence[Colour], view: _View
) -> Iterator[float]:
    for background in backgrounds:
        yield contrast(view(colour), view(background))


def _mix(colour: Colour, end: Colour, step: int) -> Colour:
    """Return the colour at `step` of 255 on the way to `end`."""
    share = step / 255
    red, green, blue = (
        part + (to - part) * share for part, to in zip(colour, end, strict=True)
    )
    return round(red), round(green), round(blue)


def _setting(look: LookSettings, name: str) -> Colour:
    return from_hex(getattr(look, name))


def _weak_settings(look: LookSettings) -> dict[str, list[str]]:
    """Return the colours that can't be read on some of their backgrounds, with those backgrounds."""
    weak: dict[str, list[str]] = {}
    for name, backgrounds in BACKGROUNDS.items():
        for background in backgrounds:
            colours = _setting(look, name), _setting(look, background)
            if contrast(*colours) < CONTRAST:
                weak.setdefault(name, []).append(background)
    return weak


@rule("weak-colours", ERROR)
def weak_colours(inspected: InspectedEdition) -> Problems:
    """Text in one colour under `[look]` can't be read on another. Use the colour that the finding
    gives, or another that is darker or lighter.
    """
    for name in BACKGROUNDS:
        yield from _weak_setting(inspected, name, _as_it_is, _too_weak)


def _weak_setting(
    inspected: InspectedEdition,
    name: str,
    view: _View,
    describe: Callable[[float], str],
) -> Problems:
    """Report a colour of [look] that can't be read on one of its backgrounds in a view, and name a colour
    that can be read there and as it is. `describe` puts the contrast into words.
    """
    look = inspected.settings.look
    colour = _setting(look, name)
    backgrounds = [_setting(look, other) for other in BACKGROUNDS[name]]
    ratios = list(_contrasts(colour, backgrounds, view))
    ratio = min(ratios)
    if ratio >= CONTRAST:
        return
    background = BACKGROUNDS[name][ratios.index(ratio)]
    better = nearest_readable(colour, backgrounds, view)
    advice = f"make '{background}' much darker or lighter"
    if better:
        advice = f'use {name} = "{to_hex(better)}"'
    message = f"'{name}' on '{background}' {describe(ratio)}; {advice}"
    yield in_settings(inspected, "look", name, background).problem(message)


def _too_weak(ratio: float) -> str:
    return f"has a contrast of {ratio:.1f}, but text needs {CONTRAST}"


@rule("weak-contrast", ERROR)
def weak_contrast(inspected: InspectedEdition) -> Problems:
    """The colours of some text and its background are too similar, on a light or a dark screen.
    Change them in templates/style.css or enhancements.css.
    """
    document = inspected.document
    reported = _reported_pairs(inspected.settings.look)
    dark = visible_texts(document, own_dark_styles(document))
    screens = {"": inspected.visible_texts, " on a dark screen": dark}
    for screen, texts in screens.items():
        for text in texts:
            pair = (text.colour, text.background)
            if pair not in reported and contrast(*pair) < CONTRAST:
                reported.add(pair)
                location = in_templates(inspected, to_hex(text.colour))
                yield location.problem(_weak_contrast_message(text, screen))


def _reported_pairs(look: LookSettings) -> set[_Pair]:
    """Return the pairs of colours that the rule weak-colours reports, in both orders."""
    pairs: set[_Pair] = set()
    for name, backgrounds in _weak_settings(look).items():
        for background in backgrounds:
            pairs |= _both_orders(look, name, background)
    return pairs


def _both_orders(look: LookSettings, name: str, background: str) -> set[_Pair]:
    pair = (_setting(look, name), _setting(look, background))
    return {pair, pair[::-1]}


def _weak_contrast_message(text: VisibleText, screen: str) -> str:
    better = to_hex(nearest_readable(text.colour, [text.background]) or BLACK)
    ratio = contrast(text.colour, text.background)
    shown = f"'{shorten(text.words, LONGEST_QUOTE)}' is {to_hex(text.colour)} on {to_hex(text.background)}{screen}"
    return f"{shown}, a contrast of {ratio:.1f}, but text needs {CONTRAST}; use {better}"


@rule("weak-when-inverted", WARNING, "colours for mail apps that darken emails")
def weak_when_inverted(inspected: InspectedEdition) -> Problems:
    """Some mail apps darken every email: they invert light and dark colours, but a medium one, such
    as a bright blue, stays as it is and then can't be read. Use the colour that the finding gives.
    """
    look = inspected.settings.look
    judged = _reported_pairs(look)
    for name, backgrounds in BACKGROUNDS.items():
        if name.startswith("dark_") or name in _weak_settings(look):
            continue
        yield from _weak_setting(inspected, name, inverted, _unreadable)
        for background in backgrounds:
            judged |= _both_orders(look, name, background)
    for text, ratio in _inverted_contrasts(inspected):
        pair = (text.colour, text.background)
        if pair not in judged and ratio < CONTRAST <= contrast(*pair):
            judged.add(pair)
            location = in_templates(inspected, to_hex(text.colour))
            yield location.problem(_weak_inverted_message(text, ratio))


def _inverted_contrasts(
    inspected: InspectedEdition,
) -> Iterator[tuple[VisibleText, float]]:
    """Yield the visible texts in their own colours, with their contrast in inverted ones."""
    document = inspected.document
    dark = visible_texts(document, forced_inversion(document))
    for text, shown in zip(inspected.visible_texts, dark, strict=True):
        yield text, contrast(shown.colour, shown.background)


def _weak_inverted_message(text: VisibleText, ratio: float) -> str:
    better = nearest_readable(text.colour, [text.background], inverted)
    shown = f"'{shorten(text.words, LONGEST_QUOTE)}', {to_hex(text.colour)} on {to_hex(text.background)},"
    return f"{shown} {_unreadable(ratio)}; use {to_hex(better or BLACK)}"


def _unreadable(ratio: float) -> str:
    problem = "can't be read in mail apps that darken every email"
    return f"{problem} (a contrast of {ratio:.1f}, but text needs {CONTRAST})"


@rule("not-shown-everywhere", WARNING)
def not_shown_everywhere(inspected: InspectedEdition) -> Problems:
    """A template uses a feature that Gmail, Outlook, Apple Mail or Yahoo doesn't support, so the
    email looks broken there. See caniemail.com for what they support.
    """
    for feature in unsupported_features(inspected.document):
        message = f"{feature.name} isn't supported by {feature.apps}; see caniemail.com"
        yield in_templates(inspected, feature.clue).problem(message)


@rule("heading-order", WARNING)
def heading_order(inspected: InspectedEdition) -> Problems:
    """Screen readers go from heading to heading: an email needs one h1, and no level may be skipped.
    Correct the templates.
    """
    if not inspected.mail.data:
        return
    levels = []
    for element in visible_elements(inspected.document):
        if element.tag in HEADINGS:
            levels.append(int(element.tag[1]))
    if levels.count(1) != 1:
        message = (
            f"the email has {levels.count(1)} h1 headings; it needs exactly one"
        )
        yield in_templates(inspected, "<h1").problem(message)
    for level, following in pairwise(levels):
        if following > level + 1:
            message = f"h{following} follows h{level}; don't skip a level"
            yield in_templates(inspected, f"<h{following}").problem(message)
            return


@rule("image-without-alt", ERROR)
def image_without_alt(inspected: InspectedEdition) -> Problems:
    """A picture has no `alt`, or an empty one inside a link, so screen readers read out its file
    name. Write in `alt` what it shows, or alt="" if it is only decorative.
    """
    for image in inspected.document.iter("img"):
        alt = image.get("alt")
        if alt is None:
            yield in_templates(inspected, "<img").problem(
                "a picture has no 'alt'; add one that says what the picture shows"
            )
        elif not alt.strip() and _is_all_of_a_link(image):
            message = "a picture that is a link has an empty 'alt'; say in it where the link leads"
            yield in_templates(inspected, "<img").problem(message)


def _is_all_of_a_link(image: HtmlElement) -> bool:
    link = next(image.iterancestors("a"), None)
    return link is not None and not link.text_content().strip()


@rule("small-text", WARNING)
def small_text(inspected: InspectedEdition) -> Problems:
    """Some text is smaller than 14 pixels, which many people can't read on a phone. Make it larger
    in templates/style.css.
    """
    sizes: dict[float, VisibleText] = {}
    for text in inspected.visible_texts:
        if text.size < SMALLEST:
            sizes.setdefault(text.size, text)
    for size, text in sizes.items():
        quote = shorten(text.words, LONGEST_QUOTE)
        message = f"'{quote}' is {size:.0f} pixels high, too small on a phone; use {SMALLEST} or more"
        yield in_templates(inspected, f"font-size: {size:g}px").problem(message)


@rule("language-not-said", WARNING)
def language_not_said(inspected: InspectedEdition) -> Problems:
    """The page doesn't declare its language or direction, so screen readers use the wrong voice and
    the layout is wrong. Set `lang` and `dir` on <html>, as briefing's own template does.
    """
    if not inspected.mail.data:
        return
    missing = []
    for name in ("lang", "dir"):
        if not inspected.document.get(name, "").strip():
            missing.append(name)
    if missing:
        message = f"<html> has no {' and no '.join(missing)}; set it as briefing's own issue.html.j2 does"
        yield in_templates(inspected, "<html").problem(message)


@rule("table-without-role", WARNING)
def table_without_role(inspected: InspectedEdition) -> Problems:
    """Screen readers read out a table used for layout cell by cell, as data. Write
    role="presentation".
    """
    for element in inspected.mail.elements:
        role = element.get("role", "").lower()
        if element.tag == "table" and role not in {"presentation", "none"}:
            message = 'a table used for layout is read out as data; write role="presentation"'
            yield in_templates(inspected, "<table").problem(message)
            return


@rule(
    "template-outdated", WARNING, "a template that is older than briefing's own"
)
def template_outdated(inspected: InspectedEdition) -> Problems:
    """A template was copied from an earlier version of briefing, and briefing's own has changed
    since, so emails lack what is new in it. `briefing docs templates` says how to update yours.
    """
    for path in outdated_copies(inspected.newsletter):
        yield Problem(
            "briefing has a newer version of this template; 'briefing docs templates' says how to update yours",
            path=path,
        )
