"""What is read of the documents that editors write in: the same as of the pasted text, with links and pictures."""

from pathlib import Path

import pytest

from briefing.collecting.brief.items import ParsedItem
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from tests.collecting.making import as_html, as_mail, as_word, jpeg, link, paragraph, photo, run, word, zipped

SAMPLE = (Path(__file__).parents[3] / "docs" / "sample-brief.txt").read_text("utf-8")
SEED = Path(__file__).parents[4] / "shared" / "seed" / "weekly-brief.txt"
GOOGLE = "https://www.google.com/url?q=https://www.example.org/a%3Fb&sa=D&source=editors"


def lines_of(page: str) -> list[tuple[str, ...]]:
    """The lines of each paragraph of a page's body."""
    return [paragraph.lines for paragraph in of(page).paragraphs]


def of(page: str) -> Document:
    return read_document(f"<html><body>{page}</body></html>".encode(), "brief.html")


# --- One brief, whatever it was written in -----------------------------------------------------------------------


def forms(text: str) -> dict[str, bytes]:
    """One brief in every form that is read."""
    page = as_html(text)
    return {
        "Word, a paragraph a line": as_word(text, lines_are_paragraphs=True),
        "Word, a paragraph a block": as_word(text, lines_are_paragraphs=False),
        "page of paragraphs": page.encode(),
        "page of a paragraph a line": as_html(text, "<p>", "</p><p>", "</p><p>&nbsp;</p>").encode(),
        "page of divs": as_html(text, "<div>", "</div><div>", "</div><div><br></div>").encode(),
        "page of line breaks": as_html(text, "", "<br>", "<br><br>").encode(),
        "page of tables": as_html(text, "<table><tr><td>", "<br>", "</td></tr></table>").encode(),
        "page in UTF-16": page.encode("utf-16"),
        "page in UTF-16 without a mark": page.encode("utf-16-le"),
        "page as Google Docs exports it": zipped({"Brief.html": page, "images/image1.png": b""}),
        "mail of text": as_mail(text),
        "mail of text in base64": as_mail(text, encoding="base64"),
        "mail of both": as_mail("Nothing of this is read.", page=page),
        "mail of both in base64": as_mail("Nothing of this is read.", page=page, encoding="base64"),
        "mail with lines of CRLF": as_mail(text).replace(b"\n", b"\r\n"),
        "mail out of an mbox": b"From brief@example.org Fri Oct 16 09:00:00 2020\n" + as_mail(text),
    }


@pytest.mark.parametrize("form", forms("").keys())
def test_a_brief_gives_the_same_items_in_every_form(form: str) -> None:
    assert items(forms(SAMPLE)[form]) == items(SAMPLE.encode())


@pytest.mark.skipif(not SEED.is_file(), reason="the seed isn't beside this checkout (../shared/seed)")
@pytest.mark.parametrize("form", forms("").keys())
def test_the_first_real_brief_does_too(form: str) -> None:
    text = SEED.read_text("utf-8")
    assert items(forms(text)[form]) == items(text.encode())


def items(data: bytes) -> list[ParsedItem]:
    # No name: what a document is is seen by its content.
    return read_brief(read_document(data, "").paragraphs).items


def test_plain_text_is_read_as_it_was_pasted() -> None:
    assert read_document(b"one\ntwo\n\nthree", "a.txt").paragraphs == [Paragraph(("one", "two")), Paragraph(("three",))]


@pytest.mark.parametrize(
    "text", ["From: the editors\nA line\n\nText", "<https://example.org/> is open", "Contact: us\n\na"]
)
def test_text_that_only_begins_like_a_mail_or_a_page_is_text(text: str) -> None:
    assert read_document(text.encode(), "a.txt").paragraphs[0].lines == tuple(text.partition("\n\n")[0].split("\n"))


