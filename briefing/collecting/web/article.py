"""Read a web page as an article: the fields of an item, and which of them are uncertain.

Nothing is invented or fetched; fields that aren't on the page stay empty. `blocked` decides whether
the page is the article at all.
"""

from collections.abc import Mapping

from .blocks import find_article_blocks, read_blocks
from .canonical import find_link
from .certainty import is_usual_beginning, is_usual_headline
from .excerpts import find_excerpt
from .fields import Article
from .kinds import find_kind
from .language_detection import detect_language
from .lead_picture import find_lead_picture
from .leads import with_lead
from .page import Page
from .publication_date import find_publication_date
from .publishers import find_publisher, site_names
from .titles import find_headline


def read_article(page: Page, *, names: Mapping[str, str]) -> Article:
    """Read a page; `names` are publishers by host, from the settings."""
    title, is_title_certain = find_headline(page, site_names(page, names))
    source, is_source_certain = find_publisher(page, names)
    all_blocks = read_blocks(page)
    blocks = find_article_blocks(all_blocks, title)
    text = " ".join(block.text for block in blocks)
    lang, is_lang_certain = detect_language(page, text)
    blocks = with_lead(page, all_blocks, blocks, lang)
    excerpt, is_excerpt_certain = find_excerpt(blocks)
    date, is_date_certain = find_publication_date(
        page, title, _with_region(page, lang)
    )
    lead = find_lead_picture(page, title, blocks)
    certain = {
        "title": is_title_certain and is_usual_headline(page, title),
        "source": is_source_certain,
        "date": is_date_certain,
        "excerpt": is_excerpt_certain
        and is_usual_beginning(all_blocks, title, excerpt),
        "photo": bool(lead.credit) or not lead.address,
        "alt": bool(lead.own_alt) or not lead.address,
        "lang": is_lang_certain,
    }
    return Article(
        title=title,
        source=source,
        date=date,
        excerpt=excerpt,
        image=lead.address,
        photo=lead.credit,
        alt=lead.alt,
        lang=lang,
        url=find_link(page),
        kind=find_kind(page, title, blocks),
        uncertain=tuple(
            name for name, is_certain in certain.items() if not is_certain
        ),
    )


def _with_region(page: Page, lang: str) -> str:
    """Return the language with the region that the page declares: American dates begin with the
    month.
    """
    declared: str = page.root.get("lang") or page.meta("og:locale")
    return declared if declared.lower().startswith(lang) else lang
