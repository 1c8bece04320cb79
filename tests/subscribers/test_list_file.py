"""A list is changed by one command at a time, and never while somebody else edits it."""

from pathlib import Path

import pytest

from briefing.errors import BusyError, ChangedError, RefusedError
from briefing.newsletter import Newsletter
from briefing.subscribers import list_file
from briefing.subscribers.subscriber_list import open_list

CONTENT = b"email\nann@example.org\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "subscribers.csv"
    path.write_bytes(CONTENT)
    return path


def test_the_new_list_is_private(path: Path) -> None:
    path.chmod(0o644)
    list_file.replace(open_list(path), b"email\n")
    assert path.read_bytes() == b"email\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_edit_since_it_was_read_is_not_lost(path: Path) -> None:
    opened = open_list(path)
    path.write_bytes(CONTENT + b"bob@example.org\n")
    with pytest.raises(ChangedError, match="in the meantime"):
        list_file.replace(opened, b"email\n")
    assert path.read_bytes() == CONTENT + b"bob@example.org\n"


@pytest.mark.parametrize(
    ("mark", "program"),
    [
        (".~lock.subscribers.csv#", "LibreOffice"),
        ("~$subscribers.csv", "Excel"),
        (".subscribers.csv.swp", "a text editor"),
        (".subscribers.csv.kate-swp", "Kate"),
        (".#subscribers.csv", "a text editor"),
    ],
)
def test_a_list_that_is_open_elsewhere_is_left_alone(
    path: Path, mark: str, program: str
) -> None:
    # Emacs makes a link to nowhere.
    (path.parent / mark).symlink_to("nowhere")
    with pytest.raises(RefusedError, match=f"is open in {program}"):
        list_file.replace(open_list(path), b"email\n")
    assert path.read_bytes() == CONTENT


def test_a_link_is_not_replaced(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "list.csv"
    link.symlink_to(path)
    with pytest.raises(RefusedError, match="link"):
        list_file.replace(open_list(link), b"email\n")
    assert path.read_bytes() == CONTENT


def test_only_one_command_at_a_time(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_file, "PATIENCE", 0)
    with (
        list_file.lock(newsletter),
        pytest.raises(BusyError, match="another briefing command"),
        list_file.lock(newsletter),
    ):
        pass
    with list_file.lock(newsletter):
        pass
