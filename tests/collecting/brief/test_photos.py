"""The photos in a document: which are found, which item each belongs to, how they are cleaned."""

import base64
import io
from email.message import EmailMessage

import pytest
from PIL import Image

from briefing.collecting.brief.model import Brief
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.brief.photos import with_photos
from briefing.collecting.documents.read import read_document
from briefing.photos.pictures import COLUMN
from tests.collecting.making import jpeg, zipped
from tests.photos.test_opened_photos import png_that_claims

RED, BLUE = jpeg("red"), jpeg("blue")
HUGE = png_that_claims(6000, 5000)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
FIRST = "<h2>Court opens the archive</h2><p>Example Post, 8 October 2020</p>"
TEXT = "<p>It is open to all again.</p>"
TITLE = "<p>Weekly Brief, 9 October 2020</p>"
MORE = "<p>Read more →</p>"
SECOND = "<h2>Harbour union wins back its hall</h2><p>Example Radio, 9 October 2020</p>"


def img(data: bytes = RED, more: str = "", kind: str = "jpeg") -> str:
    """A picture that is in the page."""
    return f'<img src="data:image/{kind};base64,{base64.b64encode(data).decode()}" {more}>'


def brief_of(data: bytes | str, name: str = "Brief of the week.html") -> Brief:
    document = read_document(
        data.encode() if isinstance(data, str) else data, name
    )
    return with_photos(read_brief(document.paragraphs), document.pictures, name)


def images(page: str) -> list[str]:
    """The colour of each item's photo."""
    brief = brief_of(page)
    return [
        colour(brief.photos[parsed.item.image]) if parsed.item.image else ""
        for parsed in brief.items
    ]


def colour(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as image:
        pixel = image.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > pixel[2] else "blue"


# --- Whose it is


@pytest.mark.parametrize(
    "page",
    [
        f"{FIRST}{img(RED)}{TEXT}{MORE}{SECOND}{img(BLUE)}{TEXT}{MORE}",
        f"<p>{img(RED)}</p>{FIRST}{TEXT}{MORE}<p>{img(BLUE)}</p>{SECOND}{TEXT}{MORE}",
        f"{FIRST}{TEXT}{MORE}{img(RED)}{SECOND}{TEXT}{MORE}{img(BLUE)}",
        f"{TITLE}{img(RED)}{FIRST}{TEXT}{MORE}{img(BLUE)}{SECOND}{TEXT}{MORE}<p>Unsubscribe</p>",
        f"{img(BLUE)}{TITLE}{FIRST}<p>{img(RED)} Of the text.</p>{MORE}{SECOND}{img(BLUE)}{TEXT}{MORE}",
        f"<table><tr><td>{img(RED)}</td><td>{FIRST}{TEXT}{MORE}</td></tr>"
        f"<tr><td>{img(BLUE)}</td><td>{SECOND}{TEXT}{MORE}</td></tr></table>",
        f"<p>{img(BLUE)}</p><p>{img(RED)}</p>{FIRST}{TEXT}{MORE}{SECOND}{TEXT}{img(BLUE)}{MORE}<p>Unsubscribe</p>{img(RED)}",
    ],
    ids=[
        "inside",
        "above",
        "below",
        "above, with title and footer",
        "among words, with logo",
        "table",
        "logo above it",
    ],
)
def test_a_photo_belongs_to_the_item_that_it_is_in_or_above(page: str) -> None:
    assert images(page) == ["red", "blue"]


def captioned(data: bytes, caption: str) -> str:
    return f"<figure>{img(data)}<figcaption>{caption}</figcaption></figure>"


@pytest.mark.parametrize(
    "page",
    [
        f"{captioned(RED, 'Hall')}{FIRST}{TEXT}{MORE}{captioned(BLUE, 'Quay')}{SECOND}{TEXT}{MORE}",
        f"{FIRST}{TEXT}{MORE}{captioned(RED, 'Hall')}{SECOND}{TEXT}{MORE}{captioned(BLUE, 'Quay')}",
        f"{img(RED)}<p>Hall. Photo: Jo Doe</p>{FIRST}{TEXT}{MORE}{img(BLUE)}<p>Photo: Jo Doe</p>{SECOND}{TEXT}{MORE}",
    ],
    ids=["above", "below", "credits"],
)
def test_a_caption_stays_with_its_photo(page: str) -> None:
    assert images(page) == ["red", "blue"]


def test_the_words_of_a_caption_are_quoted_and_its_credit_is_the_photo_s() -> (
    None
):
    (parsed,) = brief_of(
        f"{captioned(RED, 'The hall, open again. Photo: Jo Doe')}{FIRST}{TEXT}{MORE}"
    ).items
    assert parsed.item.photo == "Jo Doe"
    assert "hall" not in parsed.item.text
    note = "the caption of its photo: “The hall, open again. Photo: Jo Doe”"
    assert note in parsed.notes


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (TEXT, []),
        (
            f"<p>Photo: Li Na</p>{TEXT}",
            ["the caption of its photo: “Photo: Jo Doe”"],
        ),
    ],
    ids=["the item's", "another's"],
)
def test_a_caption_that_is_only_the_credit_of_the_item_needs_no_note(
    text: str, notes: list[str]
) -> None:
    (parsed,) = brief_of(
        f"{captioned(RED, 'Photo: Jo Doe')}{FIRST}{text}{MORE}"
    ).items
    assert [note for note in parsed.notes if "caption" in note] == notes


