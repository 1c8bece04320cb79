"""Emails: the text that the sender wrote, in whichever part it is."""

import pytest

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.mail import read_without_attached
from briefing.collecting.documents.read import read_document
from briefing.collecting.documents.source_file import SourceFile
from tests.collecting.documents.pages import SAMPLE, items_in
from tests.collecting.making import as_mail


def test_a_forwarded_brief_is_read_with_the_note_above_it() -> None:
    inner = as_mail(SAMPLE).decode()
    mail = (
        "From: a@example.org\nDate: Fri, 16 Oct 2020 10:00:00 +0000\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThese are for Friday.\n\nMira\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    news = [parsed.item for parsed in items_in(mail.encode())]
    assert news == [parsed.item for parsed in items_in(SAMPLE.encode())]
    brief = read_brief(read_document(mail.encode(), "").paragraphs)
    own, _, _ = brief.introduction.partition("\n\n")
    assert own == "These are for Friday."


def test_the_lines_of_flowed_text_are_joined_but_not_the_mark_of_a_signature() -> (
    None
):
    mail = b"From: a@b.example\nDate: x\nContent-Type: text/plain; format=flowed\n\nA long \nline.\n-- \nAda\n"
    assert read_document(mail, "").paragraphs == [
        Paragraph(("A long line.", "-- ", "Ada"))
    ]


def test_attachments_are_ignored() -> None:
    mail = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nWords.\n--b\nContent-Type: application/pdf\n\n%PDF\n"
        "--b\nContent-Type: text/html\nContent-Disposition: attachment\n\n<p>attached</p>\n"
        "--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    assert read_document(mail.encode(), "") == Document(
        [Paragraph(("Words.",))], []
    )


@pytest.mark.parametrize(
    ("declared", "data"),
    [
        ("windows-1254", "Şırnak".encode("cp1254")),
        ("us-ascii", "Şırnak".encode()),
        ("x", "Şırnak".encode()),
    ],
)
def test_a_wrongly_declared_encoding_does_no_harm(
    declared: str, data: bytes
) -> None:
    head = f"From: a@b.example\nDate: x\nContent-Type: text/plain; charset={declared}\n\n".encode()
    assert read_document(head + data, "").paragraphs == [Paragraph(("Şırnak",))]


def test_an_email_is_taken_apart() -> None:
    innermost = (
        "--d\nContent-Type: message/rfc822\n\nSubject: 3\n\nThird.\n--d--\n"
    )
    inner = (
        "Subject: 2\nContent-Type: multipart/mixed; boundary=d\n\n"
        f"--d\nContent-Type: text/plain\n\nSecond, which is longer.\n{innermost}"
    )
    mail = (
        "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nFirst.\n"
        f"--b\nContent-Type: message/rfc822\n\n{inner}\n"
        '--b\nContent-Type: text/x; name="a.txt"\nContent-Disposition: attachment\n\nA file.\n--b--\n'
    )
    own = read_without_attached(SourceFile(mail.encode(), "mail.eml"))
    assert own.paragraphs == [Paragraph(("First.",))]
