"""Whole emails equal the files in `mails/`, byte for byte, and each says what it should to Python's parser."""

import html

import pytest

from briefing.rendering.rendered import UNSUBSCRIBE
from tests import wire
from tests.mail.whole_mails import (
    FOLDER,
    KEY,
    PIXEL,
    READERS,
    SUBJECTS,
    rendered,
    whole_mail,
)

each_language = pytest.mark.parametrize("lang", READERS)


@each_language
def test_an_email_equals_its_file(lang: str) -> None:
    assert whole_mail(lang) == (FOLDER / f"{lang}.eml").read_bytes()


@each_language
def test_an_email_keeps_the_rules_of_the_wire(lang: str) -> None:
    wire.check(
        whole_mail(lang),
        to=f"{lang}@example.net",
        headers=wire.HEADERS | {"List-Archive"},
    )


@each_language
def test_its_texts_arrive_filled_in(lang: str) -> None:
    mail, issue = whole_mail(lang), rendered(lang)
    token = KEY.name("unsubscribe", f"{lang}@example.net")
    columns = {
        "name": READERS[lang],
        UNSUBSCRIBE: f"https://example.org/u/{token}",
    }
    assert wire.part(mail, "plain").rstrip() == (
        issue.text.filled(columns).rstrip()
    )
    page = issue.html.filled(columns, html.escape)
    assert wire.part(mail, "html").rstrip() == (
        page.replace(PIXEL.name, f"{PIXEL.name}@example.org").rstrip()
    )


@each_language
def test_its_sender_and_its_subject_are_in_its_language(lang: str) -> None:
    mail = wire.parsed(whole_mail(lang))
    assert mail["Subject"] == SUBJECTS[lang]
    assert mail["To"].addresses[0].display_name == READERS[lang]
    name = mail["From"].addresses[0].display_name
    assert SUBJECTS[lang].startswith(name)
    assert str(mail["List-Id"]) == f"{name} <weekly-brief.example.org>"


def test_uyghur_and_chinese_are_in_base64() -> None:
    encodings = {
        lang: {
            part["Content-Transfer-Encoding"]
            for part in wire.parsed(whole_mail(lang)).walk()
            if part.get_content_maintype() == "text"
        }
        for lang in READERS
    }
    assert encodings["ug"] == {"base64"}
    assert encodings["zh"] == {"base64"}
    for lang in ("en", "de"):
        assert encodings[lang] == {"quoted-printable"}
