"""The email itself, read by Python's own parser, with hostile titles, names and texts."""

import datetime as dt
import html
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration.settings import EditionNames, Settings, parse
from briefing.configuration.values import NamedAddress
from briefing.keys import Key
from briefing.mail.headers import one_line
from briefing.mail.message import SAMPLE_READER, Envelope, Message, list_id
from briefing.photos.pictures import Picture
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slot,
    Slotted,
)
from tests import wire
from tests.mail.test_headers import texts

KEY = Key(b"k" * 32)
DATE = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
SETTINGS = parse(
    """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
reply_to = "editors@example.org"
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
""",
    Path("briefing.toml"),
)
PIXEL = Picture(b"\x89PNG not really", "image/png", 1, 1)
RENDERED = RenderedIssue(
    id="2020-10-09",
    lang="en",
    subject="Weekly Brief",
    html=Slotted(
        (
            "<!DOCTYPE html>\n<html lang='en'><body><p>Dear ",
            Slot("name", "reader"),
            f',</p>\n<p>é = {"long " * 40}</p><img src="cid:{PIXEL.name}" alt=\'x\'><a href="',
            Slot(UNSUBSCRIBE),
            '">Unsubscribe</a></body></html>\n',
        )
    ),
    text=Slotted(
        (
            "Dear ",
            Slot("name", "reader"),
            ",\n\nText = é.\n\n",
            Slot(UNSUBSCRIBE),
            "\n",
        )
    ),
    pictures=(PIXEL,),
)


def message(
    rendered: RenderedIssue = RENDERED, settings: Settings = SETTINGS
) -> Message:
    return Message(rendered, settings, KEY, DATE.timestamp)


def spaced(text: str) -> str:
    return " ".join(text.split())


def envelope(
    name: str = "Amina", address: str = "amina@example.org"
) -> Envelope:
    return Envelope(
        address, address, {"name": name}, sender="brief@example.org"
    )


class TestEnvelope:
    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            envelope().address = "other@example.org"  # type: ignore[misc]

    def test_a_million_of_them_are_small(self) -> None:
        assert not hasattr(envelope(), "__dict__")

    def test_its_columns_are_not_printed_with_it(self) -> None:
        assert "Amina" not in repr(envelope("Amina"))

    def test_the_sample_reader_is_made_up(self) -> None:
        assert (
            Envelope(
                "reader@example.org",
                "reader@example.org",
                {"name": "Amina Example"},
                sender="brief@example.org",
            )
            == SAMPLE_READER
        )


class TestStructure:
    def test_the_text_comes_first_and_the_pictures_are_with_the_html(
        self,
    ) -> None:
        mail = wire.parsed(message().fill(envelope()))
        assert [part.get_content_type() for part in mail.walk()] == [
            *(
                "multipart/alternative",
                "text/plain",
                "multipart/related",
                "text/html",
                "image/png",
            )
        ]

    def test_without_pictures_the_html_needs_no_container(self) -> None:
        mail = wire.parsed(
            message(replace(RENDERED, pictures=())).fill(envelope())
        )
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]

    def test_the_html_refers_to_each_picture_by_its_content_id(self) -> None:
        mail = message().fill(envelope())
        (picture,) = [
            part
            for part in wire.parsed(mail).walk()
            if part.get_content_maintype() == "image"
        ]
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in wire.part(
            mail, "html"
        )
        assert picture.get_payload(decode=True) == PIXEL.data
        assert picture.get_content_disposition() == "inline"

    def test_a_whole_email_equals_the_file_beside_this_test(self) -> None:
        expected = Path(__file__).with_name("message.eml").read_bytes()
        assert message().fill(envelope("Zoë Müller")) == expected