def test_the_caption_of_a_picture_of_no_item_is_quoted() -> None:
    (parsed,) = brief_of(
        f"{captioned(RED, 'Our hall.')}{captioned(BLUE, 'The quay.')}{FIRST}{TEXT}{MORE}"
    ).items
    assert "left out a caption: “Our hall.”" in parsed.notes


def test_photos_with_something_between_them_and_the_headline_below_belong_to_no_item() -> (
    None
):
    page = f"{img(RED)}<p>The hall.</p>{FIRST}{TEXT}{MORE}{img(BLUE)}<p>The quay.</p>{SECOND}{TEXT}{MORE}"
    assert set(images(page)) == {""}
    note = "2 pictures were left out: they don't clearly belong to an item"
    assert note in brief_of(page).items[-1].notes


def test_a_picture_above_that_of_the_first_item_is_noted_unless_small_or_on_the_web() -> (
    None
):
    news = f"{img(RED)}{FIRST}{TEXT}{MORE}"
    note = "1 picture was left out: it doesn't clearly belong to an item"
    (parsed,) = brief_of(f"{img(BLUE)}{news}").items
    assert note in parsed.notes
    for ignored in (
        img(jpeg("blue", size=(600, 40))),
        '<img src="https://www.example.org/logo.png">',
    ):
        (parsed,) = brief_of(f"{ignored}{news}").items
        assert not any("left out" in words for words in parsed.notes)


def test_the_first_of_several_is_taken_and_a_note_counts_the_others() -> None:
    (parsed,) = brief_of(
        f"{FIRST}{img(RED)}{TEXT}{img(BLUE)}{img(jpeg('green'))}{MORE}"
    ).items
    assert parsed.item.image
    assert "2 more pictures were left out" in parsed.notes


@pytest.mark.parametrize(
    "picture",
    [
        img(jpeg(size=(600, 40))),
        img(jpeg(size=(79, 79))),
        img(more='width="24"'),
        img(more="style='height: 20px'"),
    ],
)
def test_icons_and_rules_are_ignored_without_a_note(picture: str) -> None:
    (parsed,) = brief_of(f"{FIRST}{picture}{TEXT}{MORE}").items
    assert parsed.item.image == ""
    assert not any("left out" in note for note in parsed.notes)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (
            img(b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="svg+xml"),
            "isn't an image that emails can show",
        ),
        (img(b"x"), "isn't an image that emails can show"),
        (img(RED[:900]), "is damaged or cut off"),
        (img(HUGE), "has more than 25 megapixels"),
        (
            '<img src="https://www.example.org/p.jpg">',
            "the document only links to it, so it wasn't downloaded: https://www.example.org/p.jpg "
            "(to use it, save it beside the issue file, and write its name after 'image:')",
        ),
    ],
)
def test_an_unusable_picture_is_noted_and_the_next_one_used(
    picture: str, words: str
) -> None:
    (parsed,) = brief_of(f"{FIRST}{picture}{TEXT}{MORE}").items
    assert parsed.item.image == ""
    assert any(
        note.startswith(f"its photo was left out: {words}")
        for note in parsed.notes
    )
    assert images(f"{FIRST}{picture}{img(BLUE)}{TEXT}{MORE}") == ["blue"]


def test_photos_stay_with_their_items_below_the_head_of_a_forwarded_email() -> (
    None
):
    head = (
        "<p>From: Mira &lt;mira@example.org&gt;</p><p>To: All</p>"
        "<p>Subject: news</p>"
    )
    page = f"{head}{FIRST}{img(RED)}{TEXT}{MORE}{SECOND}{img(BLUE)}{TEXT}{MORE}"
    assert images(page) == ["red", "blue"]