# --- Pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>a<p>b<h2>c</h2>d<div>e</div>", [("a",), ("b",), ("c",), ("d",), ("e",)]),
        ("<p>one\n  and\tthe   same</p>", [("one and the same",)]),
        ("<p>a<br>b<br/><br>c</p>", [("a", "b"), ("c",)]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", [("a",), ("b",), ("c",)]),
        ("<ul><li>a<li><p>b</p></ul><ol start=4><li>c<li>d</ol>", [("- a", "- b", "4. c", "5. d")]),
        ("<ul><li><h3>a</h3><p>b</p></li></ul>", [("a",), ("b",)]),
        ("<p>a</p><hr><p>b</p>", [("a",), ("* * *",), ("b",)]),
        ("<pre>a\nb\n\nc</pre>", [("a", "b"), ("c",)]),
        ("<div style='white-space: pre-wrap'>a\nb</div>", [("a", "b")]),
        ("<p>8<sup>th</sup> &ldquo;x&rdquo; &amp;&nbsp;<q>y</q> &#x1F600;</p>", [("8th “x” & “y” 😀",)]),
        ("<blockquote>a</blockquote><figure><figcaption>Photo: b</figcaption></figure>", [("a",), ("Photo: b",)]),
        ("<p>a <b>b</b><o:p></o:p></p><![if !supportLists]>c<![endif]>", [("a b",), ("c",)]),
        ("<p dir=rtl>ئۇيغۇر \u200fتىلى</p>", [("ئۇيغۇر \u200fتىلى",)]),
        ("<p>evil\u202egnp\u202c \u2066x\u2069</p>", [("evilgnp x",)]),
        ("<p>a&#0;b\x00c</p>", [("a\ufffdbc",)]),
    ],
)
def test_a_page_is_read_as_it_looks(page: str, lines: list[tuple[str, ...]]) -> None:
    assert lines_of(page) == lines


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none;font-size:1px'>x</div>",
        "<div style='MAX-HEIGHT: 0px; overflow: hidden'>x</div>",
        "<span style='visibility: hidden'>x</span>",
        "<span style='color:red; opacity:0'>x</span>",
        "<p hidden>x</p>",
        "<style>@media print{.y{}} .pre, .z {color:red; display : none }</style><p class='pre z'>x</p>",
        "<div class='screen-reader-text'>x</div>",
        "<style>x</style><script>x</script><title>x</title><svg><text>x</text></svg><noscript>x</noscript>",
        "<nav>x</nav><header>x</header><footer>x</footer><form><button>x</button></form><div role=navigation>x</div>",
        "<!-- x --><!--[if mso]><p>x</p><![endif]-->",
        "<div>\u034f\u200c\u00a0\u034f\u200c</div>",
        "<div style='display:none'><p>x<img src='data:image/png;base64,AAAA'></p><div>x</div></div>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    assert lines_of(f"<p>a</p>{hidden}<p>b</p>") == [("a",), ("b",)]


@pytest.mark.parametrize(
    "shown",
    [
        "<td style='font-size:0px;padding:20px'><p style='font-size:14px'>x</p></td>",  # as MJML writes all of a mail
        "<a style='mso-hide:all'>x</a>",
        "<style>@media (max-width:600px){.wide{display:none}}</style><p class=wide>x</p>",
        "<p style='opacity:0.9'>x</p>",
        "<article><header>x</header></article>",
    ],
)
def test_what_seems_hidden_and_is_shown_stays(shown: str) -> None:
    assert lines_of(f"<p>a</p>{shown}")[-1] == ("x",)


def test_of_a_saved_page_its_main_part_is_read_or_its_articles() -> None:
    side = "<div>Most read: other news</div>"
    assert lines_of(f"{side}<main><p>a</p></main>{side}") == [("a",)]
    assert lines_of(f"{side}<article>A long text of an item</article><article>Another</article>") == [
        ("A long text of an item",),
        ("Another",),
    ]


@pytest.mark.parametrize(
    ("markup", "links"),
    [
        (f'<a href="{GOOGLE.replace("&", "&amp;")}">Read More →</a>', [("Read More →", GOOGLE)]),
        (
            '<a href="https://a.example/"> Read </a><a href="https://a.example/"><b>More</b></a>',
            [("Read More", "https://a.example/")],
        ),
        (
            'see https://a.example/x, <a href="https://b.example/">b</a>',
            [("https://a.example/x",) * 2, ("b", "https://b.example/")],
        ),
        ('<a href="mailto:a@b.example">write</a>', [("write", "mailto:a@b.example")]),
        ('<a href="//a.example/x">a</a>', [("a", "https://a.example/x")]),
        ('<a href=" https://a.example/x y\n">a</a>', [("a", "https://a.example/x%20y")]),
        ('<base href="https://a.example/b/"><a href="c">c</a>', [("c", "https://a.example/b/c")]),
        ('<a href="javascript:alert(1)">a</a> <a href="java\tscript:x">b</a> <a href="data:text/html,x">c</a>', []),
        (
            '<a href="#top">a</a> <a href="/x">b</a> <a href="file:///etc/passwd">c</a> <a href="https://u:p@a.example">d</a>',
            [],
        ),
    ],
)
def test_links_keep_where_they_lead(markup: str, links: list[tuple[str, str]]) -> None:
    assert [link for one in of(f"<p>{markup}</p>").paragraphs for link in one.links] == links


def test_read_more_brings_its_address_along() -> None:
    page = f'<h2>Court opens the archive</h2><p>It is open to all.</p><p><a href="{GOOGLE}">Read more →</a></p>'
    (pasted,) = read_brief(of(page).paragraphs).items
    assert pasted.item.link == GOOGLE


