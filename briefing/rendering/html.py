"""The HTML part: templates/issue.html.j2, with templates/style.css written into the elements' own style attributes.

Much webmail drops a style sheet, so that premailer writes it where it can't be dropped. `enhancements.css`, which only
adds (dark colours, narrow screens), stays in the head as it is.
"""

import logging

import cssutils
from premailer import Premailer

from briefing.errors import TemplateError
from briefing.rendering.limit import TookTooLongError, time_limit
from briefing.rendering.templates import LONGEST, Templates

# cssutils writes #ffffff as #fff, which old Outlooks don't read.
cssutils.ser.prefs.minimizeColorHash = False


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that fetches nothing: even without network access it would follow an @import in a style sheet."""

    def _parse_css_string(self, css_body: str, validate: bool = True) -> object:
        parser = cssutils.CSSParser(fetcher=lambda _url: (None, b""), loglevel=logging.CRITICAL, validate=validate)
        return parser.parseString(css_body)


def html(templates: Templates, context: dict[str, object]) -> str:
    """The whole document. Raises TemplateError."""
    page = templates.render("issue.html.j2", context)
    inliner = _Inliner(
        page,
        css_text=templates.render("style.css", context),
        allow_network=False,
        allow_insecure_ssl=False,
        base_path=None,
        cache_css_parsing=False,
        cssutils_logging_level=logging.CRITICAL,
        disable_basic_attributes=["align", "bgcolor", "height", "valign", "width"],
        disable_leftover_css=False,
        disable_link_rewrites=True,
        disable_validation=True,
        keep_style_tags=False,
        remove_unset_properties=True,
        strip_important=False,
    )
    try:
        with time_limit(LONGEST):
            inlined: str = inliner.transform()
    except TookTooLongError as error:
        raise TemplateError("templates/style.css", f"takes longer than {LONGEST} seconds; make it shorter") from error
    except Exception as error:  # premailer and cssutils raise what comes, from AttributeError to xml.dom.SyntaxErr
        raise TemplateError("templates/style.css", f"can't be written into the mail: {error}") from error
    return inlined
