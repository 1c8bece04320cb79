"""Documents that aren't what they seem, are broken, or were made to do harm: one line, in little time and memory."""

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.brief.parse import read_brief
from briefing.collecting.brief.photos import with_photos
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from briefing.errors import BriefingError
from tests.collecting.making import as_html, as_mail, jpeg, link, paragraph, photo, run, word, zipped

MAIL = "From: a@b.example\nDate: x\nMIME-Version: 1.0\n"
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
ENTITY = BODY.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
DEEP = "<w:sdt><w:sdtContent>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "is an old Word document (.doc), or one with a password; save it as",
        ),
        (b"{\\rtf1 a}", "is rich text (.rtf); save it as .docx, or paste the text"),
        (b"%PDF-1.7", "is a PDF; paste its text"),
        (jpeg(), "is a picture; a brief is a text"),
        (b"\x1f\x8b\x08", "is packed (gzip); unpack it first"),
        (b"bplist00", "is a web archive of Safari"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
            "is an OpenDocument text (.odt); save it as .docx",
        ),
        (zipped({"Index/Document.iwa": ""}), "is a Pages document; export it as Word (.docx), or paste the text"),
        (zipped({"xl/workbook.xml": ""}), "is a spreadsheet"),
        (zipped({"a.txt": "", "b.html": "", "c.html": ""}), "is a zip archive and no document; unpack it"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>',
            "is a document in XML",
        ),
        (b"\x81\x8d", "this is no text in"),
    ],
)
def test_what_is_not_read_says_what_to_do(data: bytes, words: str) -> None:
    refused(data, words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({"word/document.xml": b"A" * 200_000_000}), "unpacks to more than any brief; paste the text"),
        (zipped({"word/document.xml": b"A" * 5_000_000}), "unpacks to more than any brief; paste the text"),
        (word(parts={f"word/media/{n}.png": b"\0" * 20_000_000 for n in range(8)}), "unpacks to more than any brief"),
        (zipped({f"word/{number}": "" for number in range(3000)}), "has more parts than any document; paste the text"),
        (zipped({"word/document.xml": b"A" * 100_000}, zipfile.ZIP_BZIP2), "is damaged or cut off"),
        (zipped({"word/document.xml": "<a"}), "is damaged or cut off"),
        (word(paragraph(link("missing", "a"))), "is damaged or cut off"),
        (word(run("a"))[:-30], "is damaged or cut off"),
        (word(parts={"word/document.xml": ENTITIES + ENTITY}), "holds entities, as no document does; paste the text"),
        (word(parts={"word/document.xml": OUTSIDE + ENTITY}), "holds entities, as no document does; paste the text"),
        (word(parts={"word/document.xml": (OUTSIDE + ENTITY).encode("utf-16")}), "holds entities, as no document does"),
        (word(DEEP * 20_000), "is damaged or cut off"),
        (as_mail("a").replace(b"text/plain", b"multipart/encrypted; boundary=b"), "is an encrypted mail"),
        (f"{MAIL}Content-Type: message/rfc822\n\n".encode() * 5000, "is made of more parts than any mail"),
        (
            "".join(
                [MAIL, *(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(5000))]
            ).encode(),
            "is made of",
        ),
        (f"{MAIL}Content-Type: multipart/mixed; boundary=b\n\n".encode() + b"--b\n\nx\n" * 50_000, "is made of"),
        (f"{MAIL}Content-Type: text/plain; {';' + chr(34) * 9000}\n\nx".encode(), "is no mail as programs write them"),
        (b"<html>" + b"<div>" * 50_000 + b"a", "is nested deeper than any brief"),
        (b"<html>" + b"<p>a</p>" * 1_250_000, "has more in it than any brief"),
        (b"<html>" + b"<p>" * 5_000_000, "has more in it than any brief"),
        (b"<html>" + b"a " * 5_000_000, "has more in it than any brief"),
        (b"<html>" + b"<br>a" * 2_000_000, "has more in it than any brief"),
        (b"a\n\n" * 1_000_000, "has more in it than any brief"),
        (b"a" * 10_000_000, "has more in it than any brief"),
    ],
    ids=range(24),
)
def test_what_was_made_to_do_harm_is_refused_at_once(data: bytes, words: str) -> None:
    refused(data, words)


def refused(data: bytes, words: str) -> None:
    began = time.monotonic()
    with pytest.raises(BriefingError) as caught:
        read_document(data, "brief")
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 10


