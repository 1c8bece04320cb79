"""Which password opens a mailbox."""

import pytest

from briefing.errors import RefusedError
from briefing.mailbox.position import Purpose
from briefing.newsletter import Newsletter
from briefing.sending.secrets.mailbox_password import password_for

ACCOUNT = "imaps://leave%40example.org@mail.example.org"
OTHER_ACCOUNT = "imaps://inbox%40example.org@mail.example.org"


@pytest.fixture(autouse=True)
def _passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", "of the mailbox")
    monkeypatch.setenv("BRIEFING_INBOX_PASSWORD", "of the inbox")


def set_up(newsletter: Newsletter, **addresses: str) -> None:
    lines = [f'{key} = "{address}"\n' for key, address in addresses.items()]
    file = newsletter.root / "briefing.toml"
    text = file.read_text("utf-8").replace(
        "[mailbox]\n", f"[mailbox]\n{''.join(lines)}"
    )
    file.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("addresses", "purpose", "expected"),
    [
        ({"leaving": ACCOUNT}, Purpose.LEAVING, "of the mailbox"),
        ({"inbox": ACCOUNT}, Purpose.INBOX, "of the mailbox"),
        (
            {"leaving": f"{ACCOUNT}/INBOX", "inbox": f"{ACCOUNT}/Articles"},
            Purpose.INBOX,
            "of the mailbox",
        ),
        (
            {"leaving": ACCOUNT, "inbox": OTHER_ACCOUNT},
            Purpose.INBOX,
            "of the inbox",
        ),
        (
            {"leaving": ACCOUNT, "inbox": OTHER_ACCOUNT},
            Purpose.LEAVING,
            "of the mailbox",
        ),
        (
            {"leaving": "mail", "inbox": ACCOUNT},
            Purpose.INBOX,
            "of the mailbox",
        ),
        ({"leaving": "mail", "inbox": ACCOUNT}, Purpose.LEAVING, ""),
    ],
)
def test_each_account_has_its_own(
    newsletter: Newsletter,
    addresses: dict[str, str],
    purpose: Purpose,
    expected: str,
) -> None:
    set_up(newsletter, **addresses)
    assert password_for(newsletter, purpose) == expected


def test_a_missing_one_is_named(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIEFING_INBOX_PASSWORD")
    set_up(newsletter, leaving=ACCOUNT, inbox=OTHER_ACCOUNT)
    with pytest.raises(RefusedError, match="BRIEFING_INBOX_PASSWORD"):
        password_for(newsletter, Purpose.INBOX)
