"""Whether an email proves who sent it, as the inbox that received it sees it."""

import pytest

from briefing.checks.received.authentication import is_aligned
from tests.checks.received.arrived import GMAIL, SIGNATURE, Rules, names


class TestAuthentication:
    def test_without_any_verdict_the_message_says_what_to_do(
        self, arrive: Rules
    ) -> None:
        ((rule, message),) = arrive(head=SIGNATURE)
        assert rule == "authentication-missing"
        assert "a Gmail, Outlook or Yahoo mailbox" in message

    def test_a_forwarders_verdict_is_a_hint(self, arrive: Rules) -> None:
        head = (
            GMAIL.replace("Return-Path", "X-Path").replace(
                "\nAuthentication-Results", "\nX-Results"
            )
            + SIGNATURE
        )
        ((rule, message),) = arrive(head=head)
        assert rule == "authentication-missing"
        assert "(a server on the way says dkim=pass, dmarc=pass)" in message

    @pytest.mark.parametrize(
        ("method", "result"),
        [
            ("spf", "softfail"),
            ("spf", "none"),
            ("dmarc", "fail"),
            ("dmarc", "none"),
        ],
    )
    def test_what_did_not_pass_is_an_error_with_what_to_do(
        self, arrive: Rules, method: str, result: str
    ) -> None:
        head = GMAIL.replace(f"{method}=pass", f"{method}={result}") + SIGNATURE
        ((rule, message),) = arrive(head=head)
        assert rule == "authentication-failed"
        assert f"{method.upper()} didn't pass ({result})" in message

    def test_a_signature_that_did_not_pass_signs_nothing(
        self, arrive: Rules
    ) -> None:
        found = arrive(head=GMAIL.replace("dkim=pass", "dkim=fail") + SIGNATURE)
        assert names(found) == ["authentication-failed", "way-out-unsigned"]

    def test_what_passed_for_the_provider_alone_is_a_warning(
        self, arrive: Rules
    ) -> None:
        head = (
            GMAIL.replace("em.example.org", "em.provider.example") + SIGNATURE
        )
        assert names(arrive(head=head)) == ["not-aligned"]
        head = GMAIL.replace(
            "@example.org header.s", "@provider.example header.s"
        ) + SIGNATURE.replace("d=example.org", "d=provider.example")
        assert names(arrive(head=head)) == ["way-out-unsigned", "not-aligned"]

    def test_outlooks_form_without_a_servers_name_is_read(
        self, arrive: Rules
    ) -> None:
        outlook = (
            "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=em.example.org; dkim=pass"
            " (signature was verified)\n header.d=example.org;dmarc=pass action=none\n"
            " header.from=example.org;compauth=pass reason=100\n"
        )
        assert arrive(head=outlook + SIGNATURE) == []
        found = arrive(
            head=outlook.replace("dmarc=pass", "dmarc=fail") + SIGNATURE
        )
        assert names(found) == ["authentication-failed"]

    def test_only_the_last_server_is_trusted(self, arrive: Rules) -> None:
        """Anyone can write such a field; the one above all others is the inbox's own (RFC 8601 5)."""
        forged = "Authentication-Results: elsewhere.example; spf=pass smtp.mailfrom=example.org; dmarc=pass\n"
        head = GMAIL.replace("spf=pass", "spf=fail") + forged + SIGNATURE
        assert names(arrive(head=head)) == ["authentication-failed"]

    def test_several_fields_of_the_last_server_count_together(
        self, arrive: Rules
    ) -> None:
        head = (
            "Authentication-Results: mx.example.net; dmarc=pass (p=none) header.from=example.org\n"
            "Authentication-Results: mx.example.net 1; spf=pass smtp.mailfrom=example.org\n"
            'Authentication-Results: mx.example.net; dkim=pass reason="a; b (c" header.d=example.org\n'
        )
        assert arrive(head=head + SIGNATURE) == []

    def test_a_server_without_a_verdict_on_one_method_is_a_warning(
        self, arrive: Rules
    ) -> None:
        head = (
            "Authentication-Results: mx.example.net; spf=pass smtp.helo=example.org; "
            "dkim=pass header.d=example.org\n"
        )
        assert names(arrive(head=head + SIGNATURE)) == [
            "authentication-missing"
        ]


class TestAlignment:
    @pytest.mark.parametrize(
        ("domain", "sender"),
        [
            ("example.org", "example.org"),
            ("em.example.org", "example.org"),
            ("example.org", "news.example.org"),
            ("mail.example.org", "news.example.org"),
            ("Mail.Example.co.uk.", "example.co.uk"),
            ("mail.hrw.de", "news.hrw.de"),
        ],
    )
    def test_domains_of_one_organisation_are_aligned(
        self, domain: str, sender: str
    ) -> None:
        assert is_aligned(domain, sender)

    @pytest.mark.parametrize(
        ("domain", "sender"),
        [
            ("", "example.org"),
            ("example.com", "example.org"),
            ("notexample.org", "example.org"),
            ("other.co.uk", "example.co.uk"),
            ("co.uk", "example.co.uk"),
            ("example.org.evil.example", "example.org"),
        ],
    )
    def test_domains_of_others_are_not(self, domain: str, sender: str) -> None:
        assert not is_aligned(domain, sender)


class TestSignature:
    @pytest.mark.parametrize(
        "name", ["list-unsubscribe:\n ", "list-unsubscribe-post:"]
    )
    def test_both_unsubscribe_fields_must_be_signed(
        self, arrive: Rules, name: str
    ) -> None:
        ((rule, message),) = arrive(head=GMAIL + SIGNATURE.replace(name, ""))
        assert rule == "way-out-unsigned"
        assert "List-Unsubscribe and List-Unsubscribe-Post" in message

    def test_other_fields_that_are_not_signed_are_a_warning(
        self, arrive: Rules
    ) -> None:
        ((rule, message),) = arrive(
            head=GMAIL + SIGNATURE.replace("date:message-id:", "")
        )
        assert (rule, "leaves out Date, Message-ID;" in message) == (
            "header-unsigned",
            True,
        )

    def test_one_of_several_signatures_is_enough(self, arrive: Rules) -> None:
        provider = SIGNATURE.replace(
            "d=example.org", "d=provider.example"
        ).replace("subject:", "")
        assert arrive(head=GMAIL + provider + SIGNATURE) == []

    def test_without_a_signature_nothing_is_signed(self, arrive: Rules) -> None:
        assert names(arrive(head=GMAIL.replace("dkim=pass", "dkim=none"))) == [
            "authentication-failed",
            "way-out-unsigned",
        ]
