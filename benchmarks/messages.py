"""Measure how many personalised emails a second one core builds: by filling slots, compared with an
EmailMessage per reader.

    python benchmarks/messages.py [--readers N] [--kilobytes K]

Both build the same email: text and HTML, each with the reader's name and unsubscribe link, and all
headers. What matters is the ratio, which hardly depends on the machine.
"""

import datetime as dt
import html
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import partial
from pathlib import Path

from benchmarks.running import argument_parser
from briefing.configuration.settings import parse
from briefing.keys import Key
from briefing.mail.message import Envelope, Message, list_id
from briefing.mail.unsubscribe import make_unsubscribe_links
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slot,
    Slotted,
)
from briefing.subscribers.suppression import token_of

SETTINGS = parse(
    """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
""",
    Path("briefing.toml"),
)
KEY = Key(b"k" * 32)
DATE = dt.datetime(2020, 10, 9, tzinfo=dt.UTC)
NAMES = ("Amina Yusuf", "Jonas Lindqvist", "Zoë Müller", "ئالىم", "")


def rendered(kilobytes: int) -> RenderedIssue:
    """Return an issue whose email is about this large, three quarters of it HTML."""
    paragraph = (
        "Observers at the hearing said that the ruling was the first of its kind "
        "in the region — “long overdue”. "
    )
    page = f"<p>{paragraph * 4}</p>\n" * (
        kilobytes * 768 // (len(paragraph) * 4 + 8)
    )
    text = f"{paragraph}\n" * (kilobytes * 256 // len(paragraph))
    return RenderedIssue(
        id="2020-10-09",
        lang="en",
        subject="Weekly Brief, 9 October 2020",
        html=Slotted(
            (
                "<!DOCTYPE html><html><body><p>Dear ",
                Slot("name", "reader"),
                ",</p>\n",
                page,
                '<a href="',
                Slot(UNSUBSCRIBE),
                '">Unsubscribe</a></body></html>\n',
            )
        ),
        text=Slotted(
            (
                "Dear ",
                Slot("name", "reader"),
                ",\n\n",
                text,
                "\n",
                Slot(UNSUBSCRIBE),
                "\n",
            )
        ),
        pictures=(),
    )


def with_email_message(issue: RenderedIssue, envelope: Envelope) -> bytes:
    """Build an email with the standard library, as programs do that build each email separately."""
    links = make_unsubscribe_links(
        SETTINGS.unsubscribe, token_of(KEY, envelope.identity)
    )
    columns = {**envelope.columns, UNSUBSCRIBE: links.address}
    mail = EmailMessage(policy=SMTP.clone(max_line_length=76))
    mail["To"] = formataddr((envelope.columns["name"], envelope.address))
    mail["Message-ID"] = (
        f"<{KEY.name('message', issue.id, envelope.identity)}@example.org>"
    )
    mail["List-Unsubscribe"] = f"<{links.url}>, <{links.mailto}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["From"] = "Weekly Brief <brief@example.org>"
    mail["Subject"] = issue.subject
    mail["Date"] = format_datetime(DATE)
    mail["List-Id"] = f"Weekly Brief <{list_id(SETTINGS)}>"
    mail.set_content(issue.text.filled(columns), cte="quoted-printable")
    mail.add_alternative(
        issue.html.filled(columns, html.escape),
        subtype="html",
        cte="quoted-printable",
    )
    return mail.as_bytes()


def rate(build: Callable[[Envelope], bytes], readers: int) -> tuple[float, int]:
    """Return emails a second, and the bytes of the last one."""
    envelopes = [
        Envelope(
            f"reader{n}@example.org",
            f"reader{n}@example.org",
            {"name": NAMES[n % len(NAMES)]},
            sender="brief@example.org",
        )
        for n in range(readers)
    ]
    size = len(build(envelopes[0]))
    start = time.perf_counter()
    for envelope in envelopes:
        size = len(build(envelope))
    return readers / (time.perf_counter() - start), size


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--kilobytes", type=int, nargs="*", default=[10, 80])
    arguments = parser.parse_args()
    print(f"{'mail':>8}  {'EmailMessage':>16}  {'briefing':>16}  {'ratio':>6}")
    for kilobytes in arguments.kilobytes:
        issue = rendered(kilobytes)
        theirs, _ = rate(
            partial(with_email_message, issue),
            max(200, arguments.readers // 100),
        )
        start = time.perf_counter()
        message = Message(issue, SETTINGS, KEY, time.time)
        setup = time.perf_counter() - start
        ours, size = rate(message.fill, arguments.readers)
        note = f"({setup * 1000:.0f} ms once per edition)"
        print(
            f"{size // 1024:>5} KB  {theirs:>14,.0f}/s  {ours:>14,.0f}/s  {ours / theirs:>6,.0f}   {note}"
        )


if __name__ == "__main__":
    main()
