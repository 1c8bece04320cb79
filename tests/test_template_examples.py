"""The examples of docs/templates.md work exactly as they are printed, and the page says all that
templates are given.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from briefing.newsletter import Newsletter
from briefing.rendering import texts
from briefing.rendering.template_values import FILTERS, ITEM_VALUES, VALUES
from briefing.rendering.templates import Templates
from tests.rendering.newsletters import edition
from tests.template_examples import (
    EXAMPLES,
    ISSUE,
    blocks,
    follow,
    run,
    write_newsletter,
)

JUDGES = Path(__file__).parents[2] / "shared" / "judges" / "email" / "all.py"

CANNOT_JUDGE = 2
"""The exit code of judges that lack their packages."""

VISIBLE = {
    "Change one file": (),
    "A masthead of your own": ("What the valley read this week",),
    "A footer of your own": ("read the papers of the valley for you",),
    "Short news in two columns": ("Fewer trains",),
}
"""What each example shows, in both parts of the email."""

LANGUAGES = ("en", "de", "tr", "zh", "ug")


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def rendered(example: str, root: Path, lang: str = "en") -> Path:
    """Follow an example in a new newsletter; return the folder with its email."""
    write_newsletter(root, lang=lang)
    follow(example, root)
    run(root, "render", "--out", str(root / "out"))
    return root / "out"


def test_every_heading_with_steps_is_an_example() -> None:
    with_files = [
        heading
        for heading, steps in blocks().items()
        if any(step.language in {"html", "css"} for step in steps)
    ]
    assert tuple(with_files) == EXAMPLES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_finds_nothing_in_an_example(
    example: str, lang: str, tmp_path: Path
) -> None:
    write_newsletter(tmp_path, lang=lang)
    follow(example, tmp_path)
    assert "No findings" in run(tmp_path, "check")


def test_an_example_shows_what_it_is_for_in_both_parts(
    example: str, tmp_path: Path
) -> None:
    folder = rendered(example, tmp_path)
    for name in ("issue.html", "issue.txt"):
        text = (folder / name).read_text("utf-8")
        for words in VISIBLE[example]:
            assert words in text, name


def test_columns_are_side_by_side_where_there_is_room(tmp_path: Path) -> None:
    html = (
        rendered("Short news in two columns", tmp_path) / "issue.html"
    ).read_text("utf-8")
    assert html.count("max-width:260px") == 3
    assert html.count("vertical-align:top") == 3


@pytest.mark.long
@pytest.mark.skipif(
    not JUDGES.is_file(),
    reason="the judges of emails aren't beside this folder",
)
def test_the_columns_pass_every_judge_of_emails(tmp_path: Path) -> None:
    mails = []
    for lang in ("en", "ug"):
        (tmp_path / lang).mkdir()
        folder = rendered("Short news in two columns", tmp_path / lang, lang)
        mails.append(folder / "issue.eml")
    judged = subprocess.run(
        [sys.executable, JUDGES, *mails],
        capture_output=True,
        text=True,
        check=False,
    )
    if judged.returncode == CANNOT_JUDGE:
        pytest.skip(judged.stderr)
    assert judged.returncode == 0, judged.stdout


def test_the_page_names_every_value_and_filter_of_templates(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[str] = set()
    added: set[str] = set()
    render = Templates.render

    def spy(self: Templates, name: str, context: Mapping[str, Any]) -> str:
        given.update(context)
        added.update(self._environment.filters)
        return render(self, name, context)

    monkeypatch.setattr(Templates, "render", spy)
    texts.render_here(newsletter.root, edition(newsletter, ISSUE), {}, None)
    assert set(VALUES) == given
    assert set(FILTERS) == added - set(Environment().filters)  # noqa: S701  # nothing is rendered
    assert not set(ITEM_VALUES) & given
