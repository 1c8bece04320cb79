"""Files that aren't documents, are damaged, or were made to do harm: refused in one line, within
limits.
"""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.brief.parse import read_brief
from briefing.collecting.brief.photos import with_photos
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from briefing.errors import BriefingError
from tests.collecting.making import (
    as_html,
    as_mail,
    jpeg,
    link,
    opendocument,
    paragraph,
    photo,
    run,
    word,
    zipped,
)

MAIL = "From: a@b.example\nDate: x\nMIME-Version: 1.0\n"
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
ENTITY = BODY.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
DEEP = "<w:sdt><w:sdtContent>"


UNSUPPORTED = {
    "Word 97": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
        "is an old Word document (.doc), or has a password;",
    ),
    "PDF": (b"%PDF-1.7", "is a PDF; paste its text"),
    "JPEG": (jpeg(), "is a picture, and a brief is text; paste the text"),
    "gzip": (b"\x1f\x8b\x08", "is compressed (gzip); unpack it first"),
    "Safari": (
        b"bplist00",
        "is a web archive from Safari; save the page as page source",
    ),
    "ODS": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "is a spreadsheet; save its text",
    ),
    "ODT without text": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
        "is a zip archive, not a document",
    ),
    "Pages": (
        zipped({"Index/Document.iwa": ""}),
        "is a Pages document; export it as Word (.docx), or paste the text",
    ),
    "Excel": (zipped({"xl/workbook.xml": ""}), "is a spreadsheet"),
    "two pages": (
        zipped({"a.txt": "", "b.html": "", "c.html": ""}),
        "is a zip archive, not a document; unpack it",
    ),
    "Word's XML": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>',
        "is a document in XML",
    ),
    "binary data": (b"\x81\x8d", "isn't text in"),
}


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_an_unsupported_format_is_refused_with_what_to_do(kind: str) -> None:
    refused(*UNSUPPORTED[kind])


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("news/subscribers.csv", "is a table, such as a list of readers"),
        ("Readers.TSV", "is a table, such as a list of readers"),
        ("news/~$Brief.docx", "is only Word's mark that a document is open"),
        (".~lock.Brief.odt#", "is only LibreOffice's mark"),
    ],
)
def test_a_file_that_isnt_for_readers_is_refused_by_its_name(
    name: str, advice: str
) -> None:
    """Otherwise readers' addresses, or an editor's name, would be in the issue."""
    with pytest.raises(BriefingError, match=advice):
        read_document(b"email,name\namina@example.org,Amina", name)


