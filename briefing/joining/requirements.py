"""What the server still needs before it can start, as one list. Nothing here needs the network."""

from collections.abc import Iterator

from briefing.errors import RefusedError, display_path
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials
from briefing.sending.secrets.credentials import Secret
from briefing.sending.transports.registry import smtp_password

from .wishes import parse_public_keys

SYNC_DIGEST = Secret(
    "digest of your sync key (from 'briefing subscribers keys' on your own computer)",
    "BRIEFING_SYNC_KEY_DIGEST",
    "sync-key-digest",
    "briefing-sync-key-digest",
)
_DIGEST_LENGTH = 64
NEVER_HERE = ("subscribers.csv", ".briefing/key")
"""Files that would reveal the readers to anyone who seizes the server."""


def refuse_home(newsletter: Newsletter) -> None:
    """Raise RefusedError in a folder from which emails are sent."""
    for name in NEVER_HERE:
        path = newsletter.root / name
        if path.exists() or path.is_symlink():
            raise RefusedError(
                f"{display_path(path)} must not be on the server: anyone who seizes it would learn who your readers "
                "are; serve from a new folder with a copy of briefing.toml and nothing else"
            )


def sync_digest(newsletter: Newsletter) -> str:
    """Return the digest of home's key. Raises RefusedError."""
    digest = credentials.require(newsletter, SYNC_DIGEST).lower()
    if len(digest) != _DIGEST_LENGTH or not digest.isalnum():
        raise RefusedError(
            f"the digest of your sync key is incomplete: it must have {_DIGEST_LENGTH} letters and digits; run "
            "'briefing subscribers keys' on your own computer, and copy the whole line"
        )
    return digest


def missing(newsletter: Newsletter) -> Iterator[str]:
    """Yield a line for everything that is missing, with what to do."""
    settings = newsletter.settings
    joining = settings.joining
    smtp = settings.smtp
    sender = joining.sender
    url = joining.url
    if not url:
        yield (
            "'url' under [joining] in briefing.toml is empty; write where readers reach this server, such as "
            '"https://join.example.org"'
        )
    if sender is None:
        yield (
            "'from' under [joining] in briefing.toml is empty; write the sender of confirmation emails, such as "
            '"confirm@example.org"'
        )
    elif sender.address == settings.newsletter.sender.address:
        yield (
            "'from' under [joining] in briefing.toml is the newsletter's own sender; use another address, or "
            "complaints about confirmation emails count against your issues"
        )
    if not joining.keys:
        yield (
            "'keys' under [joining] in briefing.toml is empty; run 'briefing subscribers keys' on your own "
            "computer, and write the public key there"
        )
    try:
        parse_public_keys(joining.keys)
    except ValueError as error:
        yield f"'keys' under [joining] in briefing.toml: {error}"
    if not smtp.host:
        yield "'host' under [smtp] in briefing.toml is empty; write the mail server that sends the confirmation emails"
    if smtp.exposure:
        yield smtp.exposure
    leave = f"{url}/leave/{{token}}"
    if url and settings.unsubscribe.url != leave:
        yield (
            "'url' under [unsubscribe] in briefing.toml doesn't lead to this server; write "
            f'"{leave}", here and on your own computer'
        )
    for find in (smtp_password, sync_digest):
        try:
            find(newsletter)
        except RefusedError as error:
            yield str(error)