def test_a_part_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(zipped({"word/document.xml": b"A" * 300_000_000}))
    place = data.find(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    refused(bytes(data), "is damaged or cut off")


@pytest.mark.parametrize(
    "page",
    [
        "<!--" * 2500,
        "<?xml ?><!-- -->" * 600,
        "<!" * 99_999,
        "<style>" + "@a" * 99_999,
        "<style>" + ".a{" * 60_000,
        "&#" * 99_999,
        "<a href='" * 9999,
        "<p style='" + "max-height:0;" * 9999 + "'>",
        "data:image/" * 9999,
        "</p>" * 99_999,
        "<ul><li>" * 900,
    ],
)
def test_no_markup_is_slow(page: str) -> None:
    began = time.monotonic()
    read_document(page.encode(), "brief.html")
    assert time.monotonic() - began < 5


def test_what_a_word_document_wants_from_outside_is_neither_fetched_nor_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    monkeypatch.setattr("builtins.open", forbidden)
    monkeypatch.setattr("io.open", forbidden)
    wanted = {
        "a": "https://www.example.org/p.jpg",
        "b": "file:///etc/passwd",
        "c": "../../../etc/passwd",
        "d": "media/none.jpeg",
    }
    data = word(
        *(paragraph(run("Words."), photo(name, how=how)) for name in wanted for how in ("link", "embed")),
        relations=wanted,
        parts={
            "word/vbaProject.bin": b"macro",
            "word/_rels/settings.xml.rels": "<a>",
            "mammoth/style-map": "p => script",
        },
    )
    document = read_document(data, "")
    assert document.pictures == []
    assert {one.lines for one in document.paragraphs} == {("Words.",)}


def test_nothing_of_a_page_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    page = "<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><link rel=stylesheet href='http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>"
    assert read_document(
        f"{page}<img src='/a.jpg'><iframe src='http://127.0.0.1:9/'></iframe><p>a".encode(), ""
    ).paragraphs


# --- Anything ----------------------------------------------------------------------------------------------------

SEEDS = [
    word(
        paragraph(run("Head"), link("l", "Read more →"), photo("p")),
        relations={"l": "https://a.example/", "p": "media/p.jpeg"},
        parts={"word/media/p.jpeg": jpeg(size=(90, 90))},
    ),
    zipped({"a.html": as_html("a\nb"), "images/p.jpg": b"x"}),
    as_html("Headline\n\nExample Post, 8 October 2020\n\nText.\n\nRead More → https://a.example/").encode(),
    as_mail("Headline\n\nText.", page=as_html("Headline\n\nText."), encoding="base64"),
    (
        MAIL
        + 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
        + MAIL
        + "\nText\n--b--\n"
    ).encode(),
]
PIECES = [
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


def either(data: bytes, name: str) -> None:
    """Read `data`, which gives a document or one line."""
    try:
        document = read_document(data, name)
    except BriefingError as error:
        line = str(error)
        assert line.count("\n") == 0 < len(line)
        return
    assert isinstance(document, Document)
    assert all(0 <= picture.place <= len(document.paragraphs) for picture in document.pictures)
    assert all(paragraph.lines and all(paragraph.lines) for paragraph in document.paragraphs)
    with_photos(read_brief(document.paragraphs), document.pictures, name)


NAMES = st.sampled_from(["a.txt", "a.html", "a.eml", "a.docx", "-"])


@given(st.binary(max_size=300), NAMES)
def test_any_bytes_give_a_document_or_one_line(data: bytes, name: str) -> None:
    either(data, name)


@given(st.lists(st.sampled_from(PIECES), max_size=12), NAMES)
def test_any_pieces_of_documents_do_too(pieces: list[bytes], name: str) -> None:
    either(b"".join(pieces), name)


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=3)), max_size=6),
    st.integers(0, 3000),
)
def test_a_damaged_document_does_too(data: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    damaged = bytearray(data)
    for place, piece in changes:
        damaged[place % len(data) : place % len(data) + len(piece)] = piece
    either(bytes(damaged[: len(damaged) - cut % 50]), "a")


@given(st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=3)), max_size=3))
def test_a_word_document_with_damaged_words_does_too(changes: list[tuple[int, bytes]]) -> None:
    words = bytearray(zipfile_part(SEEDS[0], "word/document.xml"))
    for place, piece in changes:
        words[place % len(words) : place % len(words) + len(piece)] = piece
    either(word(parts={"word/document.xml": bytes(words)}), "a")


def zipfile_part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
