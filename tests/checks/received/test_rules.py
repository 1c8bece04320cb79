"""A test email as received: our own email, and what providers, mailing lists and inboxes do to it on
its way.
"""

import email
import email.encoders
import re
from contextlib import suppress
from dataclasses import replace
from email.message import Message as Part
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.checks.received.check import check_received
from briefing.errors import BriefingError, RefusedError
from briefing.newsletter import Newsletter
from tests import examples
from tests.checks.received.arrived import (
    GMAIL,
    SIGNATURE,
    Rules,
    Tampering,
    built,
    header,
    names,
    rendered_once,
    rewrite,
)


class TestNothingIsFound:
    @pytest.mark.parametrize("lang", ["en", "ug", "zh"])
    def test_in_an_email_that_was_received_as_sent(
        self, arrive: Rules, lang: str
    ) -> None:
        assert arrive(lang=lang) == []

    def test_in_other_line_ends_encodings_wrapping_and_trace_fields(
        self, arrive: Rules
    ) -> None:
        again = [
            rewrite("html", lambda page: page.replace("\n", "\r\n\r\n")),
            rewrite("plain", self.wrapped),
        ]
        assert (
            arrive(
                *again,
                change=lambda raw: (
                    b"From nobody Fri Oct  9\n" + raw.replace(b"\r\n", b"\n")
                ),
            )
            == []
        )

    @staticmethod
    def wrapped(text: str) -> str:
        return re.sub(r"(?<=\w) (?=\w)", "\n", text)

    def test_in_a_chinese_text_that_was_wrapped_again(
        self, arrive: Rules
    ) -> None:
        def wrap(text: str) -> str:
            return re.sub(r"法院已(?=法)", "法院已\n", text)

        assert arrive(rewrite("plain", wrap), lang="zh") == []

    def test_in_another_boundary_and_header_folded_again(
        self, arrive: Rules
    ) -> None:
        def change(raw: bytes) -> bytes:
            (boundary,) = set(re.findall(rb'boundary="([^"]*)a"', raw))
            return raw.replace(boundary, b"other").replace(
                b">,\r\n <mailto:", b">,  <mailto:"
            )

        assert arrive(change=change) == []

    def test_in_another_charset(self, arrive: Rules) -> None:
        def tamper(mail: Part) -> None:
            for part in mail.walk():
                if part.get_content_type() == "text/html":
                    page = part.get_payload(decode=True)
                    assert isinstance(page, bytes)
                    del part["Content-Transfer-Encoding"]
                    part.set_payload(page.decode().encode("utf-16"))
                    part.set_param("charset", "utf-16")
                    email.encoders.encode_base64(part)

        assert arrive(tamper, lang="ug") == []

    def test_if_the_edition_is_no_longer_named(self, arrive: Rules) -> None:
        def tamper(mail: Part) -> None:
            del mail["Content-Language"]

        for lang in ("en", "ug", "zh"):
            assert arrive(tamper, lang=lang) == []


