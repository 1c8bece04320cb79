"""Single settings written into briefing.toml: everything else in it stays."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.configuration import settings_file
from briefing.configuration.settings_file import set_in_text
from briefing.errors import SettingsError
from briefing.newsletter import Newsletter


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings of a new newsletter."""
    newsletter = Newsletter.create(
        tmp_path / "weekly", name="A", organisation="B", sender="a@example.org"
    )
    return newsletter.root / "briefing.toml"


def changed_lines(before: str, after: str) -> list[str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [new for old, new in pairs if old != new]


def test_a_setting_goes_above_the_tables_for_languages() -> None:
    text = """[newsletter]
name = "A"
from = "a@example.org"
languages = ["en", "ug"]

[newsletter.ug]
address = "14-نومۇر"
"""
    after = set_in_text(text, "newsletter", "address", "14 Quay Street")
    assert tomllib.loads(after)["newsletter"] == {
        "name": "A",
        "from": "a@example.org",
        "languages": ["en", "ug"],
        "address": "14 Quay Street",
        "ug": {"address": "14-نومۇر"},
    }


def test_an_example_becomes_the_setting_and_its_comment_stays_in_its_column(
    file: Path,
) -> None:
    before = file.read_text("utf-8")
    settings_file.write_setting(file, "smtp", "host", "mail.example.org")
    (line,) = changed_lines(before, file.read_text("utf-8"))
    assert line.startswith('host = "mail.example.org"  ')
    old = next(
        line for line in before.splitlines() if line.startswith("# host")
    )
    assert line.rindex("# ") == old.rindex("# ")


def test_a_setting_is_changed_in_its_place(file: Path) -> None:
    before = file.read_text("utf-8")
    settings_file.write_setting(file, "send", "test", ["me@example.org"])
    (line,) = changed_lines(before, file.read_text("utf-8"))
    assert line.startswith('test = ["me@example.org"]  ')
    assert line.endswith(
        "# where 'briefing send --test' goes: your own addresses"
    )


def test_a_table_within_a_table_is_named_with_a_dot() -> None:
    before = (
        '[collect]\nevidence = true\n\n[collect.names]\n"example.org" = "A"\n'
    )
    after = set_in_text(before, "collect.names", "example.net", "B")
    assert after == f'{before}"example.net" = "B"\n'
    added = tomllib.loads(set_in_text("", "collect.names", "example.net", "B"))
    assert added == {"collect": {"names": {"example.net": "B"}}}


def test_a_table_that_is_missing_is_added() -> None:
    after = set_in_text(
        "[newsletter]\nname = 'A' # mine\n", "smtp", "port", 465
    )
    assert after.startswith("[newsletter]\nname = 'A' # mine\n")
    assert tomllib.loads(after)["smtp"] == {"port": 465}


@pytest.mark.parametrize(
    "text",
    [
        "[smtp]\nport = 25\n",
        "smtp.port = 25\n",
        "smtp = { port = 25 }\n",
        "[smtp]\n# port = 25  # an example\n",
        "[smtp]\n# port = 25\nport = 26\n",
        '[smtp]\n# port = 25\n"port" = 26\n',
        "[smtp]\r\n# port = 25\r\nport = 26\r\n",
        "[send]\n# port = 25\n[smtp]\n",
    ],
)
def test_every_way_to_write_a_table_is_understood(text: str) -> None:
    after = set_in_text(text, "smtp", "port", 465)
    assert tomllib.loads(after)["smtp"]["port"] == 465
    assert after.count("465") == 1


def test_line_ends_and_the_byte_order_mark_of_windows_stay() -> None:
    before = "\ufeff[smtp]\r\n# host = 'a'  # the server\r\nport = 25\r\n"
    after = set_in_text(before, "smtp", "host", "b")
    assert (
        after == '\ufeff[smtp]\r\nhost = "b"    # the server\r\nport = 25\r\n'
    )


def test_a_value_that_cannot_be_used_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(
        SettingsError, match="must be a number from 1 to 65,535"
    ):
        settings_file.write_setting(file, "smtp", "port", 0)
    assert file.read_bytes() == before


def test_a_file_that_was_deleted_meanwhile_stays_away_and_is_reported(
    file: Path,
) -> None:
    file.unlink()
    with pytest.raises(SettingsError, match="there is no such file"):
        settings_file.write_setting(file, "smtp", "port", 465)
    assert not file.exists()


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_is_read_back_and_nothing_else_changes(
    value: str,
) -> None:
    before = "[a]\nx = 1 # one\n[b]\n# y = ''  # two\nz = [3,\n 4]\n"
    after = set_in_text(before, "b", "y", value)
    tables = tomllib.loads(after)
    assert tables == {"a": {"x": 1}, "b": {"y": value, "z": [3, 4]}}
    assert "x = 1 # one" in after
    assert "# two" in after
