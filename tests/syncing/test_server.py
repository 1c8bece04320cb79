"""The server as a source: what readers did there is reported in its order, and only the editors'
keys open it.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

import pyrage
import pytest

from briefing import clock
from briefing.errors import FileError, RefusedError, TransportError
from briefing.joining.protocol import (
    Request,
    RequestBatch,
    RequestKind,
    token_digest,
)
from briefing.joining.seals import Seals
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.syncing.reports import (
    CarriedOut,
    Joined,
    Left,
    Obsolete,
    Person,
    Report,
    Unreadable,
)
from briefing.syncing.server import (
    FILE,
    Server,
    plausible_days,
    read_position,
)
from tests.joining.conftest import EDITOR, MailServer
from tests.syncing.conftest import Home

ANN = "ann@example.org"


def today() -> dt.date:
    """The server's day."""
    return clock.utc_now().date()


def editor() -> Sequence[pyrage.x25519.Identity]:
    return [EDITOR]


def ask_nobody() -> Sequence[pyrage.x25519.Identity]:
    raise AssertionError("no key is needed")


def quiet(_done: int, _total: int) -> None:
    pass


def last_request(home: Home) -> int:
    return read_position(home.newsletter).last


def read(source: Server) -> list[Report]:
    return [
        report
        for report in source.read(quiet)
        if not isinstance(report, CarriedOut)
    ]


def ann_leaves(home: Home, source: Server) -> None:
    """Her link works once the server knows her token."""
    source.send_tokens([home.token(ANN)], quiet)
    home.server.post(f"/leave/{home.token(ANN)}")


