"""briefing subscribers keys: the keys that let editors and their server trust each other."""

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers keys
briefing subscribers keys --renew
"""


@decorators.command("keys", examples=EXAMPLES)
@click.option(
    "--renew",
    is_flag=True,
    help="Replace both keys. Requests that only the old private key can open are lost.",
)
@decorators.pass_newsletter
def keys(newsletter: Newsletter, renew: bool) -> None:
    """Make the missing keys for the server where readers leave and join.

    The private key opens readers' requests, which are encrypted on the server.
    The sync key identifies you to the server. Both stay on this computer: in its
    keyring or, if there is none, in .briefing/, the private key protected by a
    passphrase that you choose. The server gets the public key, and a digest of
    the sync key, which is of no use to a thief.

    For a sync without a terminal, the passphrase can be in the environment as
    BRIEFING_KEY_PASSPHRASE.
    """
    from briefing.joining.protocol import key_digest
    from briefing.sending.secrets import credentials, editor_keys
    from briefing.sending.secrets.editor_secrets import SYNC_KEY

    if renew or not editor_keys.has_key(newsletter):
        public, place = editor_keys.new_key(newsletter, _ask_new_passphrase)
        output.echo(
            f"Your public key:\n\n  {public}\n\n"
            "Add it to 'keys' under [joining] in briefing.toml, here and on the server. With\n"
            "several keys there, each of them opens every request: let a second editor make\n"
            "one too, so that a lost computer or passphrase does no harm.\n"
            f"\nThe private key is in {place}.\n"
            "It must never be on the server.\n"
        )
    else:
        output.echo("This computer has a private key already; it was kept.\n")
    sync_key = credentials.find(newsletter, SYNC_KEY)
    if renew or not sync_key:
        sync_key, place = editor_keys.new_sync_key(newsletter)
        output.echo(f"The new sync key is in {place}.")
    output.echo(
        f"The digest of the sync key:\n\n  {key_digest(sync_key)}\n\n"
        "Put it into the server's environment as BRIEFING_SYNC_KEY_DIGEST, or into\n"
        ".briefing/sync-key-digest there."
    )


def _ask_new_passphrase() -> str:
    """Return the passphrase for a new key: from the environment, or typed twice."""
    from briefing.sending.secrets import credentials, editor_secrets

    if given := credentials.from_environment(editor_secrets.PASSPHRASE):
        return given
    if not prompts.is_interactive():
        raise RefusedError(
            "without a terminal, the new passphrase must be in the environment as "
            f"{editor_secrets.PASSPHRASE.variable}"
        )
    output.echo(
        "This computer has no keyring, so the key is saved in a file, protected by a\n"
        "passphrase. Choose four or five words that have nothing to do with each other."
    )
    passphrase: str = click.prompt(
        "Passphrase", hide_input=True, confirmation_prompt="Again"
    )
    return passphrase
