"""Find the addresses of an edition and of the newsletter's archive on the web.

Decided only here. A sent email can't be corrected, so it must not link to a page that doesn't exist.
"""

from briefing.issue.store import Edition
from briefing.newsletter import Newsletter

ARCHIVE = "site"
"""The folder of the built web archive, in the newsletter's folder."""


def web_page(newsletter: Newsletter, edition: Edition) -> str:
    """Return the address of the edition's page, or "" if `[newsletter] site` is empty or the
    archive lacks the page.
    """
    page = f"{edition.id}/"
    if edition.lang != newsletter.first_language:
        page += f"{edition.lang}/"
    return _address(newsletter, page)


def archive(newsletter: Newsletter) -> str:
    """Return the address of the archive's first page, or "" as `web_page` does."""
    return _address(newsletter, "")


def _address(newsletter: Newsletter, page: str) -> str:
    site = newsletter.settings.newsletter.site
    file = newsletter.root / ARCHIVE / page / "index.html"
    if not site or not file.is_file():
        return ""
    return f"{site.rstrip('/')}/{page}"