def test_a_linked_line_that_names_an_address_in_plain_text_is_one() -> None:
    page = '<h2>Court opens the archive</h2><p>It is open.</p><p><a href="https://a.example/r.pdf">Full report</a></p>'
    (pasted,) = read_brief(of(page).paragraphs).items
    assert (pasted.item.link, pasted.item.text) == ("https://a.example/r.pdf", "It is open.")


def test_a_mail_address_that_a_page_hid_is_found() -> None:
    code = bytes([0x54, *(0x54 ^ letter for letter in b"me@example.org")]).hex()
    assert lines_of(
        f'<p>Contact: <a href="/cdn-cgi/l/email-protection" data-cfemail="{code}">[email&#160;protected]</a></p>'
    ) == [("Contact: me@example.org",)]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("windows-1254", "cp1254"),
        ("iso-8859-9", "cp1254"),
        ("utf-8", "cp1254"),
        ("windows-1254", "utf-8"),
        ("utf-16", "utf-8"),
        ("no-such-charset", "utf-8"),
        ("utf-7", "utf-8"),
        ("", "utf-16"),
        ("", "utf-16-be"),
    ],
)
def test_a_wrong_charset_is_seen_through(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>Şırnak’ta “değişim” – İğdır</p></body></html>'
    assert read_document(page.encode(encoding), "").paragraphs[0].lines == ("Şırnak’ta “değişim” – İğdır",)


# --- Word --------------------------------------------------------------------------------------------------------


def test_a_word_document_keeps_its_links_lists_and_line_breaks() -> None:
    data = word(
        paragraph(run("Head"), run("line")),
        paragraph(run("a\nb "), link("l", "Read more →")),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        relations={"l": GOOGLE},
    )
    assert read_document(data, "").paragraphs == [
        Paragraph(("Headline",)),
        Paragraph(("a", "b Read more →"), (("Read more →", GOOGLE),)),
        Paragraph(("cell",)),
    ]


def test_what_word_does_not_show_is_left_out() -> None:
    deleted = "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
    hidden = run("hidden", "<w:vanish/>") + run("shown", '<w:vanish w:val="0"/>')
    assert read_document(word(paragraph(deleted, hidden)), "").paragraphs == [Paragraph(("newshown",))]


def test_pictures_stand_where_they_stood() -> None:
    data = word(
        paragraph(run("one")),
        paragraph(photo("p", "A court")),
        paragraph(run("two")),
        paragraph(run("three "), photo("q")),
        relations={"p": "media/image1.jpeg", "q": "media/image2.jpeg"},
        parts={"word/media/image1.jpeg": jpeg("red"), "word/media/image2.jpeg": jpeg("blue")},
    )
    document = read_document(data, "")
    assert [(one.place, one.inside, one.alt, one.data) for one in document.pictures] == [
        (1, False, "A court", jpeg("red")),
        (2, True, "", jpeg("blue")),
    ]


# --- Mails -------------------------------------------------------------------------------------------------------


def test_a_brief_that_was_forwarded_as_an_attachment_is_read_rather_than_the_note_with_it() -> None:
    inner = as_mail(SAMPLE).decode()
    mail = (
        "From: a@example.org\nDate: Fri, 16 Oct 2020 10:00:00 +0000\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    assert items(mail.encode()) == items(SAMPLE.encode())


def test_flowed_text_is_joined_and_quoted_text_is_not_taken_for_it() -> None:
    mail = b"From: a@b.example\nDate: x\nContent-Type: text/plain; format=flowed\n\nA long \nline.\n-- \nAda\n"
    assert read_document(mail, "").paragraphs == [Paragraph(("A long line.", "-- ", "Ada"))]


def test_attachments_that_are_neither_text_nor_picture_are_left_alone() -> None:
    mail = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nWords.\n--b\nContent-Type: application/pdf\n\n%PDF\n"
        "--b\nContent-Type: text/html\nContent-Disposition: attachment\n\n<p>attached</p>\n"
        "--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    assert read_document(mail.encode(), "").paragraphs == [Paragraph(("Words.",))]


@pytest.mark.parametrize(
    ("declared", "data"),
    [("windows-1254", "Şırnak".encode("cp1254")), ("us-ascii", "Şırnak".encode()), ("x", "Şırnak".encode())],
)
def test_a_mail_is_read_in_the_charset_that_it_is_in(declared: str, data: bytes) -> None:
    head = f"From: a@b.example\nDate: x\nContent-Type: text/plain; charset={declared}\n\n".encode()
    assert read_document(head + data, "").paragraphs == [Paragraph(("Şırnak",))]