def test_a_picture_inside_a_paragraph_of_several_items_belongs_to_none() -> (
    None
):
    message = "[20.11.26, 14:0{}:00] Mira: Pilots meet{}<br>Post, {} March 2024<br>https://post.example.com/{}"
    messages = "<br>".join(
        message.format(number, picture, number, number)
        for number, picture in ((1, ""), (2, img(RED)), (3, ""))
    )
    assert images(f"<p>{messages}</p>") == ["", "", ""]


# --- What is kept


def test_a_photo_is_small_and_carries_nothing_but_its_pixels() -> None:
    notes = Image.Exif()
    notes[0x010E] = "canary"
    brief = brief_of(
        f"{FIRST}{img(jpeg(size=(3000, 1500), exif=notes, comment=b'canary') + b'canary')}{TEXT}{MORE}"
    )
    (data,) = brief.photos.values()
    assert b"canary" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (2 * COLUMN, COLUMN)


@pytest.mark.parametrize(
    ("alt", "kept"),
    [
        ("A court house", "A court house"),
        ("A court&#10; house", "A court house"),
        (
            "A crowd of people&#10;&#10;Description automatically generated with low confidence",
            "A crowd of people",
        ),
        ("IMG_2231.jpg", ""),
        ("image1", ""),
        ("", ""),
    ],
)
def test_the_words_for_it_are_the_documents_own(alt: str, kept: str) -> None:
    page = FIRST + img(more='alt="' + alt + '"') + TEXT + MORE
    (parsed,) = brief_of(page).items
    assert parsed.item.alt == kept
    assert (
        "its photo has no description; write one after 'alt:'" in parsed.notes
    ) == (not kept)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Court opens the archive", "court-opens-the-archive.png"),
        ("İğdır’da “Şölen” ../../etc: Größe", "igdirda-solen-etc-grosse.png"),
        ("ئۇيغۇر تىلى كۈنى", "brief-of-the-week.png"),
        (
            "A headline that goes on and on and says all that there is",
            "a-headline-that-goes-on-and-on-and-says-all-that.png",
        ),
    ],
)
def test_a_photo_is_named_after_the_headline_or_else_the_file(
    heading: str, name: str
) -> None:
    assert list(
        brief_of(
            f"{FIRST.replace('Court opens the archive', heading)}{img()}{TEXT}{MORE}"
        ).photos
    ) == [name]


def test_each_photo_of_a_brief_has_a_different_name() -> None:
    other = FIRST.replace("8 October", "7 October")
    brief = brief_of(
        f"{FIRST}{img(RED)}{TEXT}{MORE}{other}{img(BLUE)}{TEXT}{MORE}"
    )
    assert list(brief.photos) == [
        "court-opens-the-archive.png",
        "court-opens-the-archive-2.png",
    ]


# --- Where it is found


def mailed(source: str, disposition: str = "inline") -> bytes:
    """An email with a photo next to its HTML."""
    mail = EmailMessage()
    mail["From"], mail["Date"] = (
        "a@b.example",
        "Fri, 16 Oct 2020 09:00:00 +0000",
    )
    mail.set_content("Nothing of this is read.")
    mail.add_alternative(
        f'{FIRST}<img src="{source}" alt="A court">{TEXT}{MORE}', subtype="html"
    )
    page = list(mail.iter_parts())[1]
    assert isinstance(page, EmailMessage)
    page.add_related(
        RED,
        "image",
        "jpeg",
        cid="<p@example>",
        disposition=disposition,
        filename="p.jpg",
    )
    return mail.as_bytes()


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
def test_in_an_email_it_is_a_part(disposition: str) -> None:
    brief = brief_of(mailed("cid:p@example", disposition))
    assert [parsed.item.alt for parsed in brief.items] == ["A court"]
    assert [colour(data) for data in brief.photos.values()] == ["red"]
    assert brief_of(mailed("cid:another")).photos == {}


def test_in_an_email_a_photo_may_be_between_two_texts() -> None:
    parts = [
        f"Content-Type: text/html\n\n{FIRST}",
        f"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(RED).decode()}",
        f"Content-Type: text/html\n\n{TEXT}{MORE}",
    ]
    head = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    brief = brief_of(
        head + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    )
    assert [bool(parsed.item.image) for parsed in brief.items] == [True]


def test_the_photos_packed_with_a_page_are_found() -> None:
    page = f'{FIRST}<img src="Brief%20files/p.jpg">{TEXT}{MORE}'
    assert brief_of(
        zipped({"x/Brief.html": page, "x/Brief files/p.jpg": RED})
    ).photos
