"""Which password opens the mailbox."""

import pytest

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.secrets.mailbox_password import mailbox_password

ACCOUNT = "imaps://leave%40example.org@mail.example.org"


def set_up(newsletter: Newsletter, address: str) -> None:
    file = newsletter.root / "briefing.toml"
    text = file.read_text("utf-8").replace(
        "[mailbox]\n", f'[mailbox]\nleaving = "{address}"\n'
    )
    file.write_text(text, "utf-8")


def test_a_mailbox_on_a_server_has_one(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(newsletter, ACCOUNT)
    with pytest.raises(RefusedError, match="BRIEFING_MAILBOX_PASSWORD"):
        mailbox_password(newsletter)
    monkeypatch.setenv("BRIEFING_MAILBOX_PASSWORD", "of the mailbox")
    assert mailbox_password(newsletter) == "of the mailbox"


def test_a_maildir_has_none(newsletter: Newsletter) -> None:
    set_up(newsletter, "mail")
    assert mailbox_password(newsletter) == ""
