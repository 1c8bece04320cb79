"""briefing subscribers keys: the keys that let editors and their server trust each other."""

import click

from briefing.cli import decorators, output, prompts
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter

NEW_EXAMPLES = """\
briefing subscribers keys new
briefing subscribers keys new --replace
"""
SYNC_EXAMPLES = """\
briefing subscribers keys sync
"""


@decorators.command("new", examples=NEW_EXAMPLES)
@click.option(
    "--replace",
    is_flag=True,
    help="Replace an existing key. Anything that only the old key can open is lost.",
)
@decorators.json_option
@decorators.pass_newsletter
def new(newsletter: Newsletter, replace: bool, as_json: bool) -> None:
    """Make the key pair that decrypts readers' requests.

    Requests to join or to change an address are encrypted on the server. Only
    an editor's private key opens them. It stays on this computer: in its
    keyring or, if there is none, in .briefing/private-key.age, protected by a
    passphrase that you choose. The public key is for the server's settings.

    For a sync without a terminal, the passphrase can be in the environment as
    BRIEFING_KEY_PASSPHRASE.
    """
    from briefing.sending.secrets import editor_keys

    if editor_keys.has_key(newsletter) and not replace:
        raise RefusedError(
            "this computer already has a private key; with --replace, a new one takes its place, and anything that "
            "only the old one can open is lost"
        )
    public, place = editor_keys.new_key(newsletter, _ask_new_passphrase)
    if as_json:
        output.print_json({"public_key": public, "private_key": place})
        return
    output.echo(f"Your public key:\n\n  {public}\n")
    output.echo(
        "Add it to 'keys' under [joining] in briefing.toml, here and on the server. With\n"
        "several keys there, each of them opens every request: let a second editor make\n"
        "one too, so that a lost computer or passphrase does no harm.\n"
        f"\nThe private key is in {place}.\n"
        "It must never be on the server."
    )


@decorators.command("sync", examples=SYNC_EXAMPLES)
@decorators.json_option
@decorators.pass_newsletter
def sync(newsletter: Newsletter, as_json: bool) -> None:
    """Make the sync key, which identifies you to the server.

    The key stays on this computer, in its keyring or in .briefing/sync-key. The
    server gets only the key's digest, which is of no use to a thief. A new key
    replaces an earlier one: give the server its digest.
    """
    from briefing.joining.protocol import key_digest
    from briefing.sending.secrets import editor_keys

    key, place = editor_keys.new_sync_key(newsletter)
    digest = key_digest(key)
    if as_json:
        output.print_json({"digest": digest, "key": place})
        return
    output.echo(f"The digest for the server:\n\n  {digest}\n")
    output.echo(
        "Put it into the server's environment as BRIEFING_SYNC_KEY_DIGEST, or into\n"
        ".briefing/sync-key-digest there.\n"
        f"\nThe key itself is in {place}."
    )


command = decorators.Group(
    "keys",
    commands=[new, sync],
    help="Make the keys for your server where readers leave and join.",
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
    passphrase: str = prompts.ask(
        "Passphrase", hide_input=True, confirmation_prompt="Again"
    )
    return passphrase
