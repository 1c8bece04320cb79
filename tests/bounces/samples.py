"""Emails that came back, in the forms that servers use, about an invented reader at example.org."""

TOKEN = "0123456789abcdef0123456789abcd"  # noqa: S105  # of a reader, not a password
READER = "reader@example.org"

MACHINE = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces@example.com
Subject: Undelivered Mail Returned to Sender
"""
RETURNED = f"""\
Return-Path: <bounces+{TOKEN}@example.com>
From: The Weekly Brief <brief@example.com>
To: Rae Reader <{READER}>
Subject: The Weekly Brief, 19 November
List-Unsubscribe: <https://join.example.com/leave/{TOKEN}>,
 <mailto:leave@example.com?subject={TOKEN}>
Message-ID: <1@example.com>
"""


def in_words(text: str, header: str = MACHINE, returned: str = RETURNED) -> str:
    """A report for people: some words, and the header of what was sent."""
    return f"{header}\n{text}\n------ This is a copy of your message. ------\n\n{returned}\nWords\n"


def in_fields(
    *fields: str,
    words: str = "Your message could not be delivered.",
    header: str = MACHINE,
) -> str:
    """A delivery status notification (RFC 3464), with a block of fields for each recipient."""
    blocks = "\n\n".join(fields)
    return f"""\
{header}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

{words}

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

{blocks}

--b1
Content-Type: text/rfc822-headers

{RETURNED}
--b1--
"""


def failed(
    status: str, said: str, reader: str = READER, action: str = "failed"
) -> str:
    """The fields for a recipient."""
    return f"""\
Final-Recipient: rfc822; {reader}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}"""


def complaint(kind: str = "abuse", reader: str = READER) -> str:
    """A report of a mailbox provider whose user pressed a button (RFC 5965)."""
    return f"""\
From: feedback@mail.example.net
To: abuse@example.com
Subject: FW: The Weekly Brief
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

A user of ours reported the attached mail.

--b1
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: ExampleLoop/1.0
Version: 1
Original-Rcpt-To: <{reader}>

--b1
Content-Type: message/rfc822

{RETURNED}
The words of the brief.
--b1--
"""


def letter(
    text: str,
    subject: str = "Re: The Weekly Brief",
    more: str = "",
) -> str:
    """An email of a person, or of their program; `more` are further header fields."""
    return f"""\
Return-Path: <{READER}>
From: Rae Reader <{READER}>
To: brief@example.com
Subject: {subject}
{more}Content-Type: text/plain; charset=utf-8

{text}
"""
