"""The stream that tells open pages of changes."""

import re
from itertools import islice

from briefing.preview.web.changes import Changes
from briefing.preview.web.stream import events
from tests.preview.conftest import Get


def test_each_change_is_an_event_and_several_at_once_are_one(
    changes: Changes,
) -> None:
    stream = events(changes, 0)
    assert next(stream) == "retry: 500\n\n"
    changes.announce()
    assert next(stream) == "id: 1\ndata: 2020-10-09\n\n"
    changes.announce()
    changes.announce()
    assert next(stream) == "id: 3\ndata: 2020-10-09\n\n"


def test_the_changes_of_all_issues_are_told_apart(changes: Changes) -> None:
    stream = events(changes, 0)
    next(stream)
    other = changes.of("2020-10-16")
    other.announce()
    assert next(stream) == "id: 1\ndata: 2020-10-16\n\n"
    changes.announce()
    other.announce()
    assert next(stream) == "id: 3\ndata: 2020-10-16 2020-10-09\n\n"


def test_a_change_since_the_page_was_made_is_an_event(
    get: Get, changes: Changes
) -> None:
    seen = re.search(r'data-seen="(\d+)"', get("/").text)
    assert seen
    changes.announce()
    response = get(f"/changes?seen={seen[1]}", buffered=False)
    assert response.mimetype == "text/event-stream"
    lines = list(islice(response.iter_encoded(), 2))
    assert lines[1] == b"id: 1\ndata: 2020-10-09\n\n"


def test_a_page_of_an_earlier_run_hears_of_the_first_change(
    get: Get, changes: Changes
) -> None:
    changes.announce()
    earlier = {"Last-Event-ID": "7"}
    response = get("/changes?seen=0", headers=earlier, buffered=False)
    stream = response.iter_encoded()
    next(stream)
    changes.announce()
    assert next(stream) == b"id: 2\ndata: 2020-10-09\n\n"


def test_the_stream_ends_with_the_preview(get: Get, changes: Changes) -> None:
    changes.end()
    assert get("/changes?seen=0").text == "retry: 500\n\n"
