"""Changes in the middle of a send: the issue, the design, the list, the clock, another sender."""

import signal

import pytest

from tests.sending.crash.conftest import long
from tests.sending.crash.harness import (
    ISSUE,
    WITNESS,
    Children,
    Ended,
    Gate,
    Send,
    resume_lines,
)
from tests.sending.crash.scenarios import smtp
from tests.sending.servers.smtp import Kill, Rule, SmtpServer

YEAR, DAY = 365 * 86_400, 86_400


def half_sent(send: Send) -> None:
    ended = send.run("--limit", "6", "--expect", "6")
    assert ended.code == 0
    assert resume_lines(ended) == 1


def assert_everybody_once(send: Send) -> None:
    view = send.finish()
    assert send.broken == []
    assert (
        view.count("accepted") == len(send.office.readers) == view.mails.total()
    )


class TestTheIssue:
    def test_after_an_edit_the_rest_get_the_issue_as_it_was(
        self, children: Children
    ) -> None:
        with smtp(children) as send:
            half_sent(send)
            send.office.write_issue("Its corrected text.")
            ended = send.run()
            assert ended.code == 0
            assert "was changed after its send began" in ended.err
            assert_everybody_once(send)
            assert isinstance(send.server, SmtpServer)
            assert not any(
                b"Its corrected text." in mail.data
                for mail in send.server.mails
            )

    @pytest.mark.parametrize("point", ["before", long("after")])
    def test_whoever_is_given_up_gets_nothing_more(
        self, children: Children, point: str
    ) -> None:
        with smtp(children) as send:
            half_sent(send)
            end = ("send", ISSUE, "--end", "--yes")
            assert send.briefing(*end, point=f"end: {point}").wait().killed
            assert send.briefing(*end).wait().code == 0
            assert send.run("--expect", "0").code == 1
            view = send.view()
            assert view.mails.total() == view.count("accepted") == 6
            assert view.count("cancelled") == 6
            assert send.broken == []

    @pytest.mark.parametrize(
        "point",
        [
            "refreeze: the receipt is gone",
            *(
                long(f"refreeze: {point}")
                for point in ("in the middle", "forgotten")
            ),
        ],
    )
    def test_an_edit_before_any_reader_got_it_is_sent(
        self, children: Children, point: str
    ) -> None:
        with smtp(children) as send:
            assert send.run(point="receipt: after").killed
            send.office.write_issue("Its corrected text.")
            assert send.run("--expect", "12", point=point).killed
            assert send.view().mails.total() == 0
            assert_everybody_once(send)


class TestTheList:
    def test_readers_off_the_list_and_those_who_joined_get_nothing(
        self, children: Children
    ) -> None:
        with smtp(children) as send:
            half_sent(send)
            joined, gone = f"{WITNESS}-new@example.org", send.in_order()[-1]
            staying = [
                reader for reader in send.office.readers if reader != gone
            ]
            send.office.write_list([*staying, joined])
            assert send.run("--expect", "5").code == 0
            assert send.view().states[gone] == "skipped"
            assert joined not in send.view().mails
            assert gone not in send.view().mails
            assert send.view().mails.total() == len(staying)
            assert send.broken == []

    def test_a_reader_who_moved_on_the_list_or_is_repeated_gets_no_second_email(
        self, children: Children
    ) -> None:
        with smtp(children) as send:
            half_sent(send)
            readers = send.office.readers
            send.office.write_list(
                [
                    *reversed(readers),
                    *readers,
                    *(reader.upper() for reader in readers),
                ]
            )
            assert_everybody_once(send)

    def test_a_reader_who_unsubscribes_during_the_send_gets_nothing(
        self, children: Children
    ) -> None:
        codes: dict[str, int] = {}

        def leave() -> None:
            last = send.in_order()[-1]
            codes[last] = (
                send.briefing("subscribers", "remove", last).wait().code
            )

        with smtp(
            children,
            Rule("dot", Kill(leave), nth=3),
            readers=30,
            # A second one could reach the reader first.
            connections=1,
        ) as send:
            assert send.run().code == 0
            view = send.view()
            ((last, code),) = codes.items()
            assert code == 0
            assert send.broken == []
            assert (view.states[last], view.mails[last]) == ("skipped", 0)
            assert view.count("accepted") == view.mails.total() == 29


