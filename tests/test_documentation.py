"""The pages of the documentation, as a browser shows them."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from briefing import documentation

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    documentation.write_pages(folder)
    return folder


def pages(folder: Path) -> dict[str, str]:
    return {
        path.name: path.read_text("utf-8") for path in folder.glob("*.html")
    }


def test_the_first_page_is_the_readme_and_every_page_is_written(
    folder: Path,
) -> None:
    names_in_order = list(documentation.page_paths())
    assert names_in_order[:2] == ["README", "issue-format"]
    assert names_in_order[-1] == "CHANGELOG"
    readme = documentation.read_page("README")
    assert all(f"{name}.md)" in readme for name in names_in_order[1:])
    names = {path.stem for path in (ROOT / "docs").glob("*.md")}
    written = {name.removesuffix(".html") for name in pages(folder)}
    assert written == names | {"README", "CHANGELOG"}


def test_every_link_and_picture_between_the_pages_leads_somewhere(
    folder: Path,
) -> None:
    texts = pages(folder)
    for name, text in texts.items():
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            if re.match("[a-z]+:", target):
                continue
            file, _, anchor = unquote(target).partition("#")
            assert (folder / (file or name)).is_file(), (name, target)
            if anchor:
                assert f'id="{anchor}"' in texts[file or name], (name, target)


def test_a_page_loads_nothing_from_the_network(folder: Path) -> None:
    for text in pages(folder).values():
        assert not re.search(r'<(script|link|iframe)|src="[a-z]+:', text)


def test_tables_and_code_are_shown_as_such() -> None:
    shown = documentation.render_page(
        "a", "# A & B\n\n| x |\n|---|\n| `1` |\n", {"a": "A & B", "b": "B"}
    )
    assert "<td><code>1</code></td>" in shown
    assert '<a href="a.html" aria-current="page">A &amp; B</a>' in shown
    assert '<h1 id="a--b">' in shown


def test_writing_again_replaces_the_pages(folder: Path) -> None:
    page = documentation.write_pages(folder)["sending"]
    page.write_text("old", "utf-8")
    assert "<h1" in documentation.write_pages(folder)["sending"].read_text(
        "utf-8"
    )