class TestTracking:
    def test_links_that_lead_through_the_provider(self, arrive: Rules) -> None:
        def tracked(text: str) -> str:
            return re.sub(
                r"https://(?:www\.)?example\.(?:com|net|org)/[^\"\s<]+",
                "https://u1.ct.sendgrid.net/ls/click?upn=canary.reader%40inbox.example",
                text,
            )

        found = arrive(rewrite("html", tracked), rewrite("plain", tracked))
        assert names(found) == ["links-rewritten", "links-rewritten"]
        assert found[1][1].startswith(
            "6 of 6 links of the HTML part were rewritten: 'https://www.example.com/read?a=1&b=2' leads to "
            "u1.ct.sendgrid.net; switch off the provider's click tracking"
        )

    def test_parameters_that_count_readers(self, arrive: Rules) -> None:
        found = arrive(
            rewrite(
                "html",
                lambda page: page.replace(
                    "/letter", "/letter?utm_source=brief"
                ),
            )
        )
        assert names(found) == ["links-rewritten"]
        assert (
            "2 of 6 links of the HTML part were rewritten: 'https://www.example.net/letter'"
            in found[0][1]
        )

    def test_the_providers_own_unsubscribe_link(self, arrive: Rules) -> None:
        def replaced(page: str) -> str:
            return re.sub(
                r"https://example\.org/u/\w+",
                "https://u1.ct.sendgrid.net/wf/unsubscribe?upn=abc",
                page,
            )

        ((rule, message),) = arrive(rewrite("html", replaced))
        assert rule == "links-rewritten"
        assert "the unsubscribe link leads to u1.ct.sendgrid.net" in message

    def test_an_inbox_that_protects_its_links_is_not_mistaken_for_a_provider(
        self, arrive: Rules
    ) -> None:
        def guarded(page: str) -> str:
            return page.replace(
                'href="https://www.example.com/files',
                'href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.com%2Ffiles'
                "&amp;data=05%7C02%7Ccanary.reader%40inbox.example%7C",
            )

        ((rule, message),) = arrive(rewrite("html", guarded))
        assert rule == "links-rewritten"
        assert (
            "the mailbox's own provider does that (link protection)" in message
        )

    @pytest.mark.parametrize(
        ("markup", "what"),
        [
            (
                '<img src="https://u1.ct.sendgrid.net/wf/open?upn=x" alt="" width="1" height="1">',
                "an invisible pixel",
            ),
            (
                '<img src="//t.example/o.gif" style="display: none">',
                "an invisible pixel from t.example",
            ),
            (
                '<img src="http://t.example/o.gif" style="width:1px!important">',
                "an invisible pixel from t.example",
            ),
            (
                '<img src="https://t.example/logo.png" width="120">',
                "a picture from t.example",
            ),
            (
                '<img srcset="https://t.example/a.png 1x, https://t.example/b.png 2x">',
                "a picture from t.example (2 times)",
            ),
            (
                '<div style="background:url(https://t.example/a.png)"></div>',
                "a style or a background from t.example",
            ),
            (
                "<style>@import 'https://t.example/a.css';</style>",
                "a style or a background from t.example",
            ),
            (
                '<link rel="stylesheet" href="https://t.example/a.css">',
                "<link> from t.example",
            ),
            (
                '<table background="https://t.example/a.png"></table>',
                "<table> from t.example",
            ),
            (
                '<iframe src="https://t.example/"></iframe>',
                "<iframe> from t.example",
            ),
            (
                '<!--[if mso]><v:fill src="https://t.example/a.png"/><![endif]-->',
                "something for Outlook from t.example",
            ),
        ],
    )
    def test_what_opening_the_email_loads(
        self, arrive: Rules, markup: str, what: str
    ) -> None:
        ((rule, message),) = arrive(
            rewrite(
                "html", lambda page: page.replace("</body>", f"{markup}</body>")
            )
        )
        assert (rule, what in message) == ("arrived-loading", True), message

    def test_pictures_that_were_moved_to_a_server(self, arrive: Rules) -> None:
        def hosted(mail: Part) -> None:
            for part in mail.walk():
                payload = part.get_payload()
                if (
                    part.get_content_type() == "multipart/related"
                    and isinstance(payload, list)
                ):
                    part.set_payload(
                        [
                            part
                            for part in payload
                            if isinstance(part, Part)
                            and part.get_content_maintype() == "text"
                        ]
                    )

        found = arrive(
            hosted,
            rewrite(
                "html",
                lambda page: re.sub(
                    '"cid:[^"]*"', '"https://cdn.example/1.jpg"', page
                ),
            ),
        )
        assert names(found) == ["arrived-loading", "pictures-changed"]
        assert "1 of 1 pictures were changed or removed" in found[1][1]

    def test_pictures_that_were_encoded_again(self, arrive: Rules) -> None:
        def smaller(mail: Part) -> None:
            for part in mail.walk():
                if part.get_content_maintype() == "image":
                    part.set_payload("bm90IHRoZSBzYW1l")

        assert names(arrive(smaller)) == ["pictures-changed"]

    def test_a_request_for_a_read_receipt(self, arrive: Rules) -> None:
        found = arrive(
            header("Disposition-Notification-To", "canary@provider.example")
        )
        assert names(found) == ["read-receipt"]

    def test_header_fields_by_which_a_provider_recognises_an_email_are_a_warning(
        self, arrive: Rules
    ) -> None:
        found = arrive(
            header("X-SG-EID", "u001.abc"),
            header("Feedback-ID", "1:x:sg"),
            header("X-Mailer", "y"),
        )
        assert names(found) == ["tracking-headers"]
        assert "X-SG-EID, Feedback-ID; for your information only" in found[0][1]


