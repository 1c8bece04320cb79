"""Recognise what isn't part of a page's article: menus, captions, promotions, comments, and hidden
elements.

Tags show it, and words in classes and ids (data/page_parts.toml). These are only hints: an element
with most of the page's prose is never left out, whatever its name.
"""

import re
from typing import Any

from lxml import etree

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.wordlists import (
    lines,
    load_data,
    words,
    words_by_name,
)
from briefing.text.markup import BLOCK_TAGS, is_hidden

from .page import naming_words, text_of

_TABLE = load_data(__file__, "page_parts")["boilerplate"]
_PARTS = words_by_name(_TABLE)
_WORDS = frozenset(_PARTS["words"])
_DESCRIBING = _PARTS["describing"]
_CONTENT = _PARTS["content"]
_OTHER_ARTICLES = _PARTS["others"]
_ANY_PART = _PARTS["any_part"]
_CONSENT = _PARTS["consent"]
_SCREEN_READERS = _PARTS["screen_readers"]
_CAPTIONS = _PARTS["captions"]
_LINK_HINTS = lines(_TABLE["link_hints"])
_MAX_HINT = 60
"""Characters."""
_WITHIN_LINES = _SCREEN_READERS + _CAPTIONS
"""Parts of the classes of what isn't text even within a line."""
_NEVER_TEXT = _CONSENT + _WITHIN_LINES + _PARTS["tooltips"]

# Beside these classes, WordPress and Drupal say what an article is about and by whom, whether it is on the front page,
# and whether readers can comment on it: "hentry tag-newsletter", "node node-promoted comment-2".
_POSTS = words("hentry node")
_ABOUT_POSTS = ("tag-", "category-", "author-", "comment-", "node-promoted")

_NEVER = words("figcaption head option select textarea")
_ASIDE = words(
    "aside button dialog figure footer form label menu nav noscript picture video"
)
_MAIN = words("body article main h1")
_DIALOGS = words("dialog alertdialog")
_ARTICLE_BODY = re.compile(
    r"(?:article|story|post|entry)-?_?(?:body|content|text)|artikel-?_?(?:text|inhalt)|body-?copy|main-?content"
    r"|post-?entry"
)
# An element with a larger share of a page's prose isn't boilerplate.
_MAIN_SHARE = 0.4
_MAIN_SHARE_WITH_HEADLINE = 0.2
_MAIN_SHARE_OF_OTHERS = 0.8
"""The same for comments, other articles, the page's footer and hidden elements."""


def is_article_body(element: Any) -> bool:
    """Whether an element's name says that it contains the article's text."""
    if element.get("itemprop") == "articleBody":
        return True
    return _ARTICLE_BODY.search(naming_words(element)) is not None


def is_caption(element: Any) -> bool:
    """Whether an element is named as a caption, which is on a line of its own whatever its tag."""
    return contains_any(element.get("class", ""), _CAPTIONS)


class ProseWeight:
    """Measures how much prose each element of a body contains, to decide which are boilerplate."""

    def __init__(self, body: Any) -> None:
        self._prose: dict[Any, int] = {}
        self._with_headline: set[Any] = set()
        for _, element in etree.iterwalk(body, events=("end",)):
            self._prose[element] = self._measure(element)
        self._total = max(1, self._prose.get(body, 1))

    def _measure(self, element: Any) -> int:
        """Return the characters outside links in an element with measured children."""
        length = _length(element.text)
        for child in element:
            length += self._prose.get(child, 0)
            length += _length(child.tail)
            if child.tag == "h1" or child in self._with_headline:
                self._with_headline.add(element)
        # Menus and lists of articles are links, so links don't count as prose.
        return 0 if element.tag == "a" else length

    def is_boilerplate(self, element: Any) -> bool:
        """Whether an element frames the page, is hidden, or has a name unlike an article's."""
        tag = element.tag
        if tag in _NEVER:
            return True
        # Many sites put headline and lead into a <header> inside the article.
        if tag == "header" and element in self._with_headline:
            return False
        return _seems_boilerplate(element) and not self._is_main(element)

    def _is_main(self, element: Any) -> bool:
        """Whether an element contains so much of the page's prose that it can't be boilerplate."""
        share = self._prose.get(element, 0) / self._total
        if element in self._with_headline:
            return share > _MAIN_SHARE_WITH_HEADLINE
        names = naming_words(element)
        # A consent dialog can have more prose than the article below it.
        if contains_any(names, _CONSENT) or element.get("role") in _DIALOGS:
            return False
        is_other = element.tag == "footer" or is_hidden(element.attrib)
        if is_other or contains_any(names, _OTHER_ARTICLES):
            return share > _MAIN_SHARE_OF_OTHERS
        return share > _MAIN_SHARE


def _length(text: str | None) -> int:
    return len((text or "").strip())


def _seems_boilerplate(element: Any) -> bool:
    """Whether an element is hidden, or its tag or name says that it isn't part of the article."""
    tag = element.tag
    if tag in _ASIDE or is_hidden(element.attrib):
        return True
    if element.get("aria-hidden") == "true":
        return True
    if tag in _MAIN:
        return False
    if tag not in BLOCK_TAGS:
        is_named = contains_any(element.get("class", ""), _WITHIN_LINES)
        return is_named or _is_link_hint(element)
    return tag == "header" or _is_named_boilerplate(element)


def _is_link_hint(element: Any) -> bool:
    """Whether an element in a link says only how it opens: "(opens in a new window)"."""
    link = element.getparent()
    if link is None or link.tag != "a":
        return False
    text = text_of(element)
    return len(text) <= _MAX_HINT and contains_any(text.lower(), _LINK_HINTS)


def _is_named_boilerplate(element: Any) -> bool:
    if is_article_body(element):
        return False
    if element.get("role") in _DIALOGS:
        return True
    names = naming_words(element).split()
    if not _POSTS.isdisjoint(names):
        names = [name for name in names if not name.startswith(_ABOUT_POSTS)]
    return any(map(_is_boilerplate_name, names))


def _is_boilerplate_name(name: str) -> bool:
    # What follows says how a block looks (BEM), or what else is in it.
    base, _, _ = name.partition("--")
    base, _, _ = base.partition("-with-")
    for any_part in _ANY_PART:
        base = base.replace(any_part, "")
    parts = base.replace("_", "-").split("-")
    # "no-comments" and "has-sidebar" say how an article looks.
    if parts[0] in _DESCRIBING:
        return False
    if contains_any(name, _NEVER_TEXT):
        return True
    if base in _WORDS or parts[-1] in _WORDS:
        return True
    return not _WORDS.isdisjoint(parts) and not _names_content(base)


def _names_content(name: str) -> bool:
    if contains_any(name, _CONTENT):
        return True
    # "share-post-body" is a part of the article, "posts-related" is about others.
    others = name.replace("posts", "").replace("posted", "")
    return "post" in others
