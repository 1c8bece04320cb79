"""What a colleague's email contains: links, articles, and the colleague's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.mailed_content import (
    LONGEST_WORDS,
    MailedContent,
    Sender,
    own_words,
    understand_mail,
    without_marks,
)
from briefing.errors import BriefingError

MIRA = Sender("mira@example.org", "Mira Solane")
LINK = "https://www.example.com/news/ferry"
SENTENCE = "The ferry across the harbour runs again from Monday on. "
ARTICLE = f"Harbour gets its ferry back\n\n{SENTENCE * 10}"


def understand(
    text: str, subject: str = "Fwd: Ferry", kind: str = "text/plain"
) -> MailedContent:
    mail = f"From: x@example.org\nDate: x\nContent-Type: {kind}; charset=utf-8\n\n{text}"
    return understand_mail(mail.encode(), MIRA, subject)


def headings(content: MailedContent) -> list[str]:
    return [
        parsed.item.heading
        for brief in content.briefs
        for parsed in brief.items
    ]


class TestLinks:
    def test_a_link_alone(self) -> None:
        assert understand(LINK) == MailedContent(links=(LINK,))

    def test_words_beside_links_are_the_colleagues(self) -> None:
        content = understand(f"Two for Friday:\n{LINK}\n{LINK}/2\nand {LINK}")
        assert content.links == (LINK, f"{LINK}/2")
        assert content.words == "Two for Friday: and"

    def test_links_in_html(self) -> None:
        content = understand(
            f'<p>See <a href="{LINK}">this</a>.</p>', kind="text/html"
        )
        assert content.links == (LINK,)
        assert content.words == "See this."

    def test_links_in_a_signature_dont_count(self) -> None:
        content = understand(f"{LINK}\n\n-- \nMira\nhttps://example.org")
        assert content.links == (LINK,)
        assert content.words == ""

    def test_a_link_that_was_forwarded(self) -> None:
        content = understand(
            f"Ours?\n\nBegin forwarded message:\n\nFrom: Jo <jo@example.net>\nTo: mira@example.org\n\nLook: {LINK}"
        )
        assert content.links == (LINK,)
        assert content.words == "Ours?"

    @pytest.mark.parametrize(
        "line",
        [
            "Sent from my iPhone",
            "Sent with Proton Mail secure email.",
            "Get Outlook for iOS",
            "Von meinem iPhone gesendet",
            "Gesendet von Outlook für Android",
            "iPhone'umdan gönderildi",
            "从我的iPhone发送",
            "发自我的 iPhone",
        ],
    )
    def test_what_a_phone_adds_is_not_said_by_a_person(self, line: str) -> None:
        assert understand(f"Ours?\n\n{line}\n\n{LINK}").words == "Ours?"
        assert (
            own_words(f"Subject: x\n\nStop\n\n{line}\n".encode(), MIRA)
            == "Stop"
        )

    def test_a_sentence_about_sending_is_said_by_a_person(self) -> None:
        text = "The letter was sent from my office."
        assert understand(f"{text}\n{LINK}").words == text

    def test_words_are_cut(self) -> None:
        words = understand(f"{'a' * 600} {LINK}").words
        assert len(words) == LONGEST_WORDS

    def test_neither_a_link_nor_an_article(self) -> None:
        assert understand("Thanks!").is_empty
        assert understand("").is_empty


class TestArticles:
    def test_a_long_text_is_an_article(self) -> None:
        content = understand(f"{ARTICLE}\n\nRead more: {LINK}")
        assert headings(content) == ["Harbour gets its ferry back"]
        assert content.links == ()

    def test_a_short_statement_that_was_forwarded(self) -> None:
        content = understand(
            "Begin forwarded message:\n\nFrom: Jo <jo@example.net>\nTo: m@example.org\n\nRelease them now."
        )
        assert len(headings(content)) == 1

    def test_an_article_without_a_headline_has_the_subject(self) -> None:
        assert headings(understand(SENTENCE * 10)) == ["Ferry"]

    @pytest.mark.parametrize("mark", ["", "> "])
    def test_the_header_of_a_forwarded_email_leaves_no_note(
        self, mark: str
    ) -> None:
        header = "From: Jo <jo@example.net>\nDate: 26 November 2026\nTo: m@example.org\nSubject: Ferry"
        text = f"{header}\n\n{ARTICLE}".replace("\n", f"\n{mark}")
        content = understand(
            f"Ours?\n\nBegin forwarded message:\n\n{mark}{text}"
        )
        assert headings(content) == ["Harbour gets its ferry back"]
        notes = content.briefs[0].items[0].notes
        assert not [note for note in notes if "left out" in note]

    def test_a_document_that_cant_be_read_is_named(self) -> None:
        mail = (
            "--x\n\nSee the file.\n--x\nContent-Type: application/msword\n"
            'Content-Disposition: attachment; filename="a.docx"\n\nPK\3\4\n--x--\n'
        )
        content = understand(mail, kind="multipart/mixed; boundary=x")
        assert content.unread[0].startswith("a.docx: ")
        assert not content.is_empty


@given(
    before=st.sampled_from(["", ARTICLE, "Hello,\n\n"]),
    after=st.sampled_from(["", ARTICLE, "\n\nSee you.\n"]),
    line=st.sampled_from(
        [
            "Mira",
            "Mira Solane",
            "– Mira Solane",
            "MIRA",
            "mira@example.org",
            "Mail: Mira@Example.org.",
            "<mira@example.org>",
        ]
    ),
)
def test_the_sender_never_gets_into_an_item(
    before: str, after: str, line: str
) -> None:
    content = understand(f"{before}\n\n{line}\n\n{after}")
    for brief in content.briefs:
        said = [brief.introduction]
        said += [str(parsed.item) for parsed in brief.items]
        assert "mira" not in " ".join(said).lower()


@pytest.mark.parametrize("address", ["weiß@example.org", "ıpek@example.org"])
def test_an_address_with_any_letter_never_gets_into_an_item(
    address: str,
) -> None:
    text = f"{ARTICLE}\n\nWrite to {address}\n"
    mail = f"Date: x\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    content = understand_mail(mail.encode(), Sender(address), "Ferry")
    assert headings(content) == ["Harbour gets its ferry back"]
    assert address not in str(content.briefs)


def test_without_a_sender_everything_stays() -> None:
    mail = b"Date: x\nMIME-Version: 1.0\n\nunsubscribe\n---\n> quoted"
    assert own_words(mail, Sender("")).startswith("unsubscribe")


@given(st.binary(max_size=400))
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    try:
        understand_mail(data, MIRA, "")
    except BriefingError as error:
        assert str(error)  # noqa: PT017  # either is right


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: Ferry", "Ferry"),
        ("WG: AW: Ferry", "Ferry"),
        ("转发：渡轮", "渡轮"),
        ("Ferry: it runs again", "Ferry: it runs again"),
        ("Harbour: ferry", "Harbour: ferry"),
        ("", ""),
    ],
)
def test_marks_of_a_subject(subject: str, expected: str) -> None:
    assert without_marks(subject) == expected
