"""A test email as it arrives: our own email, after a provider did something to it on its way."""

import datetime as dt
import email
import email.encoders
from collections.abc import Callable
from email.message import Message as Part
from functools import cache
from pathlib import Path

import pytest

from briefing.checks.received.check import FAMILIES, check_received
from briefing.checks.rule import rules_of
from briefing.issue import store
from briefing.keys import Key
from briefing.mail.message import Envelope, Message
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from tests.rendering.newsletters import photo

READER = Envelope(
    "canary.reader@inbox.example",
    "canary.reader@inbox.example",
    {"name": "Amina of the Canary"},
    sender="brief@example.org",
)
SETTINGS = """\
[newsletter]
name = "Weekly Brief"
organisation = "Example Watch"
from = "Weekly Brief <brief@example.org>"
reply_to = "editors@example.org"
languages = ["en", "ug", "zh"]
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
"""
ISSUE = """\
# Weekly Brief, 9 October 2020

What we [read](https://www.example.com/read?a=1&b=2) this week, **all of it**.

### A court opens its files
source: Harbour Post
link: https://www.example.com/files
image: court.jpg
alt: A courthouse

The court has opened the files of the last three years, and everybody may read them.

### A letter that takes ten minutes
link: https://www.example.net/letter

Write to those who decide.
"""
UYGHUR = ISSUE.replace(
    "A court opens its files", "سوت BBC ھۆججەتلىرىنى ئاچتى"
).replace("A letter that", "خەت A letter")
CHINESE = ISSUE.replace(
    "A court opens its files", "法院公开过去三年的档案供所有人阅读"
).replace("The court has", "法院已" * 60)

GMAIL = """\
Delivered-To: canary.reader@inbox.example
Received: by 2002:a05:7300:1234:b0:1 with SMTP id x1csp1;
        Fri, 9 Oct 2020 01:30:05 -0700 (PDT)
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@example.org header.s=s1 header.b=AbCdEfGh;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.org
Return-Path: <bounces+1-abcd-canary.reader=inbox.example@em.example.org>
Authentication-Results: mx.google.com;
       dkim=pass header.i=@example.org header.s=s1 header.b=AbCdEfGh;
       spf=pass (google.com: domain of bounces+1-abcd=inbox.example@em.example.org designates 192.0.2.1
       as permitted sender) smtp.mailfrom="bounces+1-abcd=inbox.example@em.example.org";
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.org
"""
SIGNATURE = """\
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; t=1602232200;
 h=from:to:reply-to:subject:date:message-id:list-unsubscribe:
 list-unsubscribe-post:mime-version:content-type; bh=abc=; b=AbCdEfGh
 ijkl=
"""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    """A newsletter whose issue 2020-10-09 has three editions and a photo."""
    root = tmp_path_factory.mktemp("sent")
    (root / "briefing.toml").write_text(SETTINGS, "utf-8")
    folder = root / "issues" / "2020-10-09"
    photo(folder / "court.jpg", 200, 100)
    for name, text in (
        ("issue.md", ISSUE),
        ("issue.ug.md", UYGHUR),
        ("issue.zh.md", CHINESE),
    ):
        (folder / name).write_text(text, "utf-8")
    return Newsletter(root)


rendered_once = cache(render)
"""The tests don't change the issue."""
SEVERITIES = {
    rule.name: rule.severity
    for family in FAMILIES.values()
    for rule in rules_of(family)
}


@pytest.fixture
def folder(sent: Newsletter) -> Path:
    return sent.issues / "2020-10-09"


def built(
    newsletter: Newsletter,
    folder: Path,
    lang: str = "en",
    *,
    text_only: bool = False,
) -> bytes:
    """The email of a reader, as it leaves us."""
    edition = next(
        edition
        for edition in store.editions(newsletter, folder)
        if edition.lang == lang
    )
    at = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
    rendered = rendered_once(newsletter, edition)
    return Message(
        rendered,
        newsletter.settings,
        Key(b"k" * 32),
        at.timestamp,
        text_only=text_only,
    ).fill(READER)


Tampering = Callable[[Part], None]
Rules = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def arrive(sent: Newsletter, folder: Path, tmp_path: Path) -> Rules:
    """What is found in our email after it was tampered with: rules with their messages."""

    def call(
        *tamperings: Tampering,
        head: str = GMAIL + SIGNATURE,
        lang: str = "en",
        change: Callable[[bytes], bytes] = bytes,
        text_only: bool = False,
    ) -> list[tuple[str, str]]:
        raw = head.replace("\n", "\r\n").encode() + built(
            sent, folder, lang, text_only=text_only
        )
        if tamperings:
            mail = email.message_from_bytes(raw)
            for tamper in tamperings:
                tamper(mail)
            raw = mail.as_bytes()
        path = tmp_path / "arrived.eml"
        path.write_bytes(change(raw))
        findings = check_received(sent, folder, path, render=rendered_once)
        for finding in findings:
            assert (finding.path, finding.line, finding.severity) == (
                path,
                None,
                SEVERITIES[finding.rule],
            )
            assert "@" not in finding.message
            assert "canary" not in finding.message.lower()
            assert "\n" not in finding.message
        return [(finding.rule, finding.message) for finding in findings]

    return call


def names(found: list[tuple[str, str]]) -> list[str]:
    return [rule for rule, _ in found]


def rewrite(subtype: str, change: Callable[[str], str]) -> Tampering:
    """Change a text; it is then in base64, where no words can be found."""

    def tamper(mail: Part) -> None:
        (part,) = [
            part
            for part in mail.walk()
            if part.get_content_type() == f"text/{subtype}"
        ]
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        changed = change(payload.decode("utf-8"))
        assert changed != payload.decode("utf-8")
        del part["Content-Transfer-Encoding"]
        part.set_payload(changed, "utf-8")

    return tamper


def header(name: str, value: str) -> Tampering:
    def tamper(mail: Part) -> None:
        del mail[name]
        mail[name] = value

    return tamper