class TestTexts:
    def test_a_footer_within_the_texts(self, arrive: Rules) -> None:
        footer = (
            "This email was sent to canary.reader@inbox.example by Provider Inc"
        )
        found = arrive(
            rewrite("plain", lambda text: f"{text}\n--\n{footer}\n"),
            rewrite(
                "html",
                lambda page: page.replace("</body>", f"<p>{footer}</p></body>"),
            ),
        )
        assert names(found) == ["words-added", "words-added"]
        assert (
            "the text part has 10 words that the issue doesn't have: “-- This email was sent to (an address) by Provi"
            in found[0][1]
        )

    def test_a_footer_with_a_link(self, arrive: Rules) -> None:
        footer = '<p>Sent by <a href="https://provider.example/?canary@x">Provider</a></p></body>'
        found = arrive(
            rewrite("html", lambda page: page.replace("</body>", footer))
        )
        assert names(found) == ["links-added", "words-added"]
        assert (
            "1 link that the issue doesn't have, to provider.example"
            in found[0][1]
        )

    def test_a_mailing_lists_footer_and_subject(self, arrive: Rules) -> None:
        """As Mailman does it: the complete mail next to a text of its own."""

        def list_footer(mail: Part) -> None:
            inner = MIMEMultipart("alternative")
            inner.set_payload(mail.get_payload())
            footer = MIMEText(
                "_____\nBriefs mailing list\nhttps://lists.example/listinfo/briefs\n",
                "plain",
                "us-ascii",
            )
            del mail["Content-Type"]
            mail["Content-Type"] = 'multipart/mixed; boundary="mailman"'
            mail.set_payload([inner, footer])

        found = arrive(
            list_footer,
            header("Subject", "[Briefs] Weekly Brief, 9 October 2020"),
        )
        assert names(found) == ["subject-changed", "part-added"]
        assert (
            "'[Briefs] Weekly Brief, 9 October 2020' instead of 'Weekly Brief, 9 October 2020'"
            in found[0][1]
        )
        assert "1 part that the issue doesn't have: text/plain" in found[1][1]

    def test_words_that_were_removed_and_changed(self, arrive: Rules) -> None:
        found = arrive(
            rewrite(
                "html",
                lambda page: page.replace(
                    "and everybody may read them", "and nobody may"
                ),
            )
        )
        assert names(found) == ["words-added", "words-missing"]
        assert (
            "2 words that the issue doesn't have: “nobody may.”" in found[0][1]
        )
        assert "4 words of the issue: “everybody may read them.”" in found[1][1]

    def test_a_link_that_was_removed(self, arrive: Rules) -> None:
        found = arrive(
            rewrite(
                "plain",
                lambda text: text.replace("https://www.example.com/files", ""),
            )
        )
        assert names(found) == ["links-missing"]

    def test_what_is_filled_in_for_a_reader_is_not_a_change(
        self, arrive: Rules
    ) -> None:
        def other(text: str) -> str:
            return re.sub(r"/u/\w+", "/u/another_Token-1", text).replace(
                "Amina of the Canary", "A. B. court files"
            )

        assert arrive(rewrite("html", other), rewrite("plain", other)) == []

    def test_a_text_that_was_removed(self, arrive: Rules) -> None:
        def drop(subtype: str) -> Tampering:
            def tamper(mail: Part) -> None:
                payload = mail.get_payload()
                assert isinstance(payload, list)
                mail.set_payload(
                    [
                        part
                        for part in payload
                        if isinstance(part, Part)
                        and part.get_content_type() != subtype
                    ]
                )

            return tamper

        assert names(arrive(drop("text/plain"))) == ["part-missing"]
        assert names(arrive(drop("multipart/related"))) == ["part-missing"]

    def test_the_email_of_a_reader_who_gets_text_only(
        self, arrive: Rules
    ) -> None:
        ((rule, message),) = arrive(text_only=True)
        assert (
            rule,
            "unless this reader's format on the subscriber list is 'text'"
            in message,
        ) == ("part-missing", True)

    def test_something_attached(self, arrive: Rules) -> None:
        def attach(mail: Part) -> None:
            payload = mail.get_payload()
            assert isinstance(payload, list)
            payload += [
                MIMEApplication(b"x", "ms-tnef", name="canary.dat"),
                MIMEText("AMP", "x-amp-html"),
            ]

        ((rule, message),) = arrive(attach)
        assert rule == "part-added"
        assert (
            "2 parts that the issue doesn't have: application/ms-tnef, text/x-amp-html"
            in message
        )


