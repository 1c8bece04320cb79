"""With an invitation's link people join; once it is withdrawn, they don't."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from briefing.errors import BriefingError, FileError, RefusedError
from briefing.joining import protocol
from briefing.joining.protocol import Mode
from briefing.syncing.server import invitations as module
from briefing.syncing.server.api import ServerApi
from briefing.syncing.server.invitations import Invitations
from tests.joining.conftest import MailServer
from tests.syncing.conftest import SYNC_KEY, Home

DAY = dt.date(2020, 10, 9)


@pytest.fixture
def api(home: Home) -> ServerApi:
    joining = home.newsletter.settings.joining
    api = ServerApi(joining.url, SYNC_KEY, host=joining.host)
    api.set_mode(Mode.INVITED)
    return api


def heading(home: Home, link: str) -> str:
    """Return what somebody gets to see who joins by a link."""
    path = urlsplit(link).path
    return home.server.join("amina@example.org", path).heading


def test_people_join_by_the_link_until_it_is_withdrawn(
    home: Home, api: ServerApi, mail_server: MailServer
) -> None:
    first = Invitations(home.newsletter)
    link = first.add(api, "Autumn conference", DAY)
    other = first.add(api, "Spring", DAY)
    assert link.startswith("https://join.example.org/join/")
    assert heading(home, link) == "Check your inbox"
    later = Invitations(home.newsletter)
    assert [each.name for each in later.all] == ["Autumn conference", "Spring"]
    later.withdraw(api, "Autumn conference")
    assert heading(home, link) == "By invitation only"
    assert heading(home, other) == "Check your inbox"
    assert len(Invitations(home.newsletter).all) == 1


def test_the_link_is_kept_nowhere(home: Home, api: ServerApi) -> None:
    link = Invitations(home.newsletter).add(api, "Autumn", DAY)
    code = link.rpartition("/")[2].encode()
    for folder in (home.newsletter.root, home.server.folder):
        for path in folder.rglob("*"):
            assert not path.is_file() or code not in path.read_bytes()
    path = home.newsletter.state / module.FILE
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_name_is_used_once(home: Home, api: ServerApi) -> None:
    invitations = Invitations(home.newsletter)
    invitations.add(api, "Autumn", DAY)
    with pytest.raises(RefusedError, match="'Autumn' already"):
        invitations.add(api, " Autumn\n", DAY)
    with pytest.raises(RefusedError, match="no invitation 'Spring'"):
        invitations.withdraw(api, "Spring")


def test_there_are_only_so_many(
    home: Home, api: ServerApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "MOST_INVITATIONS", 1)
    invitations = Invitations(home.newsletter)
    invitations.add(api, "Autumn", DAY)
    with pytest.raises(RefusedError, match="withdraw some first"):
        invitations.add(api, "Spring", DAY)


def test_without_the_server_nothing_changes(home: Home, api: ServerApi) -> None:
    home.server.kill()
    with pytest.raises(BriefingError):
        Invitations(home.newsletter).add(api, "Autumn", DAY)
    assert Invitations(home.newsletter).all == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        '[{"name": "a"}]',
        "[" * 100_000,
        '[{"name": "a", "day": "b", "digest": "c"}]',
    ],
)
def test_a_damaged_record_is_named(home: Home, text: str) -> None:
    path = home.newsletter.state / module.FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    with pytest.raises(FileError, match=r"invitations\.json"):
        Invitations(home.newsletter)
