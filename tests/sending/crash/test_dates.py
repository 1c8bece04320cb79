"""A send that was killed and goes on days later: each email has the date on which it went out, each reader
one email, and each email a Message-ID of its own.
"""

import datetime as dt
from email.utils import parsedate_to_datetime

import pytest

from tests import wire
from tests.sending.crash.conftest import long
from tests.sending.crash.harness import Children, Send
from tests.sending.crash.scenarios import smtp
from tests.sending.servers.smtp import SmtpServer

DAYS = 6


def mails(send: Send) -> list[tuple[str, str, dt.datetime]]:
    """Reader, Message-ID and Date of each email that the server has."""
    assert isinstance(send.server, SmtpServer)
    found = []
    for mail in send.server.mails:
        header = wire.parsed(mail.data)
        date = parsedate_to_datetime(str(header["Date"]))
        found.append((mail.recipient, str(header["Message-ID"]), date))
    return found


@pytest.mark.parametrize("point", [long("body: half"), "body: with the dot"])
def test_the_rest_is_dated_when_it_goes_out(
    children: Children, point: str
) -> None:
    with smtp(children) as send:
        assert send.run(point=point, nth=4).killed
        before = mails(send)
        assert before
        assert send.run(clock_error=DAYS * 24 * 3600).is_over
        after = mails(send)[len(before) :]
        assert after
        readers, ids, _ = zip(*before, *after, strict=True)
        assert len(set(readers)) == len(readers)
        assert len(set(ids)) == len(ids)
        latest = max(date for _, _, date in before)
        earliest = min(date for _, _, date in after)
        assert earliest - latest > dt.timedelta(days=DAYS - 1)
        assert send.broken == []
