"""The package's templates are compiled once, and an organisation's again in each process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment

from briefing.languages import load_language
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering import compiled_templates
from briefing.rendering.templates import Templates
from tests.rendering.test_templates import override, rendered_html

NAMES = sorted(path.name for path in package_templates().glob("*.*"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where compiled templates are kept, as in a program that was just installed and starts."""
    monkeypatch.setattr(compiled_templates, "FOLDER", tmp_path)
    monkeypatch.setattr(compiled_templates, "_compiled", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def start_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Forget what this process has compiled; return a list to which each template is added that is
    compiled from now on.
    """
    monkeypatch.setattr(compiled_templates, "_compiled", {})
    compiled: list[str] = []
    compile_: Callable[..., object] = Environment.compile

    def noted(
        environment: Environment, source: str, name: str, *more: object
    ) -> object:
        compiled.append(name)
        return compile_(environment, source, name, *more)

    monkeypatch.setattr(Environment, "compile", noted)
    return compiled


def test_the_next_program_compiles_nothing(
    newsletter: Newsletter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = rendered_html(newsletter)
    assert len(list(folder.glob("*.jinja"))) == 8
    compiled = start_again(monkeypatch)
    assert rendered_html(newsletter) == page
    assert compiled == []


def test_a_damaged_file_is_made_again(
    newsletter: Newsletter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = rendered_html(newsletter)
    kept = sorted(folder.glob("*.jinja"))
    contents = [path.read_bytes() for path in kept]
    for path, damaged in zip(kept, (b"", b"j2", b"\0" * 99), strict=False):
        path.write_bytes(damaged)
    compiled = start_again(monkeypatch)
    assert rendered_html(newsletter) == page
    assert len(compiled) == 3
    assert [path.read_bytes() for path in kept] == contents


def test_without_a_place_for_them_it_works_as_well(
    newsletter: Newsletter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_templates, "FOLDER", folder / "missing")
    assert "A ruling" in rendered_html(newsletter)


def test_an_own_template_is_never_kept_in_a_file(
    newsletter: Newsletter, folder: Path
) -> None:
    override(newsletter, "footer.html.j2", "<p>Our own footer</p>")
    own = newsletter.template_folders
    templates = Templates(newsletter, load_language("en", own), {})
    assert templates.render("footer.html.j2", {}) == "<p>Our own footer</p>"
    assert not list(folder.glob("*.jinja"))


@pytest.mark.parametrize("name", NAMES)
def test_the_packages_templates_are_compiled_alike_in_all_languages(
    newsletter: Newsletter, name: str
) -> None:
    source = (package_templates() / name).read_text("utf-8")
    compiled = []
    for lang in ("en", "ug"):
        languages = newsletter.template_folders
        filters = dict.fromkeys(
            [
                "prose",
                "plain_prose",
                "label",
                "headline",
                "byline",
                "credit",
                "publisher",
                "photographer",
                "contact",
                "tappable",
                "link_text",
            ],
            lambda *_, lang=lang: lang,
        )
        templates = Templates(
            newsletter, load_language(lang, languages), filters
        )
        environment = templates._environment
        compiled.append(environment.compile(source, name, raw=True))
    assert compiled[0] == compiled[1]
