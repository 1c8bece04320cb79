"""The request as SendGrid will read it: what is in it, for which reader, and what must never be in
it.
"""

import base64
import datetime as dt
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration.settings import Settings, parse
from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail.headers import clean, one_line
from briefing.mail.message import Envelope, Message
from briefing.mail.unsubscribe import make_unsubscribe_links
from briefing.photos.pictures import Picture
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slot,
    Slotted,
)
from briefing.sending.transports.base import Mail
from briefing.sending.transports.sendgrid_request import (
    SendGridRequests,
    UnsendableError,
)
from briefing.subscribers.suppression import token_of
from tests.mail.test_headers import texts

KEY = Key(b"k" * 32)
DATE = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
PIXEL = Picture(b"\x89PNG not really", "image/png", 1, 1)
RENDERED = RenderedIssue(
    id="2020-10-09",
    lang="en",
    subject="Weekly Brief",
    html=Slotted(
        (
            "<!DOCTYPE html>\n<html lang='en'><body><p>Dear ",
            Slot("name", "reader"),
            f',</p><img src="cid:{PIXEL.name}" alt=\'x\'><a href="',
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


def settings(*, newsletter: str = "", unsubscribe: str = "") -> Settings:
    return parse(
        f"""
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
{newsletter}
[unsubscribe]
{unsubscribe or 'url = "https://example.org/u/{token}"' + chr(10) + 'mailto = "leave@example.org"'}
""",
        Path("briefing.toml"),
    )


SETTINGS = settings()


def builder(
    rendered: RenderedIssue = RENDERED,
    of: Settings = SETTINGS,
    *,
    text_only: bool = False,
    **options: Any,
) -> SendGridRequests:
    return SendGridRequests(
        Message(rendered, of, KEY, DATE.timestamp, text_only=text_only),
        of,
        KEY,
        **options,
    )


def mail(
    name: str = "Amina", address: str = "amina@example.org", **columns: str
) -> Mail:
    return Mail(
        address.encode(),
        Envelope(
            address,
            address,
            {"name": name, **columns},
            sender="brief@example.org",
        ),
    )


def body(*mails: Mail, of: SendGridRequests | None = None) -> dict[str, Any]:
    of = of or builder()
    request = of.request([of.part(reader) for reader in mails or [mail()]])
    return dict(json.loads(request))


def arrives(request: dict[str, Any], reader: int = 0) -> dict[str, str]:
    """What SendGrid makes of the contents for a reader, by their type."""
    contents = {
        content["type"]: str(content["value"]) for content in request["content"]
    }
    for tag, value in request["personalizations"][reader][
        "substitutions"
    ].items():
        contents = {
            kind: text.replace(tag, value) for kind, text in contents.items()
        }
    return contents


class TestSharedPart:
    def test_it_has_the_sender_the_subject_and_the_list_headers(self) -> None:
        request = body(
            of=builder(
                of=settings(
                    newsletter='reply_to = "Editors <editors@example.org>"'
                )
            )
        )
        assert request["from"] == {
            "email": "brief@example.org",
            "name": "Weekly Brief",
        }
        assert request["reply_to"] == {
            "email": "editors@example.org",
            "name": "Editors",
        }
        assert request["subject"] == "Weekly Brief"
        assert request["headers"] == {
            "List-Id": "Weekly Brief <weekly-brief.example.org>",
            "Content-Language": "en",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        }

    def test_the_date_is_left_to_sendgrid(self) -> None:
        """It writes one itself, and an email must not have two."""
        request = body()
        fields = {
            **request["headers"],
            **request["personalizations"][0]["headers"],
        }
        assert "Date" not in fields

    def test_the_archive_is_named_if_there_is_one(self) -> None:
        rendered = replace(RENDERED, archive="https://example.org/brief/")
        request = body(of=builder(rendered))
        assert (
            request["headers"]["List-Archive"] == "<https://example.org/brief/>"
        )

    def test_an_edition_has_the_sender_and_the_list_in_its_language(
        self,
    ) -> None:
        of = settings(
            newsletter='languages = ["en", "de"]\nde.name = "Wochenbrief"'
        )
        request = body(of=builder(replace(RENDERED, lang="de"), of))
        assert request["from"] == {
            "email": "brief@example.org",
            "name": "Wochenbrief",
        }
        assert request["headers"]["List-Id"] == (
            "Wochenbrief <weekly-brief.example.org>"
        )

    def test_a_test_is_marked_in_its_subject_alone(self) -> None:
        requests = []
        for is_test in (False, True):
            message = Message(
                RENDERED, SETTINGS, KEY, DATE.timestamp, is_test=is_test
            )
            of = SendGridRequests(message, SETTINGS, KEY)
            requests.append(body(of=of))
        real, test = requests
        assert test == {**real, "subject": "[Test] Weekly Brief"}

    def test_a_name_in_another_script_goes_into_list_id_encoded_and_on_one_line(
        self,
    ) -> None:
        name = "Хәвәрләр: һәптилик қисқичә " * 5
        of = replace(
            SETTINGS, newsletter=replace(SETTINGS.newsletter, name=name)
        )
        value = body(of=builder(of=of))["headers"]["List-Id"]
        assert value.isascii()
        assert value.isprintable()
        assert value.endswith("?= <brief.example.org>")

    def test_every_kind_of_tracking_is_switched_off_by_name(self) -> None:
        assert body()["tracking_settings"] == {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        }

    def test_nothing_else_is_in_it(self) -> None:
        assert set(body()) == {
            *(
                "from",
                "subject",
                "headers",
                "content",
                "tracking_settings",
                "attachments",
                "personalizations",
            )
        }
        assert set(body()["personalizations"][0]) == {
            "to",
            "headers",
            "substitutions",
        }

    def test_text_comes_before_html(self) -> None:
        assert [content["type"] for content in body()["content"]] == [
            "text/plain",
            "text/html",
        ]

    def test_a_text_only_email_has_neither_html_nor_pictures(self) -> None:
        request = body(of=builder(text_only=True))
        assert [content["type"] for content in request["content"]] == [
            "text/plain"
        ]
        assert "attachments" not in request
        assert len(request["personalizations"][0]["substitutions"]) == 2

    def test_pictures_are_inline_under_the_names_in_the_html(self) -> None:
        request = body()
        content_id = f"{PIXEL.name}@example.org"
        assert request["attachments"] == [
            {
                "content": base64.b64encode(PIXEL.data).decode(),
                "type": "image/png",
                "filename": PIXEL.name,
                "disposition": "inline",
                "content_id": content_id,
            }
        ]
        assert f'src="cid:{content_id}"' in arrives(request)["text/html"]

    def test_the_same_edition_is_the_same_request_and_another_has_other_tags(
        self,
    ) -> None:
        assert body() == body()
        tags = set(body()["personalizations"][0]["substitutions"])
        others = body(of=builder(replace(RENDERED, subject="Another")))[
            "personalizations"
        ][0]["substitutions"]
        assert tags.isdisjoint(others)


class TestReaderPart:
    def test_exactly_one_address_with_the_readers_name(self) -> None:
        (personalization,) = body()["personalizations"]
        assert personalization["to"] == [
            {"email": "amina@example.org", "name": "Amina"}
        ]

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Doe, Jo; MD", "Doe Jo MD"),
            (" ;, ", None),
            ("", None),
            ("A\r\nBcc: b@c.d", "A Bcc: b@c.d"),
            ("a\0b", "a b"),
        ],
    )
    def test_a_name_has_no_separators_of_addresses_and_no_control_characters(
        self, name: str, shown: str | None
    ) -> None:
        assert (
            body(mail(name))["personalizations"][0]["to"][0].get("name")
            == shown
        )

    def test_the_unsubscribe_links_are_in_the_headers(self) -> None:
        leave = make_unsubscribe_links(
            SETTINGS.unsubscribe, token_of(KEY, "amina@example.org")
        )
        headers = body()["personalizations"][0]["headers"]
        assert headers["List-Unsubscribe"] == f"<{leave.url}>, <{leave.mailto}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_an_email_address_alone_is_not_one_click(self) -> None:
        of = settings(unsubscribe='mailto = "leave@example.org"')
        headers = body(of=builder(of=of))["personalizations"][0]["headers"]
        assert headers["List-Unsubscribe"].startswith(
            "<mailto:leave@example.org?subject="
        )
        assert "List-Unsubscribe-Post" not in headers

    def test_with_sendgrids_own_page_its_tag_stands_in_the_texts(self) -> None:
        of = settings(unsubscribe='via = "sendgrid"')
        of = replace(of, sendgrid=replace(of.sendgrid, unsubscribe_group=7))
        request = body(of=builder(of=of))
        tag = "<%asm_group_unsubscribe_raw_url%>"
        assert all(tag in part["value"] for part in request["content"])
        assert request["asm"] == {"group_id": 7}
        assert (
            request["tracking_settings"]["subscription_tracking"]["enable"]
            is False
        )
        reader = request["personalizations"][0]
        assert set(reader["headers"]) == {"Message-ID"}
        assert tag not in str(reader["substitutions"])
        assert "asm" not in body()

    def test_without_unsubscribe_links_there_is_no_header(self) -> None:
        of = replace(
            SETTINGS,
            unsubscribe=replace(SETTINGS.unsubscribe, url="", mailto=""),
        )
        assert set(
            body(of=builder(of=of))["personalizations"][0]["headers"]
        ) == {"Message-ID"}

    def test_the_message_id_is_the_same_as_with_every_transport(self) -> None:
        message = Message(RENDERED, SETTINGS, KEY, DATE.timestamp)
        expected = f"<{message.message_id('amina@example.org')}>"
        assert (
            body()["personalizations"][0]["headers"]["Message-ID"] == expected
        )

    def test_data_of_a_reader_is_neither_shared_nor_in_another_part(
        self,
    ) -> None:
        request = body(mail(), mail("Bo", "bo@example.org"))
        first, second = (
            json.dumps(personalization)
            for personalization in request.pop("personalizations")
        )
        for name in ("amina", "Amina"):
            assert name in first
            assert name not in second + json.dumps(request)


class TestSubstitutions:
    @given(name=texts)
    def test_any_name_arrives_unchanged_and_escaped_only_in_the_html(
        self, name: str
    ) -> None:
        request = body(mail(name))
        url = make_unsubscribe_links(
            SETTINGS.unsubscribe, token_of(KEY, "amina@example.org")
        ).url
        columns = {"name": name, UNSUBSCRIBE: url}
        page = RENDERED.html.filled(
            columns, lambda value: html.escape(one_line(value))
        )
        assert arrives(request) == {
            "text/plain": RENDERED.text.filled(columns, one_line),
            "text/html": page.replace(PIXEL.name, f"{PIXEL.name}@example.org"),
        }

    @pytest.mark.parametrize(
        "words",
        [
            "-name-",
            "{{unsubscribe}}",
            "<%body%>",
            "[unsubscribe]",
            "-t0-",
            "%name%",
            "-unsub-",
            "{{{x}}}",
        ],
    )
    def test_text_that_looks_like_a_tag_arrives_literally(
        self, words: str
    ) -> None:
        rendered = replace(
            RENDERED,
            text=Slotted((*RENDERED.text.parts, words)),
            html=Slotted((*RENDERED.html.parts, html.escape(words))),
        )
        contents = arrives(body(mail(words), of=builder(rendered)))
        assert contents["text/plain"].startswith(f"Dear {words},")
        assert contents["text/plain"].endswith(words)
        assert contents["text/html"].count(html.escape(words)) == 2

    def test_every_tag_is_replaced_and_used(self) -> None:
        request = body()
        before = json.dumps(request["content"])
        for tag in request["personalizations"][0]["substitutions"]:
            assert re.fullmatch(r"-[ht]\d+-[0-9a-f]{30}-", tag)
            assert tag in before
            assert tag not in json.dumps(arrives(request))

    def test_an_empty_column_gets_the_default(self) -> None:
        assert arrives(body(mail("")))["text/plain"].startswith("Dear reader,")


COLUMNS = st.dictionaries(
    st.sampled_from(["name", "city", "unsubscribe", "note"]), texts, max_size=4
)
SLOTS = st.lists(
    st.one_of(
        texts,
        st.builds(
            Slot, st.sampled_from(["name", "city", UNSUBSCRIBE, "note"]), texts
        ),
    ),
    max_size=6,
).map(lambda parts: Slotted(tuple(parts)))
LINKS = st.sampled_from(
    [
        'url = "https://example.org/u/{token}"',
        'url = "https://example.org/%7Eu/?t={token}&x=%25(name)s"',
        'mailto = "leave@example.org"',
        'url = "https://example.org/{token}/"\nmailto = "leave@example.org"',
    ]
)


def plain(
    rendered: RenderedIssue, of: Settings, reader: Mail
) -> dict[str, Any]:
    """A reader's part as a plain dictionary, made from its definition."""
    message = Message(rendered, of, KEY, DATE.timestamp)
    envelope = reader.envelope
    leave = make_unsubscribe_links(
        of.unsubscribe, token_of(KEY, envelope.identity)
    )
    columns = {**envelope.columns, UNSUBSCRIBE: leave.address}
    nonce = KEY.name("slots", rendered.digest)
    substitutions = {}
    for kind, text in (("t", rendered.text), ("h", rendered.html)):
        slots = dict.fromkeys(
            part for part in text.parts if isinstance(part, Slot)
        )
        for number, slot in enumerate(slots):
            value = one_line(slot.value(columns))
            value = html.escape(value) if kind == "h" else value
            substitutions[f"-{kind}{number}-{nonce}-"] = value
    name = clean(re.sub("[;,]", " ", columns.get("name", "")))
    own_headers = {"Message-ID": f"<{message.message_id(envelope.identity)}>"}
    own_headers["List-Unsubscribe"] = ", ".join(leave.in_brackets)
    if leave.url:
        own_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return {
        "to": [{"email": envelope.address} | ({"name": name} if name else {})],
        "headers": own_headers,
        "substitutions": substitutions,
    }


class TestPreparedJson:
    """Requests are joined from pieces that were encoded before."""

    @given(
        text=SLOTS,
        page=SLOTS,
        links=LINKS,
        columns=st.lists(COLUMNS, min_size=1, max_size=3),
        address=st.sampled_from(
            ["a@example.org", 'q"\\%s@example.org', "ü@example.org"]
        ),
    )
    def test_it_is_what_json_makes_of_a_plain_dictionary(
        self,
        text: Slotted,
        page: Slotted,
        links: str,
        columns: list[dict[str, str]],
        address: str,
    ) -> None:
        rendered = replace(RENDERED, text=text, html=page)
        of = settings(unsubscribe=links)
        mails = [
            Mail(
                b"",
                Envelope(
                    address, f"{number}", given, sender="brief@example.org"
                ),
            )
            for number, given in enumerate(columns)
        ]
        built = builder(rendered, of)
        request = built.request([built.part(reader) for reader in mails])
        parsed = json.loads(request)
        assert parsed["personalizations"] == [
            plain(rendered, of, reader) for reader in mails
        ]
        assert json.dumps(parsed).encode() == request


class TestLimits:
    def test_a_reader_with_too_long_values_is_unsendable(self) -> None:
        of = builder()
        with pytest.raises(
            UnsendableError,
            match=r"too long: 1\d,\d{3} bytes, and SendGrid accepts 10,000",
        ):
            of.part(mail("é" * 2500))
        of.part(mail("é" * 2400))

    def test_an_edition_with_more_slots_than_sendgrid_fills_is_refused(
        self,
    ) -> None:
        slots = [Slot(f"column{number}") for number in range(76)]
        with pytest.raises(
            TransportError,
            match=r"more values for each reader than SendGrid allows \(150",
        ):
            builder(
                replace(
                    RENDERED,
                    text=Slotted(tuple(slots)),
                    html=Slotted(tuple(slots)),
                )
            )
