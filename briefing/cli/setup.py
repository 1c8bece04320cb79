"""briefing setup: ask for what a real send needs, and test the server."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.errors import RefusedError, SettingsError, TransportError
from briefing.newsletter import SETTINGS_FILE, Newsletter
from briefing.sending.transports import registry

from . import decorators, output, prompts
from .setup_hints import fail_for_missing

if TYPE_CHECKING:
    from briefing.sending.preflight.missing_settings import MissingSetting
    from briefing.sending.secrets.credentials import Secret
    from briefing.sending.setup_questions import SetupQuestion
    from briefing.sending.transports.registry import Provider

EXAMPLES = """\
briefing setup
briefing setup --again               ask for everything, even what is set
briefing setup --check               only list what is missing
"""


@decorators.command("setup", examples=EXAMPLES)
@click.option(
    "--via",
    type=click.Choice(list(registry.PROVIDERS)),
    help="The provider to set up (default: the one in briefing.toml; if there is none, you are asked).",
)
@click.option("--again", is_flag=True, help="Also ask for what is already set.")
@click.option(
    "--check",
    is_flag=True,
    help="Ask nothing, change nothing; list what is missing.",
)
@decorators.pass_newsletter
def command(
    newsletter: Newsletter,
    via: str | None,
    again: bool,
    check: bool,
) -> None:
    """Set up real sends: enter what is missing, and test the server.

    You are asked for your mail provider, its settings, the password or key, how readers unsubscribe,
    and your test addresses. The answers go into briefing.toml, whose comments stay. What you type as
    a password isn't shown, and is saved in a file that only you can read, or in the keyring of this
    computer.

    Then briefing connects to the server and logs in. No email is sent. At the end, and with --check,
    it lists what is still missing, and exits with 1 if anything is. Run it again at any time: you are
    asked only for what isn't set.
    """
    from briefing.sending.preflight import missing_settings

    name = via or missing_settings.provider_in_use(newsletter)
    if check:
        _show_missing(missing_settings.find(newsletter, name), name)
        return
    if not prompts.is_interactive():
        raise RefusedError(
            "this asks questions, so it needs a terminal; 'briefing setup --check' lists what is missing"
        )
    interview = _Interview(newsletter.root, again=again)
    if not name or (again and not via):
        name = interview.choose_provider(name)
    provider = registry.provider(name)
    interview.ask_everything(provider)
    missing = missing_settings.find(Newsletter(newsletter.root), provider.name)
    fail_for_missing(missing)
    interview.try_server(provider)
    _show_missing(missing, provider.name)


class _Interview:
    """The questions to the person at the terminal. Each answer is saved immediately."""

    def __init__(self, root: Path, *, again: bool) -> None:
        from briefing.sending import setup_questions

        self.root = root
        self.again = again
        self.file = root / SETTINGS_FILE
        self.explanations = setup_questions.explanations()

    def ask_everything(self, provider: "Provider") -> None:
        """Ask for the provider's settings and secrets, then for what every real send needs."""
        from briefing.sending import setup_questions

        self._ask_provider(provider)
        self._ask(setup_questions.of_newsletter(self._tables))

    def try_server(self, provider: "Provider") -> None:
        """Try the server until it takes emails with the settings. Exit with 1 if the person gives up."""
        while not self._connects(provider):
            if not click.confirm("Enter its settings again?", default=True):
                output.fail(
                    "the server doesn't work with these settings yet; run 'briefing setup' again"
                )
            self.again = True
            self._ask_provider(provider)

    def choose_provider(self, current: str) -> str:
        """Ask who delivers the emails."""
        output.echo(
            "Who delivers your emails? 'briefing docs sending' helps you choose."
        )
        for provider in registry.PROVIDERS.values():
            output.echo(f"  {provider.name:<10}{provider.title}")
        names = list(registry.PROVIDERS)
        name: str = click.prompt(
            "Provider",
            type=click.Choice(names, case_sensitive=False),
            default=current or names[0],
        )
        output.echo()
        return name

    def _ask_provider(self, provider: "Provider") -> None:
        from briefing.sending import setup_questions
        from briefing.sending.preflight import missing_settings

        self._ask(setup_questions.of_provider(provider))
        newsletter = Newsletter(self.root)
        missing = missing_settings.missing_secrets(newsletter, provider)
        for secret in provider.secrets_for(newsletter.settings):
            if (newsletter.state / secret.file).exists() and secret in missing:
                output.warn(missing[secret])
            if self.again or secret in missing:
                self._ask_secret(newsletter, secret)
            else:
                output.echo(f"The {secret.label} is set.", dim=True)

    def _ask(self, questions: "Iterable[SetupQuestion]") -> None:
        for question in questions:
            if question.is_answered(self._tables()) and not self.again:
                _show_set(question, self._tables())
            else:
                self._ask_one(question)

    def _ask_one(self, question: "SetupQuestion") -> None:
        """Ask until the answer can be used, then write it into briefing.toml."""
        output.echo(question.name, bold=True)
        output.say(self.explanations[question.name], "  ")
        default = self._default(question)
        hint = "" if question.required or default else " (Enter: none)"
        is_written = False
        while not is_written:
            typed = click.prompt(
                f"  {question.key}{hint}",
                default=default,
                show_default=bool(default),
            )
            is_written = self._write(question, typed)

    def _write(self, question: "SetupQuestion", typed: str) -> bool:
        """Write an answer into briefing.toml; False, and a line that says why, if it can't be used."""
        from briefing.configuration.settings_file import write_setting

        value = question.parse(typed)
        if question.required and not value:
            output.warn(
                "this is needed for a real send; type it, or press Ctrl-C: what you have entered is saved"
            )
            return False
        problem = question.problem(value, self._tables())
        if problem:
            output.warn(problem)
            return False
        try:
            write_setting(self.file, question.table, question.key, value)
        except SettingsError as error:
            output.warn(error.message)
            return False
        return True

    def _default(self, question: "SetupQuestion") -> str:
        from briefing.configuration import settings

        loaded = settings.load(self.file)
        value: Any = question.suggestion(self._tables())
        if value is None:
            value = getattr(getattr(loaded, question.table), question.key, "")
        if question.is_example(value):
            return ""
        return _on_one_line(value)

    def _ask_secret(self, newsletter: Newsletter, secret: "Secret") -> None:
        from briefing.sending.secrets import credentials

        output.echo(f"The {secret.label}", bold=True)
        output.echo(
            "  What you type or paste isn't shown. Press Enter alone to change nothing."
        )
        value = click.prompt(
            "  type it", hide_input=True, default="", show_default=False
        ).strip()
        if not value:
            return
        place = _keep_in_keyring(newsletter, secret, value)
        output.echo(
            f"  Saved in {place or credentials.store(newsletter, secret, value)}."
        )
        if credentials.from_environment(secret):
            output.warn(
                f"{secret.variable} in the environment is used instead, as long as it is set"
            )

    def _connects(self, provider: "Provider") -> bool:
        """Whether the server takes emails with these settings; none is sent."""
        from briefing.keys import Key

        newsletter = Newsletter(self.root)
        output.echo(
            f"Trying {provider.server(newsletter.settings) or provider.title}…"
        )
        try:
            transport = provider.connect(newsletter, Key.of(newsletter))
            transport.open()
        except (TransportError, RefusedError) as error:
            output.warn(str(error))
            return False
        transport.close()
        output.echo("It can be reached, and accepts mail from you.", fg="green")
        return True

    def _tables(self) -> Mapping[str, Any]:
        from briefing.configuration.settings_file import read_tables

        return read_tables(self.file)