class TestHeaders:
    def test_both_unsubscribe_addresses_are_complete_in_the_header(
        self,
    ) -> None:
        raw = message().fill(envelope())
        token = KEY.name("unsubscribe", "amina@example.org")
        assert (
            f"<https://example.org/u/{token}>,\r\n <mailto:leave@example.org?subject={token}>".encode()
            in raw
        )
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw

    def test_a_token_is_short_url_safe_and_the_same_in_every_issue(
        self,
    ) -> None:
        tokens = {
            message(replace(RENDERED, id=issue)).columns(envelope())[
                UNSUBSCRIBE
            ]
            for issue in ("2020-10-09", "2020-10-16")
        }
        (address,) = tokens
        token = address.rpartition("/")[2]
        assert len(token) <= 30
        assert token.isalnum()

    def test_with_only_an_email_address_there_is_no_one_click_header(
        self,
    ) -> None:
        settings = replace(
            SETTINGS, unsubscribe=replace(SETTINGS.unsubscribe, url="")
        )
        mail = wire.parsed(message(settings=settings).fill(envelope()))
        assert "List-Unsubscribe-Post" not in mail
        assert str(mail["List-Unsubscribe"]).startswith(
            "<mailto:leave@example.org?subject="
        )

    def test_without_unsubscribe_settings_there_is_no_such_header(self) -> None:
        settings = replace(
            SETTINGS,
            unsubscribe=replace(SETTINGS.unsubscribe, url="", mailto=""),
        )
        assert "List-Unsubscribe" not in wire.parsed(
            message(settings=settings).fill(envelope())
        )

    def test_a_message_id_depends_on_the_reader_and_the_issue_only(
        self,
    ) -> None:
        here, there = message(), message(replace(RENDERED, id="2020-10-16"))
        ids = {
            here.message_id("a@example.org"),
            here.message_id("b@example.org"),
            there.message_id("a@example.org"),
        }
        assert len(ids) == 3
        assert here.message_id("a@example.org") == message().message_id(
            "a@example.org"
        )

    def test_the_date_is_asked_for_whenever_an_email_is_filled_in(self) -> None:
        first_time = DATE.timestamp()
        moments = iter([first_time, first_time + 6 * 24 * 3600])
        filled = Message(RENDERED, SETTINGS, KEY, lambda: next(moments))
        first, second = (wire.parsed(filled.fill(envelope())) for _ in range(2))
        assert first["Date"] == "Fri, 09 Oct 2020 08:30:00 +0000"
        assert second["Date"] == "Thu, 15 Oct 2020 08:30:00 +0000"
        assert first["Message-ID"] == second["Message-ID"]

    def test_a_test_differs_by_its_subject_alone(self) -> None:
        real, test = (
            Message(
                RENDERED, SETTINGS, KEY, DATE.timestamp, is_test=is_test
            ).fill(envelope())
            for is_test in (False, True)
        )
        subject = b"Subject: Weekly Brief\r\n"
        assert test == real.replace(
            subject, b"Subject: [Test] Weekly Brief\r\n"
        )

    def test_the_archive_is_named_unfolded_if_there_is_one(self) -> None:
        assert b"List-Archive" not in message().fill(envelope())
        address = f"https://example.org/{'brief/' * 20}"
        mail = message(replace(RENDERED, archive=address)).fill(envelope())
        assert f"\r\nList-Archive: <{address}>\r\n".encode() in mail

    def test_bounces_are_not_suppressed_with_automatic_replies(self) -> None:
        mail = wire.parsed(message().fill(envelope()))
        assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"

    def test_an_edition_has_the_sender_and_the_list_in_its_language(
        self,
    ) -> None:
        """But the address and the identifier are the same in all: readers' filters go by them."""
        newsletter = replace(
            SETTINGS.newsletter,
            languages=("en", "ug"),
            by_language={"ug": EditionNames(name="خەۋەرنامە")},
        )
        mail = wire.parsed(
            message(
                replace(RENDERED, lang="ug"),
                replace(SETTINGS, newsletter=newsletter),
            ).fill(envelope())
        )
        assert mail["From"] == "خەۋەرنامە <brief@example.org>"
        assert mail["List-Id"] == "خەۋەرنامە <weekly-brief.example.org>"

    def test_only_the_to_header_reveals_the_reader(self) -> None:
        head, _, _ = (
            message()
            .fill(envelope("", "canary@example.org"))
            .partition(b"\r\n\r\n")
        )
        assert [line for line in head.split(b"\r\n") if b"canary" in line] == [
            b"To: canary@example.org"
        ]

    def test_the_list_id_is_a_name_below_the_senders_domain(self) -> None:
        assert list_id(SETTINGS) == "weekly-brief.example.org"
        chinese = replace(
            SETTINGS, newsletter=replace(SETTINGS.newsletter, name="每周简报")
        )
        assert list_id(chinese) == "brief.example.org"


