"""Render the HTML part: templates/issue.html.j2, with templates/style.css inlined into the
elements' style attributes.

Many webmail services drop style sheets, so premailer moves the rules to where they can't be dropped.
`enhancements.css`, which only adds to them (dark colours, narrow screens), stays in the head.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from types import ModuleType
from typing import Any

from briefing import imports
from briefing.errors import TemplateError
from briefing.newsletter import Newsletter
from briefing.sandbox.time_limit import OutOfTimeError

from .style_sheets import Declarations, StyleRule, StyleSheet, style_sheet
from .templates import Templates


def _unique(items: Iterable[Any], key: Callable[[Any], object]) -> list[Any]:
    """Return the first of all items with the same key."""
    first: dict[object, Any] = {}
    for item in items:
        first.setdefault(key(item), item)
    return list(first.values())


@cache
def _cssutils() -> ModuleType:
    """Import cssutils, which is needed only for a style sheet that wasn't read before, and for styles
    that a template writes into its elements.
    """
    # It uses one function of more_itertools, which takes a third of its time to import. The others
    # fetch style sheets.
    with (
        imports.stub("more_itertools", unique_everseen=_unique),
        imports.stub("urllib.request"),
        imports.stub("cssutils._fetch", _defaultFetcher=None),
    ):
        import cssutils  # noqa: PLC0415

    # cssutils shortens #ffffff to #fff, which old versions of Outlook can't read.
    cssutils.ser.prefs.minimizeColorHash = False
    cssutils.log.setLevel(logging.CRITICAL)
    return cssutils  # type: ignore[no-any-return]


# premailer imports requests to fetch style sheets. Ours never does, and requests takes longer to
# import than an email to render.
with imports.stub("requests"), imports.lazy("cssutils", _cssutils):
    from premailer import Premailer, premailer
    from premailer.merge_style import csstext_to_pairs

STYLE = "templates/style.css"

_OPTIONS: dict[str, Any] = {
    "allow_network": False,
    "allow_insecure_ssl": False,
    "base_path": None,
    "cache_css_parsing": False,
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


def _as_read(declarations: Declarations, validate: bool) -> Declarations:  # noqa: ARG001  # premailer passes it
    return declarations


# premailer would read the declarations of each rule from CSS again; ours are read with their rule.
premailer.csstext_to_pairs = _as_read


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that reads no style sheet that was read before."""

    def __init__(
        self, newsletter: Newsletter | None, html: str, **options: Any
    ) -> None:
        super().__init__(html, **_OPTIONS, **options)
        self._newsletter = newsletter

    def _parse_style_rules(
        self,
        css_body: str | None,
        ruleset_index: int,
    ) -> tuple[list[StyleRule], list[str]]:
        sheet = style_sheet(
            css_body or "", ruleset_index, _read, self._newsletter
        )
        return sheet.rules, [sheet.leftover] if sheet.leftover else []

    def _css_rules_to_string(self, rules: list[str]) -> str:
        return "\n".join(rules)


class _Reader(Premailer):  # type: ignore[misc]
    """Premailer that fetches nothing: even with `allow_network=False` it follows an @import in a
    style sheet.
    """

    def _parse_css_string(self, css_body: str, validate: bool = True) -> object:
        parser = _cssutils().CSSParser(
            fetcher=lambda _url: (None, b""),
            loglevel=logging.CRITICAL,
            validate=validate,
        )
        return parser.parseString(css_body)


def _read(css: str, number: int) -> StyleSheet:
    """Read a style sheet, the n-th of a page. Raises whatever cssutils raises."""
    reader = _Reader(html="", **_OPTIONS)
    found, leftover = reader._parse_style_rules(css, number)
    rules = []
    for specificity, selector, text in found:
        declarations = csstext_to_pairs(text, validate=False)
        rules.append((specificity, selector, declarations))
    return StyleSheet(rules, reader._css_rules_to_string(leftover))


def render_html(
    templates: Templates,
    context: dict[str, object],
    newsletter: Newsletter | None,
) -> str:
    """Return the complete HTML document. With a newsletter, its style sheet is kept for the next
    command. Raises TemplateError.
    """
    page = templates.render("issue.html.j2", context)
    sheet = templates.render("style.css", context)
    # Without the word nothing can float. Looking for floating pictures takes premailer long, since
    # it reads the styles of all pictures.
    may_float = "float" in f"{sheet}{page}".lower()
    inliner = _Inliner(
        newsletter, page, css_text=sheet, align_floating_images=may_float
    )
    try:
        document: str = inliner.transform()
    except OutOfTimeError as error:
        raise TemplateError(STYLE, f"{error}; make it shorter") from error
    except Exception as error:  # premailer and cssutils raise anything from AttributeError to xml.dom.SyntaxErr
        raise TemplateError(
            STYLE, f"can't be applied to the email: {error}"
        ) from error
    return document
