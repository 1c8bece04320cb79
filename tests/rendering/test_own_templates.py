"""Copies of the package's templates: complete, never instead of a file that is there, and recognised
when they are older than the package's.
"""

import os
import shutil
from pathlib import Path

import pytest

from briefing.errors import NotFoundError, RefusedError
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering import own_templates
from briefing.rendering.edition import render
from tests.rendering.newsletters import edition

ISSUE = "# Weekly Brief\ndate: 2020-10-09\n\nA word.\n\n## News\n\n### A ruling\nsource: Harbour Post\n\nIts text.\n"


def test_all_templates_and_style_sheets_have_a_name_and_say_what_they_are() -> (
    None
):
    names = own_templates.template_names()
    files = [path for path in package_templates().iterdir() if path.is_file()]
    assert sorted(names) == sorted(path.name for path in files)
    for name in names:
        assert own_templates.description(name), name


def test_a_name_that_no_template_has_is_refused_with_those_that_there_are() -> (
    None
):
    own_templates.refuse_unknown(own_templates.template_names())
    with pytest.raises(
        NotFoundError,
        match=r"no template 'feet\.j2'; use one of .*footer\.html\.j2",
    ):
        own_templates.refuse_unknown(["footer.html.j2", "feet.j2"])


def test_an_email_of_unchanged_copies_is_the_same_email(
    newsletter: Newsletter,
) -> None:
    before = render(newsletter, edition(newsletter, ISSUE))
    own_templates.copy_templates(newsletter, own_templates.template_names())
    assert render(newsletter, edition(newsletter, ISSUE)) == before


def test_a_copy_says_in_its_first_line_where_it_is_from(
    newsletter: Newsletter,
) -> None:
    assert own_templates.copy_templates(newsletter, ["item.txt.j2"]) == [
        "item.txt.j2"
    ]
    copy = (newsletter.root / "templates" / "item.txt.j2").read_text("utf-8")
    first, _, rest = copy.partition("\n")
    assert first.startswith("{# Copied from briefing ")
    assert first.endswith(f"{own_templates.ADVICE} #}}")
    assert rest == (package_templates() / "item.txt.j2").read_text("utf-8")


def test_a_file_that_is_there_is_never_overwritten(
    newsletter: Newsletter,
) -> None:
    own = newsletter.root / "templates"
    own.mkdir()
    (own / "footer.html.j2").write_text("<p>mine</p>")
    copied = own_templates.copy_templates(
        newsletter, ["footer.html.j2", "footer.txt.j2"]
    )
    assert copied == ["footer.txt.j2"]
    assert (own / "footer.html.j2").read_text() == "<p>mine</p>"


def test_a_link_in_place_of_the_folder_is_refused(
    newsletter: Newsletter, tmp_path: Path
) -> None:
    (newsletter.root / "templates").symlink_to(tmp_path)
    with pytest.raises(RefusedError):
        own_templates.copy_templates(newsletter, ["footer.html.j2"])
    assert not (tmp_path / "footer.html.j2").exists()


class TestUpdates:
    @pytest.fixture
    def packaged(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The package's templates in a folder where a test can change them, as a new version does."""
        folder = tmp_path / "package"
        shutil.copytree(package_templates(), folder)
        for module in ("newsletter", "rendering.own_templates"):
            monkeypatch.setattr(
                f"briefing.{module}.package_templates", lambda: folder
            )
        return folder

    def test_a_copy_is_outdated_once_its_original_changes(
        self, newsletter: Newsletter, packaged: Path
    ) -> None:
        own_templates.copy_templates(newsletter, own_templates.template_names())
        copy = newsletter.root / "templates" / "item.html.j2"
        copy.write_text(copy.read_text("utf-8") + "<p>Ours</p>", "utf-8")
        assert list(own_templates.outdated_copies(newsletter)) == []
        with (packaged / "item.html.j2").open("a", encoding="utf-8") as file:
            file.write("<p>New</p>")
        assert list(own_templates.outdated_copies(newsletter)) == [copy]

    @pytest.mark.parametrize("content", [b"<p>ours</p>", b"\xff", b""])
    def test_a_template_that_isnt_a_copy_is_never_outdated(
        self, newsletter: Newsletter, content: bytes
    ) -> None:
        own = newsletter.root / "templates"
        own.mkdir()
        (own / "footer.html.j2").write_bytes(content)
        assert list(own_templates.outdated_copies(newsletter)) == []


def test_a_pipe_in_place_of_a_template_is_never_waited_for(
    newsletter: Newsletter,
) -> None:
    own = newsletter.template_folders[0]
    own.mkdir(exist_ok=True)
    os.mkfifo(own / "plain.css")
    assert list(own_templates.outdated_copies(newsletter)) == []