UNPACKED = "is too large when unpacked; paste the text"
DAMAGED = "is damaged or cut off"
ENTITIES_REFUSED = (
    "contains XML entities, which no word processor writes; paste the text"
)
MANY_PARTS = "has too many parts for an email"
TOO_LONG = "is too long for a brief"
MULTIPART = "Content-Type: multipart/mixed; boundary=b"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (
        lambda: zipped({"word/document.xml": b"A" * 200_000_000}),
        UNPACKED,
    ),
    "too much XML": (
        lambda: zipped({"word/document.xml": b"A" * 5_000_000}),
        UNPACKED,
    ),
    "large pictures": (
        lambda: word(
            parts={f"word/media/{n}.png": b"\0" * 20_000_000 for n in range(8)}
        ),
        UNPACKED,
    ),
    "thousands of parts": (
        lambda: zipped({f"word/{n}": "" for n in range(3000)}),
        "has too many parts for a document",
    ),
    "another compression": (
        lambda: zipped(
            {"word/document.xml": b"A" * 100_000}, zipfile.ZIP_BZIP2
        ),
        DAMAGED,
    ),
    "broken XML": (lambda: zipped({"word/document.xml": "<a"}), DAMAGED),
    "a bomb as .odt": (
        lambda: opendocument(parts={"content.xml": b"A" * 5_000_000}),
        UNPACKED,
    ),
    "entities in .odt": (
        lambda: opendocument(parts={"content.xml": OUTSIDE + "<a>&a;</a>"}),
        ENTITIES_REFUSED,
    ),
    "entities in the styles of .odt": (
        lambda: opendocument(parts={"styles.xml": ENTITIES + "<a>&b;</a>"}),
        ENTITIES_REFUSED,
    ),
    "deep rich text": (
        lambda: b"{\\rtf1" + b"{" * 50_000,
        "is nested too deeply",
    ),
    "long rich text": (lambda: b"{\\rtf1 " + b"a\\par " * 400_000, TOO_LONG),
    "deep .odt": (lambda: opendocument("<text:span>" * 20_000), DAMAGED),
    "a link without target": (
        lambda: word(paragraph(link("missing", "a"))),
        DAMAGED,
    ),
    "a cut-off archive": (lambda: word(run("a"))[:-30], DAMAGED),
    "entities": (
        lambda: word(parts={"word/document.xml": ENTITIES + ENTITY}),
        ENTITIES_REFUSED,
    ),
    "an entity that is a file": (
        lambda: word(parts={"word/document.xml": OUTSIDE + ENTITY}),
        ENTITIES_REFUSED,
    ),
    "the same in UTF-16": (
        lambda: word(
            parts={"word/document.xml": (OUTSIDE + ENTITY).encode("utf-16")}
        ),
        ENTITIES_REFUSED,
    ),
    "deep Word XML": (lambda: word(DEEP * 20_000), DAMAGED),
    "an encrypted email": (
        lambda: as_mail("a").replace(
            b"text/plain", b"multipart/encrypted; boundary=b"
        ),
        "is an encrypted email",
    ),
    "an email in an email in an email": (
        lambda: f"{MAIL}Content-Type: message/rfc822\n\n".encode() * 5000,
        MANY_PARTS,
    ),
    "a part in a part in a part": (
        lambda: "".join(
            [MAIL, *(f"{MULTIPART}{n}\n\n--b{n}\n" for n in range(5000))]
        ).encode(),
        MANY_PARTS,
    ),
    "an email of many parts": (
        lambda: f"{MAIL}{MULTIPART}\n\n".encode() + b"--b\n\nx\n" * 50_000,
        MANY_PARTS,
    ),
    "a long field": (
        lambda: (
            MAIL.encode()
            + b"Content-Type: text/plain; ;"
            + b'"' * 9000
            + b"\n\nx"
        ),
        "isn't an email as a mail app saves it",
    ),
    "a deep page": (
        lambda: b"<html>" + b"<div>" * 50_000 + b"a",
        "is nested too deeply for a brief",
    ),
    "many paragraphs": (lambda: b"<html>" + b"<p>a</p>" * 1_250_000, TOO_LONG),
    "many empty paragraphs": (lambda: b"<html>" + b"<p>" * 5_000_000, TOO_LONG),
    "a long page": (lambda: b"<html>" + b"a " * 5_000_000, TOO_LONG),
    "many lines": (lambda: b"<html>" + b"<br>a" * 2_000_000, TOO_LONG),
    "many plain paragraphs": (lambda: b"a\n\n" * 1_000_000, TOO_LONG),
    "long plain text": (lambda: b"a" * 10_000_000, TOO_LONG),
}
"""Each is made when it is tested: some have 200 MB."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_document_is_refused_at_a_limit(kind: str) -> None:
    make, message = HOSTILE[kind]
    refused(make(), message)


def refused(data: bytes, start_of_message: str) -> None:
    """Assert that reading `data` raises a BriefingError whose message is one line and starts like
    this.
    """
    with pytest.raises(BriefingError) as caught:
        read_document(data, "brief")
    assert str(caught.value).startswith(start_of_message)
    assert "\n" not in str(caught.value)


def test_a_part_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(zipped({"word/document.xml": b"A" * 30_000_000}))
    place = data.find(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    refused(bytes(data), DAMAGED)


PATHOLOGICAL = {
    "comments": "<!--" * 2500,
    "prologues": "<?xml ?><!-- -->" * 600,
    "declarations": "<!" * 99_999,
    "at-rules": "<style>" + "@a" * 99_999,
    "rules": "<style>" + ".a{" * 60_000,
    "character references": "&#" * 99_999,
    "open quotes": "<a href='" * 9999,
    "declarations of style": "<p style='" + "max-height:0;" * 9999 + "'>",
    "data URLs": "data:image/" * 9999,
    "end tags": "</p>" * 99_999,
    "lists": "<ul><li>" * 900,
}
"""Markup on which a parser or a regular expression might go back to an earlier place again and
again.
"""


@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_pathological_markup_is_read(kind: str) -> None:
    assert isinstance(
        read_document(PATHOLOGICAL[kind].encode(), "brief.html"), Document
    )


def test_nothing_outside_a_word_document_is_fetched_or_opened(
    opened: list[str],
) -> None:
    targets = {
        "a": "https://www.example.org/p.jpg",
        "b": "file:///etc/passwd",
        "c": "../../../etc/passwd",
        "d": "media/none.jpeg",
    }
    data = word(
        *(
            paragraph(run("Words."), photo(name, how=how))
            for name in targets
            for how in ("link", "embed")
        ),
        relations=targets,
        parts={
            "word/vbaProject.bin": b"macro",
            "word/_rels/settings.xml.rels": "<a>",
            "mammoth/style-map": "p => script",
        },
    )
    read_document(data, "")  # what is imported at first is imported now
    opened.clear()
    document = read_document(data, "")
    assert opened == []
    assert document.pictures == []
    assert {paragraph.lines for paragraph in document.paragraphs} == {
        ("Words.",)
    }


def test_nothing_a_page_refers_to_is_fetched_or_opened(
    opened: list[str],
) -> None:
    page = (
        "<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><link rel=stylesheet href='http://127.0.0.1:9/'>"
        "<base href='http://127.0.0.1:9/'><img src='/a.jpg'><iframe src='http://127.0.0.1:9/'></iframe><p>a"
    )
    read_document(page.encode(), "")
    opened.clear()
    assert read_document(page.encode(), "").paragraphs
    assert opened == []


# --- Any bytes

SEEDS = [
    word(
        paragraph(run("Head"), link("l", "Read more →"), photo("p")),
        relations={"l": "https://a.example/", "p": "media/p.jpeg"},
        parts={"word/media/p.jpeg": jpeg(size=(90, 90))},
    ),
    zipped({"a.html": as_html("a\nb"), "images/p.jpg": b"x"}),
    as_html(
        "Headline\n\nExample Post, 8 October 2020\n\nText.\n\nRead More → https://a.example/"
    ).encode(),
    opendocument(
        "<text:h>Head</text:h><text:p><text:note><text:note-body><text:p>a</text:p>"
        "</text:note-body></text:note>b</text:p>"
    ),
    as_mail(
        "Headline\n\nText.",
        page=as_html("Headline\n\nText."),
        encoding="base64",
    ),
    (
        MAIL
        + 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
        + MAIL
        + "\nText\n--b--\n"
    ).encode(),
]
PIECES = [
    b"{\\rtf1 ",
    b"\\u-10179?",
    b"{\\footnote a",
    b"\\intbl a\\cell\\row ",
    b"<p>",
    b"</div>",
    b"<img src=cid:a>",
    b"<a href=https://a.example/>",
    b"<!--",
    b"&#0;",
    b"\xff\xfe",
    b"\0",
    b"=?utf-8?q?=0A?=",
    b"Content-Type: multipart/mixed; boundary=b\n\n",
    b"Content-Type: text/html; charset=utf-7\n\n",
    b"--b\n",
    b"\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: =?\n",
    b"<ul><li>",
    b"Content-Type: text/html; charset*0*=\"x'y\n",
    b"From: a@b\nDate: x\n",
    b"PK\x03\x04",
    b"<style>.a{display:none}</style>",
    b"data:image/png;base64,AAAA",
    b"MIME-Version: 1.0\n",
    "\u202eŞ→".encode(),
    b"begin 644 x\n",
]


def read_or_refused(data: bytes, name: str) -> None:
    """Assert that `data` is read into a consistent document, or refused in one line."""
    try:
        document = read_document(data, name)
    except BriefingError as error:
        line = str(error)
        assert line.count("\n") == 0 < len(line)
        return
    assert isinstance(document, Document)
    assert all(
        0 <= picture.place <= len(document.paragraphs)
        for picture in document.pictures
    )
    assert all(
        paragraph.lines and all(paragraph.lines)
        for paragraph in document.paragraphs
    )
    with_photos(read_brief(document.paragraphs), document.pictures, name)


NAMES = st.sampled_from(["a.txt", "a.html", "a.eml", "a.docx", "a.md", "-"])


@given(st.binary(max_size=300), NAMES)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read_or_refused(data, name)


@given(st.lists(st.sampled_from(PIECES), max_size=12), NAMES)
def test_any_pieces_of_documents_are_read_or_refused(
    pieces: list[bytes], name: str
) -> None:
    read_or_refused(b"".join(pieces), name)


@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(st.integers(0, 3000), st.binary(max_size=3)), max_size=6
    ),
    st.integers(0, 3000),
)
def test_a_damaged_document_is_read_or_refused(
    data: bytes, changes: list[tuple[int, bytes]], cut: int
) -> None:
    damaged = bytearray(data)
    for place, piece in changes:
        damaged[place % len(data) : place % len(data) + len(piece)] = piece
    read_or_refused(bytes(damaged[: len(damaged) - cut % 50]), "a")


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3)), max_size=3)
)
def test_a_word_document_with_damaged_xml_is_read_or_refused(
    changes: list[tuple[int, bytes]],
) -> None:
    words = bytearray(unzipped(SEEDS[0], "word/document.xml"))
    for place, piece in changes:
        words[place % len(words) : place % len(words) + len(piece)] = piece
    read_or_refused(word(parts={"word/document.xml": bytes(words)}), "a")


def unzipped(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