@pytest.mark.long
class TestTheClock:
    @pytest.mark.parametrize("seconds", [-YEAR, DAY])
    def test_a_wrong_clock_between_runs_makes_no_second_email(
        self, children: Children, seconds: int
    ) -> None:
        with smtp(children) as send:
            half_sent(send)
            assert send.run(
                point="outcome is noted: before", nth=2, clock_error=seconds
            ).killed
            # Whose email was on the wire at the kill stays uncertain, which the exit code says.
            ended = send.run(
                "--limit", "1", "--expect", "1", clock_error=seconds
            )
            assert (ended.code, "1 email accepted" in ended.out) == (1, True)
            send.finish()
            assert send.broken == []

    def test_a_clock_set_back_after_the_first_half(
        self, children: Children
    ) -> None:
        with smtp(children) as send:
            assert (
                send.run("--limit", "6", "--expect", "6", clock_error=YEAR).code
                == 0
            )
            assert_everybody_once(send)


class TestTwoSenders:
    """The second ends with 75 wherever the first is, and whatever number it expects."""

    @pytest.mark.parametrize("via", ["outbox", long("smtp")])
    def test_the_second_is_refused_and_a_dead_one_holds_nothing(
        self, children: Children, via: str
    ) -> None:
        gate = Gate()
        with smtp(
            children, Rule("dot", Kill(gate), nth=3), connections=1
        ) as send:
            child = send.start()
            gate.wait()
            before = send.view().mails
            assert second(send, via).code == 75
            assert send.view().mails == before
            child.signal(signal.SIGKILL)
            gate.open()
            assert send.end(child).killed
            send.finish()
            assert send.broken == []

    @pytest.mark.parametrize(
        ("point", "nth"),
        [
            long("lock: after", 1),
            long("freeze: after", 1),
            long("freeze: editions are in", 1),
            long("receipt: before", 1),
            long("receipt: in the middle", 1),
            long("receipt: after", 1),
            ("intent, outcome: after", 1),
            long("intent, outcome: before its commit", 2),
            long("an answer: after", 9),
            long("receipt: before", 2),
            ("closing: before", 1),
        ],
    )
    def test_the_second_is_busy_at_every_step_of_the_first(
        self, children: Children, point: str, nth: int
    ) -> None:
        with smtp(children) as send:
            child = send.start(point=point, nth=nth, action="stop")
            child.until_stopped()
            for expect in (12, 3, 0):
                assert_busy(second(send, expect=expect))
            child.signal(signal.SIGCONT)
            assert send.end(child).code == 0
            assert send.broken == []

    @pytest.mark.parametrize(
        "point",
        [
            long("rendering: before"),
            *(
                long(f"new ledger: {point}")
                for point in ("before", "in the middle", "after")
            ),
            "lock: before",
        ],
    )
    def test_a_second_that_began_earlier_is_busy_too(
        self, children: Children, point: str
    ) -> None:
        """It looked at the ledger before the first one began to send."""
        gate = Gate()
        with smtp(
            children, Rule("dot", Kill(gate), nth=3), connections=1
        ) as send:
            early = send.briefing(*arguments(), point=point, action="stop")
            early.until_stopped()
            child = send.start()
            gate.wait()
            early.signal(signal.SIGCONT)
            assert_busy(early.wait())
            gate.open()
            assert send.end(child).code == 0
            assert send.broken == []

    def test_a_second_that_was_overtaken_is_busy_too(
        self, children: Children
    ) -> None:
        """The first one is done by the time it has the lock."""
        with smtp(children) as send:
            early = send.briefing(
                *arguments(), point="lock: before", action="stop"
            )
            early.until_stopped()
            assert send.run().code == 0
            early.signal(signal.SIGCONT)
            assert_busy(early.wait())


def arguments(via: str = "smtp", expect: int = 12) -> list[str]:
    return [
        "send",
        "--via",
        via,
        "--yes",
        "--untested",
        "--expect",
        str(expect),
    ]


def second(send: Send, via: str = "smtp", expect: int = 12) -> Ended:
    return send.briefing(*arguments(via, expect)).wait()


def assert_busy(ended: Ended) -> None:
    assert (ended.code, len(ended.lines)) == (75, 1), ended
