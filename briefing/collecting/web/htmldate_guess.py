"""Let htmldate guess when a page was published, after everything else failed."""

from briefing.text.markup import parse_html

from .page import Page

_MAX_GUESSED = 1_000_000
"""Characters."""


def guess_with_htmldate(page: Page) -> str:
    """Return the date that htmldate finds, as "2020-10-08"; "" if it finds none."""
    from htmldate import find_date  # noqa: PLC0415 - slow to import, and rarely needed

    try:
        found = find_date(
            parse_html(page.source[:_MAX_GUESSED]),
            url=page.url,
            original_date=True,
            extensive_search=False,  # it would load dateparser's languages, which takes seconds
        )
    except (
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ):
        return ""
    return found or ""
