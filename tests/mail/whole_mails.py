"""Whole emails in five languages, written out: with a picture, a name and an address in each, and no templates.

    python -m tests.mail.whole_mails

writes them again, after a change that is meant to change them.
"""

import datetime as dt
from pathlib import Path

from briefing.configuration.settings import Settings, parse
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.photos.pictures import Picture
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slot,
    Slotted,
)

FOLDER = Path(__file__).with_name("mails")
KEY = Key(b"k" * 32)
DATE = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
PIXEL = Picture(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000000100000001080000000"
        "03a7e9b550000000a49444154789c63680000008200814dd7be0d0000"
        "000049454e44ae426082"
    ),
    "image/png",
    1,
    1,
)

SETTINGS: Settings = parse(
    """
[newsletter]
name = "Weekly Brief"
organisation = "Far Valley Rights Network"
from = "Weekly Brief <brief@example.org>"
reply_to = "Editors <editors@example.org>"
languages = ["en", "de", "tr", "zh", "ug"]
de.name = "Wochenbrief"
tr.name = "Haftalık Bülten"
zh.name = "每周简报"
ug.name = "ھەپتىلىك خەۋەرنامە"
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
""",
    Path("briefing.toml"),
)

READERS = {
    "en": "Amina Yusuf",
    "de": "Jürgen Groß",
    "tr": "Çağla Işık",
    "zh": "李明",
    "ug": "ئالىم",
}
SUBJECTS = {
    "en": "Weekly Brief, 9 October 2020",
    "de": "Wochenbrief vom 9. Oktober 2020: Ein Gericht öffnet seine Akten",
    "tr": "Haftalık Bülten, 9 Ekim 2020",
    "zh": "每周简报，2020年10月9日",
    "ug": "ھەپتىلىك خەۋەرنامە، 2020-يىلى 9-ئۆكتەبىر",
}
TEXTS = {
    "en": (
        "Dear ",
        ",\n\nthe court has opened its files. “At last,” said one mother.\n",
    ),
    "de": (
        "Guten Tag ",
        ",\n\ndas Gericht hat seine Akten geöffnet. „Endlich“, sagte eine Mutter.\n",
    ),
    "tr": (
        "Sayın ",
        ",\n\nmahkeme dosyalarını açtı. “Sonunda” dedi bir anne. Duruşma yarın.\n",
    ),
    "zh": (
        "",
        "，您好：\n\n法院公开了档案。一位母亲说：“终于等到了。”明天开庭。\n",
    ),
    "ug": (
        "ھۆرمەتلىك ",
        "،\n\nسوت ئارخىپلىرىنى ئاچتى. بىر ئانا: «ئاخىرى» دېدى. ئەتە سوت ئېچىلىدۇ.\n",
    ),
}


def whole_mail(lang: str) -> bytes:
    """The email of one reader, as it goes to the server."""
    message = Message(rendered(lang), SETTINGS, KEY, DATE.timestamp)
    address = f"{lang}@example.net"
    return message.fill(
        Envelope(
            address,
            address,
            {"name": READERS[lang]},
            sender="brief@example.org",
        )
    )


def rendered(lang: str) -> RenderedIssue:
    before, after = TEXTS[lang]
    name, link = Slot("name", "reader"), Slot(UNSUBSCRIBE)
    direction = "rtl" if lang == "ug" else "ltr"
    page = (
        f'<!DOCTYPE html>\n<html lang="{lang}" dir="{direction}">\n<body>\n<p>{before}',
        name,
        f'{after}</p>\n<img src="cid:{PIXEL.name}" alt="" width="1" height="1">\n<a href="',
        link,
        '">×</a>\n</body>\n</html>\n',
    )
    return RenderedIssue(
        id="2020-10-09",
        lang=lang,
        subject=SUBJECTS[lang],
        html=Slotted(page),
        text=Slotted((before, name, f"{after}\n", link, "\n")),
        pictures=(PIXEL,),
        archive="https://example.org/brief/",
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for lang in READERS:
        (FOLDER / f"{lang}.eml").write_bytes(whole_mail(lang))


if __name__ == "__main__":
    main()