class TestUnsubscribeFields:
    @pytest.mark.parametrize(
        ("value", "says"),
        [
            (
                "<https://u1.ct.sendgrid.net/u?canary@x>, <mailto:unsubscribe@sendgrid.net>",
                "leads to u1.ct.sendgrid.net",
            ),
            (
                "<mailto:unsubscribe-canary@em.example.org>",
                "leads to an email address instead",
            ),
            ("=?utf-8?q?=3Chttps=3A//example=2Eorg/u/abc=3E?=", "was encoded"),
            (
                "<https://example.org/u/abc>",
                "lacks an address that is set under [unsubscribe]",
            ),
            ("", "lacks an address that is set under [unsubscribe]"),
        ],
    )
    def test_list_unsubscribe_must_be_as_it_was_sent(
        self, arrive: Rules, value: str, says: str
    ) -> None:
        ((rule, message),) = arrive(header("List-Unsubscribe", value))
        assert (rule, says in message) == ("way-out-changed", True), message

    def test_list_unsubscribe_must_be_there_once(self, arrive: Rules) -> None:
        ((rule, message),) = arrive(
            head="List-Unsubscribe: <https://a.example/>\n" + GMAIL + SIGNATURE
        )
        assert (rule, "2 List-Unsubscribe fields" in message) == (
            "way-out-changed",
            True,
        )

    @pytest.mark.parametrize("value", ["List-Unsubscribe=OneClick", ""])
    def test_list_unsubscribe_post_must_be_as_it_was_sent(
        self, arrive: Rules, value: str
    ) -> None:
        ((rule, message),) = arrive(header("List-Unsubscribe-Post", value))
        assert (rule, "List-Unsubscribe-Post" in message) == (
            "way-out-changed",
            True,
        )


