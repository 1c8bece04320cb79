"""The documentation matches the program."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

from briefing.checks.rule import rules_of
from briefing.configuration.settings import TABLES
from briefing.issue import markdown
from briefing.issue.header_lines import ISSUE_HEADERS, ITEM_HEADERS
from docs import checks, commands, modules, templates

ROOT = Path(__file__).parents[1]
OUTDATED = "run 'make docs'"
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").glob("*.md"),
]


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert commands.FILE.read_text("utf-8") == commands.document(), OUTDATED


def test_the_page_of_checks_is_what_the_rules_say() -> None:
    assert checks.FILE.read_text("utf-8") == checks.document(), OUTDATED


def test_the_tables_of_templates_are_what_the_code_gives_them() -> None:
    assert templates.FILE.read_text("utf-8") == templates.document(), OUTDATED


def test_every_rule_has_a_name_of_its_own_and_says_what_to_do() -> None:
    rules = list(
        chain.from_iterable(map(rules_of, checks.ALL_FAMILIES.values()))
    )
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.name)
        assert re.search(r"[.:] ", rule.description), rule.name
        assert rule.description.endswith("."), rule.name


@pytest.mark.parametrize("family", checks.ALL_FAMILIES.values())
def test_every_rule_is_named_in_the_tests_of_its_family(
    family: ModuleType,
) -> None:
    *packages, name = family.__name__.removeprefix("briefing.").split(".")
    page = ROOT.joinpath("tests", *packages, f"test_{name}.py")
    tests = page.read_text("utf-8")
    for rule in rules_of(family):
        assert f'"{rule.name}"' in tests, (
            f"{page.name} has no broken sample for it"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_has_a_main_heading_twice(page: Path) -> None:
    """As it would after two branches that moved the same part were merged."""
    headings = re.findall(r"^##? .*", page.read_text("utf-8"), re.MULTILINE)
    assert len(set(headings)) == len(headings)


def test_the_modules_are_listed_on_their_own_page_only() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert modules.BEGIN not in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_in_the_package_and_linked_in_the_readme(
    page: Path,
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    path = page.relative_to(ROOT).as_posix()
    assert wheel["force-include"].get(path) == f"briefing/docs/{page.name}", (
        "it needs a line in pyproject.toml, beside those of the other pages"
    )
    readme = (ROOT / "README.md").read_text("utf-8")
    assert path == "README.md" or f"]({path})" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(
        r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")
    ):
        assert (page.parent / target).exists(), target


def test_the_example_of_the_issue_format_is_one() -> None:
    page = (ROOT / "docs" / "issue-format.md").read_text("utf-8")
    example = re.search(r"```markdown\n(.*?)```", page, re.DOTALL)
    assert example
    issue = markdown.read(example[1], Path("issue.md"))
    assert len(list(issue.items)) == 2


def test_the_issue_format_names_every_header_line() -> None:
    page = (ROOT / "docs" / "issue-format.md").read_text("utf-8")
    for name in (*ISSUE_HEADERS, *ITEM_HEADERS):
        assert f"| `{name}` |" in page


def test_the_page_of_modules_lists_each_by_its_first_sentence() -> None:
    assert modules.FILE.read_text("utf-8") == modules.document(), OUTDATED


def test_the_drawing_of_the_layers_names_what_the_contract_names() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawing = page.partition("## Layers")[2].split("```")[1]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "tool"
    ]["importlinter"]["contracts"]
    for layer in contracts[0]["layers"]:
        for name in layer.split(" | "):
            assert name == "__main__" or re.search(rf"\b{name}\b", drawing), (
                name
            )


@pytest.mark.parametrize("name", ["architecture", "decisions", "testing"])
def test_every_file_that_a_page_for_engineers_names_exists(name: str) -> None:
    folders = ("briefing", "tests", "benchmarks", "templates")
    files = [
        path.as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*.*")
    ]
    page = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    for named in re.findall(r"`([\w/]+\.(?:py|js|html))`", page):
        assert any(path.endswith(f"/{named}") for path in files), named


def test_the_settings_of_a_new_newsletter_name_every_table() -> None:
    text = (ROOT / "templates" / "newsletter" / "briefing.toml").read_text(
        "utf-8"
    )
    assert re.findall(r"^\[(\w+)\]", text, re.MULTILINE) == list(TABLES), (
        "templates/newsletter/briefing.toml has other tables, or another order, than settings.py"
    )