def _keep_in_keyring(
    newsletter: Newsletter, secret: "Secret", value: str
) -> str:
    """Put a secret into the keyring of this computer, if there is one and the person wants that.

    Return the keyring's name; empty: the secret isn't in it.
    """
    from briefing.sending.secrets import credentials

    question = "  Save it in the keyring of this computer, not in a file?"
    if not credentials.has_keyring() or not click.confirm(
        question, default=False
    ):
        return ""
    try:
        return credentials.store_in_keyring(newsletter, secret, value)
    except RefusedError as error:
        output.warn(str(error))
        return ""


def _show_set(question: "SetupQuestion", tables: Mapping[str, Any]) -> None:
    shown = _on_one_line(question.value(tables))
    line = f"{question.name:<22} {shown or 'none'}"
    output.echo(output.cut(line, output.COLUMNS), dim=True)


def _on_one_line(value: object) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def _show_missing(missing: "list[MissingSetting]", name: str) -> None:
    """Print what is missing, and exit with 1 if anything is."""
    if not missing:
        output.echo("Everything is set up for a real send.", fg="green")
        output.say(
            f"Next: 'briefing send --via {name} --test' emails an issue to your test addresses."
        )
        return
    is_missing = "setting is" if len(missing) == 1 else "settings are"
    output.echo(
        f"{len(missing)} {is_missing} missing for a real send:", fg="yellow"
    )
    for setting in missing:
        output.say(setting.message, "  ", rest="    ")
    output.echo("'briefing setup' asks for everything that is missing.")
    sys.exit(1)
