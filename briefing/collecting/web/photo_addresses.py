"""Recognise by a picture's address whether it can be a photo, and which pictures are sizes of one photo."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from briefing.collecting.text.wordlists import words_in_order

_NOT_PHOTOS = words_in_order(
    ".svg .svgz .ico .cur .bmp .tif .tiff .pdf .mp4 .webm .m3u8"
)
# File names of pictures that belong to the site, not to the article. After a number, "default" is only the size of
# a photo. WordPress crops a site's icon, logo and header; "-1x1.jpg" is a square photo. Statistics services count
# visitors with GIFs, and "300x250.gif" is an advertisement. Programs write "null" for a missing photo. What is named
# only after a social network is its icon, or what it shows for any page of a site: "i_twitter.png", "fb-share.jpg".
_SITE_PICTURE = re.compile(
    r"^(?:[^\d]*[^a-z\d])?default[-_]?(?:image|img|share|social|og|thumb\w*|photo|picture|facebook)?(?=[^a-z]|$)"
    r"|^cropped-"
    r"|^(?:__utm|beacon|collect|count(?:er)?|hit|stats?|track(?:er|ing)?|\d+x\d+)\.gif$"
    r"|^(?:null|undefined)$"
    r"|^(?:(?:i|icon|meta)[-_])?(?:fb|facebook|twitter)(?:[-_](?:share|small|primary|img))*\.|^share\."
    r"|(?:^|[^a-z])(?:"
    r"(?:site|main|brand|header|footer|publisher|social|share|company)?[-_]?logo(?:s|type|[-_]\w+)?"
    r"|place-?_?holder|sprites?|spacer|blank|pixel|1x1(?=\.(?:gif|png)|$)|transparent"
    r"|favicon\w*|(?:site|app|apple|ms|facebook|twitter)[-_]?icon|apple-touch-icon|android-chrome|web-app-manifest"
    r"|mstile|avatars?|gravatar"
    r"|no-?_?(?:image|photo|picture|img|thumb)|qr[-_]?code|wechat|weixin"
    r"|(?:og|share|social|facebook|twitter)[-_]?(?:default|fallback)|fallback|missing|loading|loader"
    r")(?=[^a-z]|$)",
    re.IGNORECASE,
)
# "googlelogo_color.png", but not "catalogo.jpg", "psicologo.jpg".
_ENDING_IN_LOGO = re.compile(r"[^ao]logo(?:web)?(?![a-z])", re.IGNORECASE)
# Photos are elsewhere, except for a site's own: its theme is how it looks, and plug-ins have buttons.
_FOLDER_OF_SIGNS = re.compile(
    r"(?:bl)?avatars?|gravatar|themes?|plugins|icons?(?:[-_]\w{1,40})?|(?:[^\W_]{1,40}[-_])?logos?",
    re.IGNORECASE,
)
# "harbour.jpg" and "harbour.jpg.webp" are the same photo.
_EXTENSION = re.compile(
    r"\.(?:jpe?g|png|webp|gif|avif).*", re.IGNORECASE | re.DOTALL
)
_SIZE = re.compile(
    r"[-_.@](?:\d{2,4}x\d{2,4}|\d{2,4}w?|scaled|large|medium|small|thumb[^\W_]*|master|\dx)$"
)


def is_photo_address(address: str) -> bool:
    """Whether the file in an address is a photo."""
    path = _file_in(address).lower()
    if not path.strip("/") or path.endswith(_NOT_PHOTOS):
        return False
    *folders, name = path.split("/")
    if any(map(_FOLDER_OF_SIGNS.fullmatch, folders)):
        return False
    return not _SITE_PICTURE.search(name) and not _ENDING_IN_LOGO.search(name)


def may_count_visits(address: str) -> bool:
    """Whether an address is that of a GIF with a query, with which statistics services count visits."""
    parts = urlsplit(address)
    return bool(parts.query) and parts.path.lower().endswith(".gif")


def _file_in(address: str) -> str:
    """Return the path of the file in an address; of the one that a service shrinks, if it names one: "?url=…"."""
    parts = urlsplit(address)
    shrunk = dict(parse_qsl(parts.query)).get("url", "")
    if shrunk.startswith(("http", "/")):
        file, _, _ = shrunk.partition("?")
        return file
    return unquote(parts.path)


def stem_of(address: str) -> str:
    """Return the part of a picture's address that is the same in all its sizes."""
    _, _, name = _file_in(address).rstrip("/").rpartition("/")
    stem = _EXTENSION.sub("", name)
    stem = _SIZE.sub("", stem)
    # "1.jpg" may be a different photo in every folder.
    return stem.casefold() if len(stem) > 3 else address
