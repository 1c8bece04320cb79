"""The questions of 'briefing setup': which settings a real send needs, and which are set. No I/O here."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from briefing.configuration.settings import TABLES, exposure
from briefing.configuration.settings_file import Value
from briefing.configuration.toml_tables import kind_of
from briefing.newsletter import EXAMPLE_ADDRESS, SETTINGS_FILE, blank_newsletter
from briefing.sending.transports.registry import Provider

from .preflight.missing_settings import unreachable_reason

Tables = Mapping[str, Mapping[str, Any]]
"""What briefing.toml sets, without defaults."""


_SECURITY_BY_PORT: Mapping[Any, str] = {465: "tls", 587: "starttls"}
"""What these ports are for; with the other one, a server never answers."""


@dataclass(frozen=True, slots=True)
class SetupQuestion:
    """A setting to ask for."""

    table: str
    key: str
    required: bool = False
    """Whether an empty answer counts as none."""
    example: str | None = None
    """What a new newsletter's setting contains: it counts as not set."""
    is_for_readers: bool = False
    """Whether it is an address that readers must be able to reach."""

    @property
    def name(self) -> str:
        return f"[{self.table}] {self.key}"

    def value(self, tables: Tables) -> Any:
        """Return what the file sets, or None."""
        return tables.get(self.table, {}).get(self.key)

    def suggestion(self, tables: Tables) -> Any:
        """Return the answer to suggest: what the file sets, or what follows from another answer; or
        None.
        """
        if self.key != "security":
            return self.value(tables)
        port = tables.get(self.table, {}).get("port")
        suggested = _SECURITY_BY_PORT.get(port, self.value(tables))
        return "starttls" if self.problem(suggested, tables) else suggested

    def is_answered(self, tables: Tables) -> bool:
        """Whether the file sets it; where it isn't required, an empty value is an answer as well."""
        value = self.value(tables)
        if value is None or self.is_example(value):
            return False
        if self.problem(value, tables):
            return False
        return bool(value) or not self.required

    def problem(self, value: Any, tables: Tables) -> str:
        """Return why a setting can't be used beside the others, although settings.py accepts it; empty
        if it can.
        """
        if self.key == "security":
            return exposure(tables[self.table].get("host", ""), value)
        return unreachable_reason(value) if self.is_for_readers else ""

    def is_example(self, value: Any) -> bool:
        return self.example is not None and self.example in str(value)

    def parse(self, typed: str) -> Value:
        """Return what was typed as the file needs it; settings.py judges whether it can be used."""
        kind = kind_of(TABLES[self.table], self.key)
        if kind is list:
            return [part for part in re.split(r"[\s,;]+", typed) if part]
        if kind is int and typed.strip().isdecimal():
            return int(typed)
        return typed.strip()


SENDER = SetupQuestion(
    "newsletter",
    "from",
    required=True,
    example=EXAMPLE_ADDRESS,
)
POSTAL_ADDRESS = SetupQuestion("newsletter", "address")
UNSUBSCRIBE_PAGE = SetupQuestion("unsubscribe", "url", is_for_readers=True)
UNSUBSCRIBE_AT = SetupQuestion("unsubscribe", "via")
UNSUBSCRIBE_ADDRESS = SetupQuestion(
    "unsubscribe", "mailto", required=True, is_for_readers=True
)
TEST_ADDRESSES = SetupQuestion("send", "test", required=True)


def of_provider(provider: Provider) -> list[SetupQuestion]:
    """Return the questions on the provider's table."""
    return [
        SetupQuestion(provider.name, key, required=key in provider.required)
        for key in provider.keys
    ]


def of_newsletter(read_tables: Callable[[], Tables]) -> Iterator[SetupQuestion]:
    """Yield the other questions. The file is read while they are asked: a page where readers
    unsubscribe makes an address for it unnecessary.
    """
    yield from (SENDER, POSTAL_ADDRESS, UNSUBSCRIBE_PAGE)
    ways_to_leave = UNSUBSCRIBE_PAGE, UNSUBSCRIBE_AT
    if not any(question.value(read_tables()) for question in ways_to_leave):
        yield UNSUBSCRIBE_ADDRESS
    yield TEST_ADDRESSES


def explanations() -> dict[str, str]:
    """Return what each setting is for, by its name as in `[smtp] host`: its comment in the settings
    of a new newsletter.
    """
    text = (blank_newsletter() / SETTINGS_FILE).read_text("utf-8")
    found: dict[str, str] = {}
    table = ""
    # No TOML parser finds them: most settings are examples after a #.
    for line in text.split("\n"):
        heading = re.match(r"\[([a-z.]+)\]", line)
        setting = re.match(r"(?:# )?([a-z_]+) = .*?  # (.*)", line)
        if heading:
            table = heading[1]
        elif setting:
            found[f"[{table}] {setting[1]}"] = setting[2]
    return found