class TestBounces:
    """Mail that comes back names its reader by the envelope's sender, unless that was replaced."""

    @pytest.fixture
    def with_token(
        self, sent: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = sent.settings
        newsletter = replace(
            settings.newsletter, bounces="bounces+{token}@example.org"
        )
        monkeypatch.setitem(
            sent.__dict__, "settings", replace(settings, newsletter=newsletter)
        )

    @pytest.mark.usefixtures("with_token")
    def test_another_sender_on_the_envelope_is_reported(
        self, arrive: Rules
    ) -> None:
        ((rule, message),) = arrive()
        assert rule == "bounces-elsewhere"
        assert "remove {token} from 'bounces'" in message

    @pytest.mark.usefixtures("with_token")
    def test_our_own_with_a_token_is_right(self, arrive: Rules) -> None:
        own = f"bounces+{'0a' * 15}@example.org"
        other = "bounces+1-abcd-canary.reader=inbox.example@em.example.org"
        head = (GMAIL + SIGNATURE).replace(
            f"Return-Path: <{other}>", f"Return-Path: <{own}>"
        )
        assert not arrive(head=head)

    def test_without_a_token_any_sender_will_do(self, arrive: Rules) -> None:
        assert not arrive()


class TestRefused:
    def test_another_senders_email(self, arrive: Rules) -> None:
        for sender in (
            "Weekly Brief via List <list@lists.example>",
            '"brief@example.org" <x@y.example>',
            "",
        ):
            with pytest.raises(RefusedError, match="isn't an email") as raised:
                arrive(header("From", sender))
            assert "@" not in str(raised.value)

    def test_another_issues_email(
        self, sent: Newsletter, arrive: Rules, tmp_path: Path
    ) -> None:
        other = sent.issues / "2020-10-16"
        other.mkdir()
        (other / "issue.md").write_text(
            "# Weekly Brief, 16 October 2020\n\n### Other news\n\nThe court has opened the files.\n",
            "utf-8",
        )
        arrive()
        with pytest.raises(
            RefusedError,
            match=r"isn't an email of issue 2020-10-16.*briefing check ISSUE",
        ):
            check_received(
                sent, other, tmp_path / "arrived.eml", render=rendered_once
            )

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\0" * 1000,
            b"<!DOCTYPE html><html><body>Original message</body></html>",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500,
            b"just a text\n\nFrom: brief@example.org\n",
        ],
    )
    def test_a_file_that_is_not_an_email(
        self, sent: Newsletter, folder: Path, tmp_path: Path, data: bytes
    ) -> None:
        path = tmp_path / "x.eml"
        path.write_bytes(data)
        with pytest.raises(
            RefusedError, match=r"isn't an email; save the whole email as \.eml"
        ):
            check_received(sent, folder, path, render=rendered_once)

    def test_a_file_too_large_for_an_email(
        self, sent: Newsletter, folder: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "x.eml"
        with path.open("wb") as file:
            file.truncate(26 * 1024 * 1024)
        with pytest.raises(RefusedError, match="larger than 25 MB"):
            check_received(sent, folder, path, render=rendered_once)


@pytest.fixture(scope="module")
def whole(sent: Newsletter) -> bytes:
    """An email as received, which has no finding."""
    return (GMAIL + SIGNATURE).replace("\n", "\r\n").encode() + built(
        sent, sent.issues / "2020-10-09"
    )


class TestAnyBytes:
    """Whatever a file contains, there are findings or one line."""

    @staticmethod
    def check(newsletter: Newsletter, data: bytes) -> None:
        path = newsletter.root / "any.eml"
        path.write_bytes(data)
        with suppress(BriefingError):
            check_received(
                newsletter,
                newsletter.issues / "2020-10-09",
                path,
                render=rendered_once,
            )

    @given(data=st.binary(max_size=300))
    def test_noise(self, sent: Newsletter, data: bytes) -> None:
        self.check(sent, data)

    @given(
        fields=st.dictionaries(
            st.sampled_from(["Subject", "Authentication-Results", "ARC-Authentication-Results", "DKIM-Signature",
                             "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "Content-Language",
                             "Content-Transfer-Encoding", "Content-Disposition", "X-SG-\xff"]),
            st.text() | st.sampled_from([
                "text/html; charset=\0", "text/html; charset*=x'y'%FF", "text/html; charset=hex", "multipart/mixed",
                "multipart/mixed; boundary=b", "message/rfc822", "base64", "uuencode", "=?x?q?=?=", "=?utf-8?b?a?=",
                ";=;(((", "<<>>", "text/html; charset=idna", "attachment; filename*0*=%", "=?utf-8?q?=0A?=",
            ]),
        ),
        body=st.text(alphabet=st.sampled_from("<>&\"'=/ ab\0\n-b\u0627")) | st.text(),
    )  # fmt: skip
    @settings(max_examples=examples(10))
    def test_an_email_of_ours_with_any_fields_and_body(
        self, sent: Newsletter, fields: dict[str, str], body: str
    ) -> None:
        lines = [
            f"{name}: {value}"
            for name, value in {
                "Subject": "Weekly Brief, 9 October 2020",
                **fields,
            }.items()
        ]
        head = "\n".join(["From: brief@example.org", *lines])
        self.check(sent, f"{head}\n\n{body}".encode("utf-8", "surrogatepass"))

    @given(
        place=st.integers(0, 10_000),
        noise=st.binary(min_size=1, max_size=20),
        end=st.integers(0, 30_000),
    )
    @settings(max_examples=examples(4), deadline=None)
    def test_our_own_email_when_damaged(
        self, sent: Newsletter, whole: bytes, place: int, noise: bytes, end: int
    ) -> None:
        self.check(
            sent,
            (whole[:place] + noise + whole[place + len(noise) :])[
                : len(whole) - end
            ],
        )

    @pytest.mark.parametrize(
        "body",
        [
            *(
                "<div>" * 20_000,
                "<!--",
                "<?xml version='1.0' encoding='x'?><a href='http://['>",
                "<img src='//['>",
                "",
            ),
            *(
                "<a href='https://[::1'>x</a><img srcset=',,//,'>",
                "<style>@import '//x'",
                "\ue000\ue001 " * 5000,
            ),
            "the court " * 100_000,
        ],
    )
    def test_strange_pages(self, sent: Newsletter, body: str) -> None:
        head = "From: brief@example.org\nSubject: Weekly Brief, 9 October 2020\nContent-Type: text/html\n\n"
        self.check(sent, (head + body).encode())

    def test_parts_within_parts(self, sent: Newsletter) -> None:
        nested = "".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"
            for n in range(3000)
        )
        self.check(
            sent,
            f"From: brief@example.org\nSubject: Weekly Brief, 9 October 2020\n{nested}".encode(),
        )

    def test_an_endless_field(self, sent: Newsletter) -> None:
        head = f"From: brief@example.org\nAuthentication-Results: x; {'(' * 3_000_000}\nDKIM-Signature: {'a' * 10**6}\n"
        self.check(
            sent, f"{head}Subject: Weekly Brief, 9 October 2020\n\nx".encode()
        )
