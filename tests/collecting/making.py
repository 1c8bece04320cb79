"""Documents for the tests, as small as the programs that write them would allow."""

import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

_NAMESPACES = " ".join(
    f'xmlns:{name}="http://schemas.openxmlformats.org/{address}"'
    for name, address in {
        "w": "wordprocessingml/2006/main",
        "r": "officeDocument/2006/relationships",
        "wp": "drawingml/2006/wordprocessingDrawing",
        "a": "drawingml/2006/main",
        "pic": "drawingml/2006/picture",
    }.items()
)
_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>
<Default Extension="png" ContentType="image/png"/><Default Extension="svg" ContentType="image/svg+xml"/></Types>"""
_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)
_ADDRESS = re.compile(r"(?P<words>[^\n]*?) ?(?P<address>https?://\S+)")


def jpeg(
    colour: str = "red", size: tuple[int, int] = (640, 400), **options: object
) -> bytes:
    """Return a photo in one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", **options)
    return file.getvalue()


def zipped(
    parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a zip archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


# --- Word


def word(
    *body: str,
    relations: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a .docx of elements (see `paragraph`, `link`, `photo`).

    `relations` are the targets of links and pictures by id, `parts` further parts of the archive.
    """
    links = "".join(itertools.starmap(_relation, (relations or {}).items()))
    relationships = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'{relationships}<Relationship Id="r" Type="{_RELATION}officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f"{relationships}{links}</Relationships>",
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>",
            **(parts or {}),
        }
    )


def _relation(name: str, target: str) -> str:
    kind, mode = (
        ("image", "Internal")
        if target.startswith("media/")
        else ("hyperlink", "External")
    )
    return f'<Relationship Id="{name}" Type="{_RELATION}{kind}" Target={quoteattr(target)} TargetMode="{mode}"/>'


def run(text: str, properties: str = "") -> str:
    """Return a run of text in Word's XML, with its line ends and tabs as elements."""
    lines = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    for sign, element in (("\n", "<w:br/>"), ("\t", "<w:tab/>")):
        lines = lines.replace(
            sign, f'</w:t>{element}<w:t xml:space="preserve">'
        )
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>"


def paragraph(*runs: str) -> str:
    """Return a paragraph of runs; without any it is empty."""
    return f"<w:p>{''.join(runs)}</w:p>"


def link(relation: str, text: str) -> str:
    """Return linked text."""
    return f'<w:hyperlink r:id="{relation}">{run(text)}</w:hyperlink>'


def photo(relation: str, alt: str = "", how: str = "embed") -> str:
    """Return a run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr={quoteattr(alt)}/>'
        f"<a:graphic><a:graphicData><pic:pic>"
        f'<pic:blipFill><a:blip r:{how}="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


# --- OpenDocument

_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}:1.0"'
    for name, address in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
    }.items()
)


def opendocument(
    *body: str, styles: str = "", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """Return an .odt with these elements, automatic styles and further parts."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<office:document-content {_ODF} xmlns:xlink="http://www.w3.org/1999/xlink">'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{''.join(body)}</office:text></office:body>"
            "</office:document-content>",
            **(parts or {}),
        }
    )


# --- One brief in several forms


def _linked(line: str) -> tuple[str, str]:
    """Return the text of a line and the address at its end, which the text links to in other
    formats.
    """
    match = _ADDRESS.fullmatch(line)
    return (
        (match["words"] or match["address"], match["address"])
        if match
        else (line, "")
    )


def as_word(text: str, *, lines_are_paragraphs: bool) -> bytes:
    """Return a brief as people type it in Word: a paragraph for each line, or one with line breaks
    for each block.
    """
    relations: dict[str, str] = {}

    def runs(line: str) -> str:
        words, address = _linked(line)
        if not address:
            return run(words)
        relations[f"l{len(relations)}"] = address
        return link(f"l{len(relations) - 1}", words)

    if lines_are_paragraphs:
        body = [
            paragraph(*([runs(line)] if line.strip() else []))
            for line in text.split("\n")
        ]
    else:
        body = [
            paragraph("<w:r><w:br/></w:r>".join(map(runs, block)))
            for block in blocks(text)
        ]
    return word(*body, relations=relations)


def as_opendocument(text: str, *, lines_are_paragraphs: bool = False) -> bytes:
    """Return a brief as people type it in LibreOffice: a paragraph for each line, or one with line breaks for each
    block.
    """

    def shown(line: str) -> str:
        words, address = _linked(line)
        words = escape(words).replace("\t", "<text:tab/>")
        if not address:
            return words
        return f"<text:a xlink:href={quoteattr(address)}>{words}</text:a>"

    paragraphs = (
        map(shown, text.split("\n"))
        if lines_are_paragraphs
        else ("<text:line-break/>".join(map(shown, b)) for b in blocks(text))
    )
    return opendocument(*(f"<text:p>{each}</text:p>" for each in paragraphs))


def as_rich_text(text: str, *, lines_are_paragraphs: bool = False) -> bytes:
    """Return a brief as rich text: a paragraph for each line, or one with line breaks for each block."""

    def coded(words: str) -> str:
        units = words.encode("utf-16-le")
        numbers = [
            int.from_bytes(units[n : n + 2], "little")
            for n in range(0, len(units), 2)
        ]
        return "".join(f"\\u{n - 65536 if n > 32767 else n}?" for n in numbers)

    def shown(line: str) -> str:
        words, address = _linked(line)
        if not address:
            return coded(words)
        field = f'{{\\*\\fldinst HYPERLINK "{address}"}}'
        return f"{{\\field{field}{{\\fldrslt {coded(words)}}}}}"

    paragraphs = (
        map(shown, text.split("\n"))
        if lines_are_paragraphs
        else ("\\line ".join(map(shown, block)) for block in blocks(text))
    )
    body = "".join(f"{each}\\par\n" for each in paragraphs)
    return f"{{\\rtf1\\ansi {body}}}".encode()


def as_html(
    text: str,
    before: str = "<p>",
    between: str = "<br>\n",
    after: str = "</p>\n",
) -> str:
    """Return a brief as a page, with this markup before and after each block and between its lines."""

    def shown(line: str) -> str:
        words, address = _linked(line)
        return (
            f'<a href="{html.escape(address)}">{html.escape(words)}</a>'
            if address
            else html.escape(words)
        )

    body = "".join(
        f"{before}{between.join(map(shown, block))}{after}"
        for block in blocks(text)
    )
    return f"<!DOCTYPE html><html><head><title>Brief</title></head><body>{body}</body></html>"


def as_mail(
    text: str,
    *,
    page: str = "",
    encoding: str = "quoted-printable",
    charset: str = "utf-8",
) -> bytes:
    """Return a brief as an email: as plain text, and as HTML if a page is given."""
    mail = EmailMessage()
    mail["From"], mail["To"] = (
        "Valley Brief <brief@example.org>",
        "reader@example.net",
    )
    mail["Subject"], mail["Date"] = (
        "Valley Brief – 16 October",
        "Fri, 16 Oct 2020 09:00:00 +0000",
    )
    mail.set_content(text, cte=encoding, charset=charset)
    if page:
        mail.add_alternative(
            page, subtype="html", cte=encoding, charset=charset
        )
    return mail.as_bytes()


def blocks(text: str) -> Iterable[list[str]]:
    """Split plain text into blocks of lines."""
    return (
        block.strip("\n").split("\n")
        for block in re.split(r"\n[ \t]*\n", text)
        if block.strip()
    )
