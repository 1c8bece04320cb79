"""Status and the exit code after a kill: readers who may or may not have the issue are named at once."""

import json

import pytest

from tests.sending.crash.conftest import long
from tests.sending.crash.harness import Children, Ended, Gate, Send
from tests.sending.crash.scenarios import sendgrid, smtp
from tests.sending.servers.smtp import Kill, Rule


def status(send: Send, *options: str) -> Ended:
    ended = send.briefing("status", *options).wait()
    assert ended.code == 0
    return ended


def named(send: Send) -> set[str]:
    """The readers that `status --names` prints, which are the uncertain ones."""
    text = status(send, "--names").out
    names = {
        line.strip()
        for line in text.splitlines()
        if line.strip().count("@") == 1
    }
    found = json.loads(status(send, "--names", "--json").out)
    assert names == set(found["readers"].get("uncertain", []))
    assert found["counts"]["uncertain"] == len(names)
    assert found["counts"]["sending"] == 0
    return names


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("body: with the dot", 3),
        long("body: half", 3),
        # Both connections may read three answers before the first reader is claimed.
        long("an answer: after", 7),
    ],
)
def test_after_a_kill_status_names_the_uncertain_before_the_next_send(
    children: Children, point: str, nth: int
) -> None:
    with smtp(children) as send:
        assert send.run(point=point, nth=nth).killed
        view = send.view()
        left_behind = {
            reader
            for reader, state in view.states.items()
            if state == "sending"
        }
        assert left_behind
        assert named(send) == left_behind
        resumed = send.run()
        assert named(send) == left_behind
        assert resumed.code == 1
        assert resumed.lines == [
            f"briefing: {_readers(len(left_behind))} may or may not have the issue"
        ]
        assert send.broken == []


def _readers(count: int) -> str:
    return "1 reader" if count == 1 else f"{count} readers"


def test_after_a_kill_in_a_request_its_readers_are_uncertain(
    children: Children,
) -> None:
    with sendgrid(children, readers=40) as send:
        assert send.run(point="request: after its answer").killed
        left_behind = send.view().count("sending")
        assert len(named(send)) == left_behind > 0


def test_while_another_command_sends_no_reader_is_called_uncertain(
    children: Children,
) -> None:
    gate = Gate()
    with smtp(children, Rule("dot", Kill(gate), nth=3), connections=1) as send:
        child = send.start()
        gate.wait()
        said = status(send, "--names").out
        found = json.loads(status(send, "--json").out)
        gate.open()
        assert send.end(child).code == 0
        assert "Another briefing command is sending right now" in said
        assert "uncertain" not in said
        assert (found["being_sent"], found["counts"]["uncertain"]) == (True, 0)


def test_a_send_that_only_settles_what_a_kill_left_isnt_a_green_success(
    children: Children,
) -> None:
    with smtp(children, readers=2, connections=1) as send:
        assert send.run(point="body: with the dot", nth=2).killed
        assert send.view().left == 0
        ended = send.run()
        assert ended.code == 1
        assert "There was nothing left to send." in ended.out
        assert "0 emails accepted" not in ended.out
