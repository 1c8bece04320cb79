"""However many forms are sent off, few emails go out, nothing grows without end, and readers can leave."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from briefing.joining.protocol import RequestKind
from tests.joining.conftest import (
    TOKEN,
    MailServer,
    Server,
    make_folder,
    running,
)

PER_HOUR = 20
KINDS = {
    "of anybody": "reader{0}@host{0}.example.org",
    "of one domain": "reader{0}@example.org",
    "of one address": "reader@example.org",
}


def flood(server: Server, address: str, count: int) -> set[bytes]:
    """Send off a form with each of many addresses; return the pages that came back."""
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda number: server.join(address.format(number)), range(count)
        )
        return {answer.body for answer in answers}


def survives(
    folder: Path, mail_server: MailServer, kind: str, count: int
) -> None:
    make_folder(folder, mail_server.port, per_hour=PER_HOUR)
    with running(folder) as server:
        server.send_tokens(TOKEN)
        pages = flood(server, KINDS[kind], count)
        assert server.post(f"/leave/{TOKEN}").status == 200
        mails = {
            "of anybody": PER_HOUR,
            "of one domain": PER_HOUR // 2,
            "of one address": 1,
        }[kind]
        mail_server.wait(mails)
        assert len(pages) <= 2
        kinds = {request.kind for request in server.requests()}
        assert kinds == {RequestKind.LEAVE}
    assert len(mail_server.mails) == mails


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_forms(
    tmp_path: Path, mail_server: MailServer, kind: str
) -> None:
    survives(tmp_path / "server", mail_server, kind, 100)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_forms(
    tmp_path: Path, mail_server: MailServer, kind: str
) -> None:
    survives(tmp_path / "server", mail_server, kind, 10_000)
