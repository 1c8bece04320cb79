"""The email to confirm says who asks and what for, in the reader's language, and nothing that was
typed.
"""

import datetime as dt
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from briefing.configuration import settings
from briefing.joining import emails
from briefing.languages import load_language
from briefing.newsletter import package_templates
from tests.joining.conftest import SETTINGS

NOW = dt.datetime(2020, 10, 9, 12, tzinfo=dt.UTC)
PARSED = settings.parse(
    SETTINGS.replace("SMTP_PORT", "25"), Path("briefing.toml")
)
LINK = f"https://join.example.org/confirm/{'x' * 400}"


def build(lang: str = "en") -> bytes:
    return emails.confirmation(
        PARSED,
        load_language(lang, [package_templates()]),
        address="amina@example.org",
        link=LINK,
        now=NOW,
    )


def parsed(mail: bytes) -> EmailMessage:
    found = message_from_bytes(mail, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_it_comes_from_another_sender_than_issues() -> None:
    mail = parsed(build())
    assert mail["From"] == "Weekly Brief <confirm@example.org>"
    assert mail["To"] == "amina@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in mail


def test_it_says_who_asks_what_for_and_when() -> None:
    mail = parsed(build())
    assert mail["Subject"] == "Please confirm: Weekly Brief"
    assert mail.get_content().replace("\r\n", "\n") == (
        "On 9 October 2020, someone asked for Weekly Brief to be sent to this address.\n\n"
        "If that was you, open this link and press the button there:\n\n"
        f"{LINK}\n\n"
        "If it wasn’t you, ignore this email: you won’t get any more, and your address won’t be saved.\n\n"
        "Far Valley Rights Network\n14 Quay Street, 4021 Velmar\n"
    )


@pytest.mark.parametrize("lang", ["en", "de", "tr", "ug", "zh"])
def test_it_is_in_each_language_with_the_link_on_a_line_of_its_own(
    lang: str,
) -> None:
    mail = build(lang)
    assert LINK in parsed(mail).get_content().splitlines()
    assert parsed(mail)["Content-Language"] == lang
    english = build("en")
    is_same = parsed(mail)["Subject"] == parsed(english)["Subject"]
    assert is_same == (lang == "en")


@pytest.mark.parametrize("lang", ["en", "ug"])
def test_every_mail_server_takes_it(lang: str) -> None:
    for line in build(lang).split(b"\r\n"):
        assert b"\n" not in line
        assert not line.startswith(b".")
        assert len(line) <= 78
        assert line.isascii()
