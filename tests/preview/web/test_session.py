"""Port and key are kept, so that an open page goes on after a restart."""

import stat

import pytest

from briefing.newsletter import Newsletter
from briefing.preview.web.session import BrowserSession, load, save


def test_a_session_is_loaded_as_it_was_saved(newsletter: Newsletter) -> None:
    session = BrowserSession(8123, load(newsletter).key)
    save(newsletter, session)
    assert load(newsletter) == session
    path = newsletter.state / "desk.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_a_session_there_is_a_new_key_each_time(
    newsletter: Newsletter,
) -> None:
    first, second = load(newsletter), load(newsletter)
    assert first.port == second.port == 0
    assert first.key != second.key


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "{}", '{"port": 1}', '{"port": 1, "key": ""}'),
        '{"port": "1", "key": "0123456789012345678901234567890123456789"}',
        '{"port": -1, "key": "0123456789012345678901234567890123456789"}',
        '{"port": 1, "key": "short"}',
    ],
)
def test_a_file_that_no_session_wrote_is_not_trusted(
    newsletter: Newsletter, text: str
) -> None:
    newsletter.state.mkdir()
    (newsletter.state / "desk.json").write_text(text, "utf-8")
    session = load(newsletter)
    assert session.port == 0
    assert len(session.key) > 30
