"""constraints.txt and tests/constraints.txt: the versions of all dependencies, each with its hashes."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ]+).*\\$((?:\n +--hash=sha256:[0-9a-f]{64}.*)+)",
    re.MULTILINE,
)
NAME = re.compile(r"[A-Za-z0-9._-]+")
UPDATE = "run 'make constraints'"


def pins(file: str) -> dict[str, str]:
    """Return the version of each dependency."""
    text = (ROOT / file).read_text("utf-8")
    found = {name: pinned for name, pinned, _ in PIN.findall(text)}
    names = re.findall(r"^[^ #]+(?===)", text, re.MULTILINE)
    assert list(found) == names, "each has a hash"
    return found


def wanted(*extras: str) -> set[str]:
    """Return the names of the dependencies in pyproject.toml, as pip normalises them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    requirements = list(project["dependencies"])
    for extra in extras:
        requirements += project["optional-dependencies"][extra]
    names = [NAME.match(requirement) for requirement in requirements]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


@pytest.mark.parametrize(
    ("file", "extras"),
    [("constraints.txt", ()), ("tests/constraints.txt", ("keyring", "test"))],
)
def test_every_dependency_has_its_version(
    file: str, extras: tuple[str, ...]
) -> None:
    assert wanted(*extras) - set(pins(file)) == set(), UPDATE


def test_both_files_name_the_same_versions() -> None:
    tested = pins("tests/constraints.txt")
    for name, pinned in pins("constraints.txt").items():
        assert tested[name] == pinned, UPDATE


def test_these_versions_are_the_tested_ones() -> None:
    installed = {}
    for name in pins("tests/constraints.txt"):
        try:
            installed[name] = version(name)
        except PackageNotFoundError:  # for another system or Python
            continue
    tested = pins("tests/constraints.txt")
    assert installed == {name: tested[name] for name in installed}, (
        "run 'make test'"
    )


def test_no_file_names_a_server() -> None:
    for file in ("constraints.txt", "tests/constraints.txt"):
        assert "://" not in (ROOT / file).read_text("utf-8")
