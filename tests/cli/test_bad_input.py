"""What an organisation can get wrong in its own design and languages: one line, exit 1, nothing
written.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Run


def template(name: str, text: str) -> Callable[[Path], None]:
    def spoil(newsletter: Path) -> None:
        path = newsletter / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return spoil


def setting(line: str, table: str = "look") -> Callable[[Path], None]:
    def spoil(newsletter: Path) -> None:
        path = newsletter / "briefing.toml"
        path.write_text(
            path.read_text("utf-8").replace(
                f"[{table}]\n", f"[{table}]\n{line}\n"
            ),
            "utf-8",
        )

    return spoil


def photo(spoil_file: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(newsletter: Path) -> None:
        folder = newsletter / "issues" / "2020-10-09"
        Image.effect_noise((800, 400), 80).save(folder / "photo.jpg")
        spoil_file(folder / "photo.jpg")
        path = folder / "issue.md"
        path.write_text(
            path.read_text("utf-8").replace(
                "source:", "image: photo.jpg\nsource:", 1
            ),
            "utf-8",
        )

    return spoil


def large_logo(newsletter: Path) -> None:
    setting('logo = "logo.png"')(newsletter)
    (newsletter / "logo.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + bytes(61 * 1024 * 1024)
    )


def catalogue(text: str) -> Callable[[Path], None]:
    def spoil(newsletter: Path) -> None:
        path = newsletter / "briefing.toml"
        path.write_text(
            path.read_text("utf-8").replace('["en"]', '["tr"]'), "utf-8"
        )
        template("languages/tr.po", text)(newsletter)

    return spoil


HEAD = 'msgid ""\nmsgstr ""\n"Language: tr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            template("item.html.j2", "<p>\n{% if %}\n"),
            "templates/item.html.j2, line 2: can't be read:",
        ),
        (
            template("item.html.j2", "\n\n{{ item.headlin }}"),
            "templates/item.html.j2, line 3: can't be rendered:",
        ),
        (
            template("footer.html.j2", "{% include 'nothing.j2' %}"),
            "nothing.j2",
        ),
        (
            template("style.css", "p { color: {{ look.nothing }}; }"),
            "templates/style.css, line 1: can't be rendered:",
        ),
        (setting('accent = "green"'), "'accent' must be a colour"),
        (
            setting('acent = "#112233"'),
            "there is no setting 'acent' in [look]; did you mean 'accent'?",
        ),
        (setting('logo = "none.png"'), "none.png: there is no such file"),
        (large_logo, "logo.png: is larger than 60 MB; make it smaller first"),
        (
            photo(lambda path: path.write_bytes(path.read_bytes()[:2000])),
            "photo.jpg: is damaged or cut off",
        ),
        (
            photo(lambda path: path.write_bytes(b"<svg/>")),
            "photo.jpg: isn't an image that emails can show",
        ),
        (
            photo(lambda path: path.write_bytes(b"")),
            "photo.jpg: isn't an image that emails can show",
        ),
        (
            catalogue(f'{HEAD}"Plural-Forms: nplurals=2; plural=((((;\\n"\n'),
            "languages/tr.po",
        ),
        (
            catalogue(
                f'{HEAD}\nmsgid "Contact: %(contact)s"\nmsgstr "%(kontakt)s"\n'
            ),
            "languages/tr.po, line 6: a translation must",
        ),
        (catalogue("no catalogue at all"), "languages/tr.po"),
    ],
)
def test_it_is_one_line_with_its_place_and_nothing_is_written(
    issue: Path, run: Run, spoil: Callable[[Path], None], words: str
) -> None:
    path = issue / "issues" / "2020-10-09" / "issue.md"
    path.write_text(
        path.read_text("utf-8").replace(
            "kind: press-release", "contact: Jo\nkind: press-release"
        ),
        "utf-8",
    )
    path.write_text(
        path.read_text("utf-8") + "\n### More\ncontact: Jo Doe\n\nText.\n",
        "utf-8",
    )
    spoil(issue)
    result = run("render", "--out", "out")
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (issue / "out").exists()


@pytest.mark.parametrize(
    "css",
    [
        "p { color: }",
        "p { color",
        "}}}}",
        "@media { p {",
        "p { color: #12 }",
        "\x00",
        "a" * 100_000,
    ],
)
def test_an_unreadable_style_sheet_is_one_line_or_ignored(
    issue: Path, run: Run, css: str
) -> None:
    template("style.css", css)(issue)
    result = run("render", "--out", "out")
    assert result.exit_code in {0, 1}
    assert result.stderr.count("\n") == result.exit_code
