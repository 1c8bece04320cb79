"""Render the HTML part: templates/issue.html.j2, with templates/style.css inlined into the
elements' style attributes.

Much webmail drops style sheets, so premailer moves the rules to where they can't be dropped.
`enhancements.css`, which only adds to them (dark colours, narrow screens), stays in the head.
"""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from briefing import imports
from briefing.errors import TemplateError
from briefing.limited_child import OutOfTimeError
from briefing.rendering.templates import Templates


def _unique(items: Iterable[Any], key: Callable[[Any], object]) -> list[Any]:
    """Return the first of all items with the same key."""
    first: dict[object, Any] = {}
    for item in items:
        first.setdefault(key(item), item)
    return list(first.values())


# cssutils uses one function of more_itertools, which takes a third of its time to import. The others
# fetch style sheets.
with (
    imports.empty("more_itertools", unique_everseen=_unique),
    imports.empty("urllib.request"),
    imports.empty("cssutils._fetch", _defaultFetcher=None),
):
    import cssutils

# premailer imports requests to fetch style sheets. Ours never does, and requests takes longer to
# import than a mail to render.
with imports.empty("requests"):
    from premailer import Premailer

STYLE = "templates/style.css"

# cssutils shortens #ffffff to #fff, which old versions of Outlook can't read.
cssutils.ser.prefs.minimizeColorHash = False


_OPTIONS: dict[str, Any] = {
    "allow_network": False,
    "allow_insecure_ssl": False,
    "base_path": None,
    "cache_css_parsing": False,
    "cssutils_logging_level": logging.CRITICAL,
    "disable_basic_attributes": [
        "align",
        "bgcolor",
        "height",
        "valign",
        "width",
    ],
    "disable_leftover_css": False,
    "disable_link_rewrites": True,
    "disable_validation": True,
    "keep_style_tags": False,
    "remove_unset_properties": True,
    "strip_important": False,
}

_MOST_SHEETS = 8
"""How many parsed style sheets a process keeps: about one for each language of a newsletter."""


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that fetches nothing: even with `allow_network=False` it follows an @import in a
    style sheet. It reads each style sheet only once, which takes as long as all the rest.
    """

    def _parse_css_string(self, css_body: str, validate: bool = True) -> object:
        parser = cssutils.CSSParser(
            fetcher=lambda _url: (None, b""),
            loglevel=logging.CRITICAL,
            validate=validate,
        )
        return parser.parseString(css_body)

    def _parse_style_rules(
        self, css_body: str, ruleset_index: int
    ) -> tuple[list[Any], list[Any]]:
        rules, leftover = _style_rules(css_body, ruleset_index)
        return list(rules), list(leftover)


@lru_cache(_MOST_SHEETS)
def _style_rules(
    css: str, ruleset_index: int
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the rules of a style sheet that can be inlined, and those that can't."""
    inliner = _Inliner(html="", **_OPTIONS)
    rules, leftover = Premailer._parse_style_rules(inliner, css, ruleset_index)
    return tuple(rules), tuple(leftover)


def render_html(templates: Templates, context: dict[str, object]) -> str:
    """Return the complete HTML document. Raises TemplateError."""
    page = templates.render("issue.html.j2", context)
    sheet = templates.render("style.css", context)
    # Without the word nothing can float. Looking for floating pictures takes premailer long, since
    # it reads the styles of all pictures.
    may_float = "float" in f"{sheet}{page}".lower()
    inliner = _Inliner(
        page, css_text=sheet, align_floating_images=may_float, **_OPTIONS
    )
    try:
        document: str = inliner.transform()
    except OutOfTimeError as error:
        raise TemplateError(STYLE, f"{error}; make it shorter") from error
    except Exception as error:  # premailer and cssutils raise anything from AttributeError to xml.dom.SyntaxErr
        raise TemplateError(
            STYLE, f"can't be applied to the mail: {error}"
        ) from error
    return document
