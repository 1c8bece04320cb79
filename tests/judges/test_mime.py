"""The bytes of every sample mail, by Python's parser: sound, light enough, and with the same words
in both parts.
"""

import re
from collections.abc import Mapping

import pytest
from lxml import html as lxml_html

from briefing.mail.message import SAMPLE_READER
from briefing.text.width import width
from tests import wire
from tests.judges import pages
from tests.judges.mails import ALL

each_mail = pytest.mark.parametrize("name", ALL)


def words(text: str) -> list[str]:
    """Words of two letters at least; of Chinese, which has no spaces, each sign."""
    return re.findall(
        r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]{2,}", text.lower()
    )


def missing(mail: bytes) -> list[str]:
    """Words of the HTML that the text part lacks, apart from the preheader."""
    page = lxml_html.document_fromstring(pages.html(mail))
    (preheader,) = page.find_class("preheader")
    preheader.drop_tree()
    there = set(words(wire.part(mail, "plain")))
    return [
        word
        for word in words(page.find("body").text_content())
        if word not in there
    ]


@each_mail
def test_an_email_keeps_the_rules_of_the_wire(
    mails: Mapping[str, bytes], name: str
) -> None:
    wire.check(mails[name], to=SAMPLE_READER.address)


@each_mail
def test_encoded_lines_have_76_columns_at_most(
    mails: Mapping[str, bytes], name: str
) -> None:
    for part in wire.parsed(mails[name]).walk():
        if not part.is_multipart():
            assert max(map(len, str(part.get_payload()).splitlines())) <= 76


@each_mail
def test_an_email_is_light(mails: Mapping[str, bytes], name: str) -> None:
    assert len(mails[name]) <= 500 * 1024
    assert len(pages.html(mails[name]).encode()) <= 80 * 1024, (
        "Gmail cuts an email off at 100 KB"
    )


@each_mail
def test_the_subject_fits_beside_others(
    mails: Mapping[str, bytes], name: str
) -> None:
    assert width(str(wire.parsed(mails[name])["Subject"])) <= 70


@each_mail
def test_the_text_part_says_the_same_in_78_columns(
    mails: Mapping[str, bytes], name: str
) -> None:
    text = wire.part(mails[name], "plain")
    assert not missing(mails[name])
    for line in text.split("\n"):
        assert width(line) <= 78 or line.startswith("https://"), line
    for link in lxml_html.document_fromstring(pages.html(mails[name])).iter(
        "a"
    ):
        href = link.get("href")
        if link.getparent().get("class") == "contact":
            words = link.text_content().replace("\u00a0", " ")
            assert words in " ".join(text.split())
            continue
        assert re.search(rf"(?:^|\s){re.escape(href)}$", text, re.MULTILINE), (
            "a link is not at a line's end"
        )


def test_words_that_the_text_part_lacks_are_found(
    mails: Mapping[str, bytes],
) -> None:
    text, part, page = mails["short.en"].partition(b"Content-Type: text/html")
    assert set(missing(text.replace(b"soldiers", b"guards") + part + page)) == {
        "soldiers"
    }
