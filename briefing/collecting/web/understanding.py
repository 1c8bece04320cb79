"""What is done with a page in a child process: it is parsed, and an item's fields are found."""

from collections.abc import Mapping

from .fields import Article

HEAVY = "briefing.collecting.web.article"
"""The module that takes longest to import; only the child needs it."""


def saved_address(data: bytes) -> str:
    """Return the address that a saved page came from; "" if it doesn't say."""
    from .canonical import find_saved_address  # noqa: PLC0415 - see HEAVY
    from .page import Page  # noqa: PLC0415 - the same

    return find_saved_address(Page.read(data, ""))


def understand_page(
    data: bytes, url: str, charset: str, names: Mapping[str, str]
) -> tuple[Article, str]:
    """Return the article of a page, and why the page may not be the article itself, or "". `charset` is
    from the HTTP header, `names` are publishers by host.
    """
    from .article import read_article  # noqa: PLC0415 - see HEAVY
    from .blocked import blocked_reason  # noqa: PLC0415 - the same
    from .page import Page  # noqa: PLC0415 - the same

    page = Page.read(data, url, charset=charset)
    return read_article(page, names=names), blocked_reason(page)