class TestReading:
    def test_a_leaving_needs_no_private_key(self, home: Home) -> None:
        source = home.source(ask_nobody)
        assert read(source) == []
        ann_leaves(home, source)
        (report,) = read(source)
        assert isinstance(report, Left)
        assert report.person.token_digest == token_digest(home.token(ANN)).hex()
        assert report.day == today()

    def test_joins_come_with_what_was_agreed_to(
        self, home: Home, mail_server: MailServer
    ) -> None:
        home.server.join(ANN, name="Ann", lang="de")
        home.server.post(mail_server.link())
        (report,) = read(home.source(editor))
        assert isinstance(report, Joined)
        assert (report.address, report.name, report.lang) == (ANN, "Ann", "de")
        assert (report.form, report.day) == ("page", today())
        assert "Weekly Brief" in report.wording

    def test_a_link_of_an_earlier_version_names_who_used_it(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = Key.of(home.newsletter)
        seals = Seals(key.digest("seal of links to take back a change"))
        until = today() + dt.timedelta(days=30)
        body = seals.seal([ANN, "Ann", "de", home.token(ANN)], until)
        source = home.source(ask_nobody)
        request = Request(1, RequestKind.UNDO, str(today()), body)
        batch = replace(source.api.requests(0), requests=[request])
        monkeypatch.setattr(source.api, "requests", lambda _after: batch)
        (report,) = read(source)
        assert isinstance(report, Obsolete)
        assert report.person == Person(token=home.token(ANN))

    def test_what_another_key_opens_is_reported_as_such(
        self, home: Home, mail_server: MailServer
    ) -> None:
        home.server.join(ANN)
        home.server.post(mail_server.link())
        stranger = pyrage.x25519.Identity.generate()
        (report,) = read(home.source(lambda: [stranger]))
        assert isinstance(report, Unreadable)
        assert report.reason == "none of these keys opens it"

    def test_a_server_that_repeats_itself_is_not_read_for_ever(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = home.source(ask_nobody)
        digest = token_digest(home.token(ANN)).hex()
        request = Request(7, RequestKind.LEAVE, str(today()), digest)
        batch = replace(source.api.requests(0), requests=[request] * 500)
        monkeypatch.setattr(source.api, "requests", lambda _after: batch)
        with pytest.raises(TransportError, match="more requests than"):
            read(source)

    def test_a_server_that_never_ends_does_not_fill_the_memory(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = home.source(ask_nobody)
        digest = token_digest(home.token(ANN)).hex()
        empty = source.api.requests(0)

        def more(after: int) -> RequestBatch:
            assert after < 5_000
            numbers = range(after + 1, after + 501)
            return replace(
                empty,
                requests=[
                    Request(number, RequestKind.LEAVE, str(today()), digest)
                    for number in numbers
                ],
            )

        monkeypatch.setattr(source.api, "requests", more)
        monkeypatch.setattr("briefing.syncing.server.MOST_BYTES", 1_000_000)
        with pytest.raises(TransportError, match="more requests than any"):
            read(source)

    def test_days_that_cannot_be_right_are_corrected(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def read_days(*days: str) -> list[str]:
            """Return what is reported of requests with these days, in a sync that is finished."""
            source = home.source(ask_nobody)
            digest = token_digest(home.token(ANN)).hex()
            requests = [
                Request(number, RequestKind.LEAVE, day, digest)
                for number, day in enumerate(days, 1 + last_request(home))
            ]
            batch = replace(source.api.requests(0), requests=requests)
            monkeypatch.setattr(source.api, "requests", lambda _after: batch)
            reports = read(source)
            source.finish(set())
            return [
                str(report.day)
                for report in reports
                if isinstance(report, Left)
            ]

        future = read_days("2020-10-09", "2999-01-01", "2020-10-10")
        assert future == ["2020-10-09", "2020-10-10", "2020-10-10"]
        # Also in later syncs.
        assert read_days("2019-10-11", "2020-10-12") == [
            "2020-10-10",
            "2020-10-12",
        ]


class TestReadingOn:
    def test_a_finished_sync_is_not_reported_again(self, home: Home) -> None:
        source = home.source(ask_nobody)
        read(source)
        ann_leaves(home, source)
        for _ in range(2):
            # Not finished: the same once more.
            source = home.source(ask_nobody)
            assert len(read(source)) == 1
        source.finish(set())
        assert read(home.source(ask_nobody)) == []

    def test_after_a_backup_was_restored_at_home_the_server_tells_it_again(
        self, home: Home
    ) -> None:
        source = home.source(ask_nobody)
        read(source)
        ann_leaves(home, source)
        read(source)
        source.finish(set())
        (home.newsletter.state / FILE).unlink()
        assert len(read(home.source(ask_nobody))) == 1

    def test_a_server_that_was_set_up_again_is_read_from_its_beginning(
        self, home: Home
    ) -> None:
        source = home.source(ask_nobody)
        read(source)
        ann_leaves(home, source)
        position = {"store": "f" * 16, "last": 900, "tokens": "x"}
        (home.newsletter.state / FILE).write_text(json.dumps(position))
        assert len(read(home.source(ask_nobody))) == 1


class TestTokens:
    def test_they_are_sent_once(self, home: Home) -> None:
        tokens = [f"{number:030x}" for number in range(5000)]
        steps: list[int] = []
        source = home.source(ask_nobody)
        for _ in range(2):
            read(source)
            source.send_tokens(tokens, lambda done, _total: steps.append(done))
            source.finish(set())
            source = home.source(ask_nobody)
        assert steps == [0, 2048, 4096, 5000]
        assert source.api.requests(0).tokens == 5000

    def test_a_server_that_lost_them_gets_them_again(self, home: Home) -> None:
        source = home.source(ask_nobody)
        read(source)
        source.send_tokens([home.token(ANN)], quiet)
        source.finish(set())
        source.api.replace_tokens(b"", quiet)
        again = home.source(ask_nobody)
        read(again)
        again.send_tokens([home.token(ANN)], quiet)
        assert again.api.requests(0).tokens == 1


class TestFailures:
    def test_a_wrong_key_is_explained(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRIEFING_SYNC_KEY", "another")
        with pytest.raises(
            TransportError, match="doesn't know this sync key"
        ) as caught:
            read(home.source(ask_nobody))
        assert "another" not in str(caught.value)

    def test_a_key_with_other_characters_is_refused(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRIEFING_SYNC_KEY", "a\nb")
        with pytest.raises(
            RefusedError, match="characters that can't be in one"
        ):
            home.source(ask_nobody)

    def test_a_server_that_is_down_is_named(self, home: Home) -> None:
        home.server.kill()
        with pytest.raises(TransportError, match="no server answers there"):
            read(home.source(ask_nobody))

    def test_without_a_key_it_says_where_to_put_it(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("BRIEFING_SYNC_KEY", raising=False)
        with pytest.raises(RefusedError, match="BRIEFING_SYNC_KEY"):
            Server(newsletter, ask_nobody, today())


class TestPosition:
    def test_that_of_an_earlier_version_keeps_what_had_to_wait(
        self, newsletter: Newsletter
    ) -> None:
        newsletter.state.mkdir(0o700, exist_ok=True)
        old = {"store": "f" * 16, "last": 9, "tokens": "x", "waiting": [5]}
        text = json.dumps(old | {"again": [3], "again_after": 1})
        (newsletter.state / FILE).write_text(text, "utf-8")
        position = read_position(newsletter)
        assert (position.start, position.waiting) == (2, (5, 3))

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"store": ""}'])
    def test_a_damaged_one_is_reported(
        self, newsletter: Newsletter, text: str
    ) -> None:
        newsletter.state.mkdir(0o700, exist_ok=True)
        (newsletter.state / FILE).write_text(text, "utf-8")
        with pytest.raises(FileError, match="delete it"):
            read_position(newsletter)


class TestDays:
    @pytest.mark.parametrize(
        ("given", "earliest", "expected"),
        [
            pytest.param("", "", "", id="none"),
            pytest.param("05 05 07", "", "05 05 07", id="all are right"),
            pytest.param("05 03 07", "", "05 05 07", id="set back"),
            pytest.param("03 07", "05", "05 07", id="set back since a sync"),
            pytest.param("05 99 99 07", "", "05 07 07 07", id="ahead"),
            pytest.param("05 99", "", "05 12", id="ahead until now"),
            pytest.param("05 99 03 07", "", "05 05 05 07", id="both"),
            pytest.param("05 07", "99", "05 07", id="ahead at the last sync"),
        ],
    )
    def test_none_is_in_the_future_or_before_an_earlier_one(
        self, given: str, earliest: str, expected: str
    ) -> None:
        days = [_day(day) for day in given.split()]
        result = plausible_days(
            days, earliest and _day(earliest), dt.date(2020, 10, 12)
        )
        assert [f"{day:%d}" for day in result] == expected.split()


def _day(day: str) -> str:
    """Return a day of October, or of a year far ahead."""
    return "2999-01-01" if day == "99" else f"2020-10-{day}"
