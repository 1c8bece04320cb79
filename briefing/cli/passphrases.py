"""Ask for the passphrase of an editor's private key."""

from briefing.errors import RefusedError

from . import output, prompts


def ask_new() -> str:
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


def ask() -> str:
    """Return the passphrase of the key in the file, typed once."""
    from briefing.sending.secrets import editor_secrets

    if not prompts.is_interactive():
        raise RefusedError(
            "without a terminal, the passphrase of your private key must be in the environment as "
            f"{editor_secrets.PASSPHRASE.variable}"
        )
    with output.without_progress():
        passphrase: str = prompts.ask(
            "Passphrase of your private key", hide_input=True
        )
    return passphrase
