"""SendGrid's lists: what each entry means, page by page, and that a sync reads on where the last one
stopped.
"""

import datetime as dt
import json
import os
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from briefing.errors import FileError, RefusedError, TransportError
from briefing.newsletter import Newsletter
from briefing.syncing.reports import Left, Report, Returned
from briefing.syncing.sendgrid import FILE, LISTS, SendGridLists
from tests.sending.servers.http_rules import (
    Answer,
    HalfAnswer,
    HttpRule,
    Redirect,
    Request,
)
from tests.syncing.known import KEY
from tests.syncing.sendgrid_lists import SECRET, SendGridAccount, refusal

JUDGE = os.environ.get("BRIEFING_SENDGRID_JUDGE", "")
"""A program that judges requests by SendGrid's OpenAPI file: docs/testing.md."""
MONDAY = 1_602_000_000
"""2020-10-06, in the afternoon (UTC)."""
HARD: dict[str, Any] = {
    "reason": "550 5.1.1 The email account does not exist",
    "status": "5.1.1",
}


def entry(address: str, created: int = MONDAY, **more: Any) -> dict[str, Any]:
    return {"created": created, "email": address, **more}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", SECRET)


def connected(
    newsletter: Newsletter, url: str, more: str = "", **options: Any
) -> SendGridLists:
    """The account at a server, as a command connects to it."""
    settings = newsletter.root / "briefing.toml"
    text = settings.read_text("utf-8").partition("[sendgrid]")[0]
    settings.write_text(f'{text}[sendgrid]\nhost = "{url}"\n{more}', "utf-8")
    return SendGridLists(Newsletter(newsletter.root), KEY, **options)


def read(source: SendGridLists) -> list[Report]:
    return list(source.read(lambda _done, _total: None))


@contextmanager
def account(**lists: list[dict[str, Any]]) -> Iterator[SendGridAccount]:
    with SendGridAccount(**lists) as server:
        yield server


def described(reports: list[Report]) -> Counter[str]:
    """How many reports say what."""
    return Counter(
        str(report.kind) if isinstance(report, Returned) else report.reason
        for report in reports
        if isinstance(report, Returned | Left)
    )


class OddAccount(SendGridAccount):
    """Answers with whatever its lists contain."""

    def route(self, request: Request, number: int) -> Answer:
        return Answer(200, [*self.lists[request.path.rpartition("/")[2]]])


class TestEntries:
    def test_each_list_has_its_meaning(self, newsletter: Newsletter) -> None:
        with account(
            bounces=[entry("a@example.org", **HARD)],
            blocks=[
                entry(
                    "b@example.org",
                    reason="452 4.2.2 over quota",
                    status="4.2.2",
                ),
                entry(
                    "c@example.org",
                    reason="550 5.7.1 blocked by c@example.org using Spamhaus",
                    status="5.7.1",
                ),
            ],
            invalid_emails=[
                entry(
                    "d@example.org",
                    reason="Mail domain mentioned in email address is unknown",
                )
            ],
            spam_reports=[entry("e@example.org", ip="192.0.2.1")],
            unsubscribes=[entry("f@example.org")],
        ) as server:
            reports = read(connected(newsletter, server.url))
        assert described(reports) == {
            "bounced": 2,
            "full": 1,
            "refused": 1,
            "complaint": 1,
            "left": 1,
        }
        assert {report.day for report in reports} == {dt.date(2020, 10, 6)}

    def test_readers_who_left_a_group_have_left(
        self, newsletter: Newsletter
    ) -> None:
        with account() as server:
            server.groups["7"] = ["a@example.org", "b@example.org"]
            source = connected(
                newsletter, server.url, "unsubscribe_group = 7\n"
            )
            assert described(read(source)) == {"left": 2}
            source.finish(set())
            server.groups["7"].append("c@example.org")
            again = connected(newsletter, server.url, "unsubscribe_group = 7\n")
            (report,) = read(again)
        assert isinstance(report, Left)
        assert report.person.address == "c@example.org"

    def test_entries_that_say_nothing_do_no_harm(
        self, newsletter: Newsletter
    ) -> None:
        odd: list[Any] = [
            "text",
            None,
            [],
            {},
            {"email": 7, "created": "yesterday", "reason": None},
            {"email": "x@example.org", "created": 10**40},
        ]
        lists = dict.fromkeys(LISTS, odd)
        with OddAccount(**lists) as server:
            reports = read(connected(newsletter, server.url))
        assert len(reports) == 4 * 3