class TestSlots:
    @given(texts)
    def test_a_name_is_shown_on_one_line_and_injects_nothing(
        self, name: str
    ) -> None:
        mail = message().fill(envelope(name))
        wire.check(mail, to="amina@example.org")
        shown = one_line(name) if name else "reader"
        assert f"<p>Dear {html.escape(shown)},</p>" in spaced(
            wire.part(mail, "html")
        )
        assert spaced(wire.part(mail, "plain")).startswith(
            f"Dear {shown}, Text"
        )

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_titles_and_texts_arrive_unchanged(
        self, title: str, body: str
    ) -> None:
        body = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        mail = message(
            replace(
                RENDERED,
                subject=title,
                text=Slotted((body, Slot("name"), body)),
            )
        ).fill(envelope("N"))
        wire.check(mail, to="amina@example.org")
        assert wire.part(mail, "plain").rstrip("\n") == f"{body}N{body}".rstrip(
            "\n"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "=slot-0",
            "=slot-0=",
            "-unsub-",
            "{{unsubscribe}}",
            "<%body%>",
            "[unsubscribe]",
            "{{ 7*7 }}",
            "%(name)s",
        ],
    )
    def test_what_looks_like_a_slot_stays_text(self, text: str) -> None:
        mail = message(
            replace(RENDERED, text=Slotted((f"{text}\n", Slot("name"))))
        ).fill(envelope(text))
        assert wire.part(mail, "plain") == f"{text}\n{text}"

    def test_a_slot_marker_in_a_header_is_text(self) -> None:
        newsletter = replace(
            SETTINGS.newsletter,
            name="=slot-1 news",
            reply_to=NamedAddress("=slot-0", "a@example.org"),
        )
        filled = message(
            replace(RENDERED, subject="News =slot-0 =slot-99"),
            replace(SETTINGS, newsletter=newsletter),
        )
        mail = filled.fill(envelope("Ä" + "A" * 68 + "Bcc: evil@evil.example"))
        wire.check(mail, to="amina@example.org")
        parsed = wire.parsed(mail)
        assert parsed["Subject"] == "News =slot-0 =slot-99"
        assert str(parsed["List-Id"]).startswith("=slot-1 news <")

    def test_an_empty_column_is_replaced_by_the_default(self) -> None:
        assert wire.part(message().fill(envelope("")), "plain").startswith(
            "Dear reader,\n"
        )

    def test_an_unknown_column_is_empty(self) -> None:
        mail = message(
            replace(RENDERED, text=Slotted(("[", Slot("city"), "]\n")))
        ).fill(envelope())
        assert wire.part(mail, "plain") == "[]\n"

    @pytest.mark.parametrize("length", range(60, 90))
    def test_no_name_makes_a_line_longer_than_76_columns(
        self, length: int
    ) -> None:
        for name in (
            "x" * length,
            "é" * length,
            "x" * (length - 1) + "=",
            "x " * (length // 2),
        ):
            mail = message().fill(envelope(name))
            _, _, body = mail.partition(b"\r\n\r\n")
            assert max(map(len, body.split(b"\r\n"))) <= 76

    def test_a_reader_without_a_row_in_the_list_has_no_name(self) -> None:
        mail = message().fill(
            Envelope(
                "a@example.org", "a@example.org", {}, sender="brief@example.org"
            )
        )
        assert mail.startswith(b"To: a@example.org\r\n")

    @pytest.mark.parametrize("text", [".", "..", "...\n.a\n\n.b.", "a\n."])
    def test_no_line_begins_with_a_dot_and_the_text_arrives_as_it_is(
        self, text: str
    ) -> None:
        """SMTP would have to double such a dot (RFC 5321 4.5.2)."""
        mail = message(
            replace(RENDERED, text=Slotted((f"{text}\n", Slot("name"))))
        ).fill(envelope(text))
        assert b"\r\n." not in mail
        assert wire.part(mail, "plain") == f"{text}\n{one_line(text)}"

    def test_the_same_email_is_the_same_bytes(self) -> None:
        assert message().fill(SAMPLE_READER) == message().fill(SAMPLE_READER)
