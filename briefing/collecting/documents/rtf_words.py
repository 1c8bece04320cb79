"""The control words of rich text, by what they mean (Rich Text Format Specification 1.9.1)."""

import re

from briefing.collecting.text.wordlists import words

from .asides import COMMENT, PAGE_FOOTER, PAGE_HEADER

ENCODINGS = {
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    238: "cp1250",
}
"""By \\fcharset; others are the document's own."""
CHARACTERS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "\\~": "\u00a0",
    "\\_": "-",
    "\\\\": "\\",
    "\\{": "{",
    "\\}": "}",
}
_SKIPPED = words(
    """
    atnauthor atnid atrfend atrfstart bkmkend bkmkstart colortbl info listoverridetable listtable
    nonshppict object revtbl themedata
    """
)
"""Groups that aren't part of the text."""
KNOWN = {"fldinst", "pntext", "annotation", "shppict", "shptxt"}
"""Groups that are read although other programs may ignore them."""
LINK = re.compile(r'HYPERLINK\s+"([^"\s]{1,2000})"')
HEADING = re.compile(r"heading ([1-6])\b", re.IGNORECASE)
HIDING = {"v", "deleted", "strike", "striked"}
GROUPS = {
    "fldinst": "field",
    "annotation": COMMENT,
    "pict": "picture",
    "fonttbl": "fonts",
    "footnote": "note",
    "stylesheet": "styles",
    "listtext": "mark",
    "pntext": "mark",
    **dict.fromkeys(_SKIPPED, "skipped"),
    **dict.fromkeys(words("header headerf headerl headerr"), PAGE_HEADER),
    **dict.fromkeys(words("footer footerf footerl footerr"), PAGE_FOOTER),
}
"""The kinds of groups that control words begin."""
ASIDES = {COMMENT, PAGE_HEADER, PAGE_FOOTER}
"""Kinds of groups that aren't part of the text; notes have their words."""
