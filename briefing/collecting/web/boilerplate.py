"""What of a page is not its piece: menus, captions, promotions, comments, and what is never shown.

Pages say so by their elements, and by the words of their classes and ids. Those are a hint only: what holds most of
the page's prose is never left out, whatever it is called.
"""

import re
from typing import Any

from lxml import etree

from briefing.collecting.text.wordlists import words
from briefing.collecting.web.page import naming_words
from briefing.markup import BLOCK_TAGS, is_hidden

_NEVER = words("button figcaption head label option select textarea")
_ASIDE = words("aside dialog figure footer form menu nav noscript picture video")
# Words of a class or an id.
_PARTS = words(
    """
    ad ads advert advertisement advertising adverts anzeige author authors autor autoren banner bio breadcrumb
    breadcrumbs breaking byline caption captions captcha carousel comment comments consent cookie cookies
    copyright correction credit credits date dateline deck dek disclaimer disqus donate donation foot footer
    footnote footnotes gallery gdpr hashtag hashtags infobox kicker lightbox login menu meta metadata modal nav
    navbar navi navigation newsletter newsletters outbrain overlay pager pagination paywall poll popular popup
    promo promos promoted promotion pullquote rating recommend recommendation recommendations recommended
    regions register related respond share sharing sidebar signup slideshow social socials sponsor sponsored
    standfirst subhead subheadline subscribe subscription subtitle subtitulo taboola tag tagged tags teaser
    teasers thumb thumbnail thumbnails ticker timestamp toc toolbar trending werbung widget widgets
    """
)
# With one of these, such a word only describes: "article-with-sidebar".
_OWN = re.compile(
    r"content|article|body|text|story|post(?!s|ed)|main|entry|page|wrapper|container|layout|section|column|blog"
)
_OF_OTHERS = re.compile(r"comment|disqus|related|recommend")
# These begin a class that says how something is, not what.
_DESCRIBING = words("has hide is no not show with without")
BODY = re.compile(
    r"(?:article|story|post|entry)-?_?(?:body|content|text)|artikel-?_?(?:text|inhalt)|body-?copy|main-?content"
    r"|post-?entry"
)
"""How pages call what holds the text of their piece."""


class Mass:
    """How much a reader reads in each element of a body, and with that what is no part of its piece."""

    def __init__(self, body: Any) -> None:
        self._prose: dict[Any, int] = {}
        self._with_headline: set[Any] = set()
        for _, element in etree.iterwalk(body, events=("end",)):
            own = 0 if element.tag == "a" else len((element.text or "").strip())
            for child in element:
                own += self._prose.get(child, 0) if element.tag != "a" else 0
                own += len((child.tail or "").strip()) if element.tag != "a" else 0
                if child.tag == "h1" or child in self._with_headline:
                    self._with_headline.add(element)
            self._prose[element] = own
        self._all = max(1, self._prose.get(body, 1))

    def leaves_out(self, element: Any) -> bool:
        """Whether an element belongs to the page's frame, is never shown, or is called a part that isn't the piece."""
        tag = element.tag
        if tag in _NEVER:
            return True
        if tag in _ASIDE or is_hidden(element.attrib) or element.get("aria-hidden") == "true":
            return not self._is_main(element)
        if tag == "header" and element in self._with_headline:
            return False
        if tag not in BLOCK_TAGS or tag in {"body", "article", "main", "h1"}:
            return False
        return (tag == "header" or _is_part(element)) and not self._is_main(element)

    def _is_main(self, element: Any) -> bool:
        """Whether it holds most of the page's prose, so that it is no part of the frame, however it is named.

        Comments and other pieces can be longer than the piece itself.
        """
        share = self._prose.get(element, 0) / self._all
        if element in self._with_headline:
            return share > 0.2
        return share > (0.8 if _OF_OTHERS.search(naming_words(element)) else 0.4)


def _is_part(element: Any) -> bool:
    """Whether an element is called a part of the frame, a promotion, a caption …"""
    name = naming_words(element)
    if element.get("itemprop") == "articleBody" or BODY.search(name):
        return False
    for token in name.split():
        bare = token.partition("--")[0]  # behind it stands how a block looks (BEM)
        parts = re.split(r"[-_]+", bare)
        if parts[0] in _DESCRIBING:
            continue
        if bare in _PARTS or parts[-1] in _PARTS or (not _OWN.search(bare) and not _PARTS.isdisjoint(parts)):
            return True
    return False
