"""One sender at a time; a process that died holds no lock."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from briefing.errors import BusyError
from briefing.newsletter import Newsletter
from briefing.sending.ledger import send_lock
from briefing.sending.ledger.schema import State
from briefing.sending.ledger.send_lock import hold, is_free, while_free
from tests.sending.conftest import counts, received, send_issue, smtp_to
from tests.sending.servers.smtp import SmtpServer


def test_a_second_sender_is_refused_and_sends_nothing(
    sendable: Newsletter, server: SmtpServer
) -> None:
    with (
        hold(sendable),
        pytest.raises(BusyError, match="wait until it has finished"),
    ):
        send_issue(sendable)
    assert not sendable.rehearsals.exists()
    with hold(sendable), pytest.raises(BusyError):
        send_issue(sendable, smtp_to(sendable, server))
    assert not received(server)


def test_is_free_says_whether_anyone_is_sending(sendable: Newsletter) -> None:
    assert is_free(sendable.state)
    with hold(sendable):
        assert not is_free(sendable.state)
    assert is_free(sendable.state)
    assert (sendable.state / send_lock.FILE).stat().st_mode & 0o777 == 0o600


def test_as_long_as_it_is_kept_free_no_process_can_take_it(
    sendable: Newsletter,
) -> None:
    with hold(sendable):
        pass
    with while_free(sendable.state) as free:
        assert free
        with pytest.raises(BusyError), hold(sendable):
            pass
    with hold(sendable), while_free(sendable.state) as free:
        assert not free


def test_the_lock_ends_with_its_process(sendable: Newsletter) -> None:
    ours, its = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(sendable.root, its)
    )
    child.start()
    assert ours.recv() == "held"
    with pytest.raises(BusyError):
        send_issue(sendable)
    child.kill()
    child.join()
    assert counts(send_issue(sendable)) == {State.ACCEPTED: 30}


def _hold(root: Path, parent: Connection) -> None:
    with hold(Newsletter(root)):
        parent.send("held")
        parent.recv()  # which never comes
