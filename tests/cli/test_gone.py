"""Commands, options and settings of earlier versions: each is refused in one line that says what to do instead."""

import dataclasses
from pathlib import Path

import pytest

from briefing.cli import cli, usage_errors
from briefing.configuration import gone_settings, settings
from briefing.errors import SettingsError
from tests.cli.conftest import Run
from tests.cli.test_typed_addresses import commands

MINIMAL = '[newsletter]\nname = "Brief"\nfrom = "brief@example.org"\n'


def existing() -> set[str]:
    """Return each command, and each with each of its options, as in the table."""
    found = set()
    for names, command in commands(cli):
        path = " ".join(names)
        found.add(path)
        for option in command.params:
            found |= {f"{path} {name}" for name in option.opts}
    return found


@pytest.mark.parametrize("line", sorted(usage_errors.GONE.keys() - existing()))
def test_a_command_or_option(run: Run, line: str) -> None:
    words = line.split()
    if line == "--json":
        words = ["send", "--json"]
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("briefing: there is no ")
    assert result.stderr.endswith(f"; {usage_errors.GONE[line]}\n")


def is_gone(setting: str) -> bool:
    """Whether a setting of the table is gone: until then, it is still read."""
    table, _, key = setting.partition(".")
    key, _, value = key.partition("=")
    if not key:
        return table not in settings.TABLES
    if value:
        return value not in settings.PROVIDERS
    return key not in {
        field.name for field in dataclasses.fields(settings.TABLES[table])
    }


@pytest.mark.parametrize(
    "setting", [each for each in gone_settings.GONE if is_gone(each)]
)
def test_a_setting(setting: str) -> None:
    table, _, key = setting.partition(".")
    key, _, value = key.partition("=")
    line = f'{key or "region"} = "{value or "x"}"\n'
    text = f"{MINIMAL}[{table}]\n{line}"
    with pytest.raises(SettingsError) as caught:
        settings.parse(text, Path("briefing.toml"))
    last = 5 if key else 4
    said = f"briefing.toml, line {last}: {gone_settings.GONE[setting]}"
    assert str(caught.value) == said

    reported: list[SettingsError] = []
    read = settings.parse(text, Path("briefing.toml"), reported.append)
    assert list(map(str, reported)) == [said]
    assert read == settings.parse(MINIMAL, Path("briefing.toml"))


def test_a_heading_with_only_comments_as_earlier_versions_wrote_it() -> None:
    text = f'{MINIMAL}[ses]\n# region = "eu-west-1"\n'
    path = Path("briefing.toml")
    assert settings.parse(text, path) == settings.parse(MINIMAL, path)