class TestPages:
    def test_every_page_is_read_once(self, newsletter: Newsletter) -> None:
        many = [
            entry(f"r{number}@example.org", MONDAY + number, **HARD)
            for number in range(1203)
        ]
        with account(bounces=many) as server:
            reports = read(connected(newsletter, server.url))
            pages = [
                request.query
                for request in server.requests
                if request.path.endswith("/bounces")
            ]
        assert described(reports) == {"bounced": 1203}
        assert pages == [
            f"limit=500&offset={offset}&start_time=0"
            for offset in (0, 500, 1000)
        ]

    def test_a_list_without_end_is_given_up(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("briefing.syncing.sendgrid.MOST_PAGES", 3)
        many = [entry(f"r{number}@example.org") for number in range(9)]
        with account(bounces=many) as server:
            source = connected(newsletter, server.url, page=2)
            with pytest.raises(TransportError, match="never ends"):
                read(source)


class TestReadingOn:
    def test_entries_that_appear_late_are_read(
        self, newsletter: Newsletter
    ) -> None:
        bounces = [entry("a@example.org", **HARD)]
        with account(bounces=bounces) as server:
            source = connected(newsletter, server.url)
            assert len(read(source)) == 1
            source.finish(set())
            bounces += [
                # Later, at the same second, and a little before: entries may appear late.
                entry("b@example.org", MONDAY + 60, **HARD),
                entry("c@example.org", MONDAY, **HARD),
                entry("d@example.org", MONDAY - 3600, **HARD),
            ]
            again = read(connected(newsletter, server.url))
        # What was read before comes again, which does no harm.
        assert described(again) == {"bounced": 4}

    def test_unless_it_was_never_finished(self, newsletter: Newsletter) -> None:
        with account(bounces=[entry("a@example.org", **HARD)]) as server:
            for _ in range(3):
                assert len(read(connected(newsletter, server.url))) == 1

    def test_the_position_names_nobody_and_is_private(
        self, newsletter: Newsletter
    ) -> None:
        with account(bounces=[entry("canary@example.org", **HARD)]) as server:
            source = connected(newsletter, server.url)
            read(source)
            source.finish(set())
        path = newsletter.state / FILE
        assert "canary" not in path.read_text("utf-8")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "text", ["", "[]", "{}", '{"since": "x", "seen": []}', "\0"]
    )
    def test_a_damaged_position_is_reported(
        self, newsletter: Newsletter, text: str
    ) -> None:
        newsletter.state.mkdir(0o700)
        (newsletter.state / FILE).write_text(text, "utf-8")
        with pytest.raises(FileError, match="delete it, and the next sync"):
            connected(newsletter, "http://127.0.0.1:1")


class TestFailures:
    @pytest.mark.parametrize(
        ("action", "message"),
        [
            (HalfAnswer(), "was cut off"),
            (Redirect("http://127.0.0.1:1/"), "redirects to another address"),
            (refusal(401, "no"), "doesn't accept the key"),
            (refusal(403, "no"), "give it read access to Suppressions"),
            (refusal(500, "no"), "try again later"),
            (refusal(200, "no"), "the server isn't SendGrid"),
        ],
    )
    def test_they_are_one_line_without_the_key(
        self, newsletter: Newsletter, action: Any, message: str
    ) -> None:
        with (
            SendGridAccount(
                HttpRule(action, "/v3/suppression/spam_reports")
            ) as server,
            pytest.raises(TransportError) as caught,
        ):
            read(connected(newsletter, server.url))
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        assert SECRET not in repr(caught.value)

    def test_no_server_answers(self, newsletter: Newsletter) -> None:
        with pytest.raises(TransportError, match="no server answers there"):
            read(connected(newsletter, "http://127.0.0.1:1"))

    def test_without_a_key_nothing_is_asked(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SENDGRID_API_KEY")
        with pytest.raises(
            RefusedError, match="the API key for SendGrid is missing"
        ):
            connected(newsletter, "http://127.0.0.1:1")


@pytest.mark.skipif(
    not JUDGE, reason="BRIEFING_SENDGRID_JUDGE names no judge of SendGrid"
)
class TestJudge:
    """The same against a server that checks requests with SendGrid's own OpenAPI file."""

    FIXTURES: ClassVar[dict[str, Any]] = {
        "scopes": ["suppression.read"],
        "bounces": [
            entry(f"b{number}@example.com", **HARD) for number in range(700)
        ],
        "blocks": [
            entry(
                "q@example.com", reason="552 5.2.2 mailbox full", status="5.2.2"
            )
        ],
        "spam_reports": [entry("s@example.com")],
        "unsubscribes": [entry("u@example.com")],
        "groups": {"7": ["left@example.com"]},
    }

    def test_all_requests_are_valid(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        (tmp_path / "fixtures.json").write_text(json.dumps(self.FIXTURES))
        script = tmp_path / "read.py"
        script.write_text(
            "import os, subprocess, sys\n"
            "open(sys.argv[1], 'w').write(os.environ['JUDGE_URL'])\n"
            "sys.stdin.read()\n"
        )
        port_file = tmp_path / "url"
        os.mkfifo(port_file)
        judge = subprocess.Popen(
            [
                JUDGE, "0", tmp_path / "record", "--prism", "off", "--key", SECRET,
                "--fixtures", tmp_path / "fixtures.json",
                "--", "python3", script, port_file,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        url = port_file.read_text("utf-8")
        reports = read(connected(newsletter, url, "unsubscribe_group = 7\n"))
        judge.communicate(timeout=60)
        report = json.loads((tmp_path / "record" / "report.json").read_text())
        assert described(reports) == {
            "dead": 700,
            "full": 1,
            "complained": 1,
            "left": 2,
        }
        assert judge.returncode == 0
        assert report["invalid"] == 0
