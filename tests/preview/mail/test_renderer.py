"""Each edition is rendered only once as long as its files stay the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from briefing.errors import BriefingError
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter
from briefing.preview.mail.renderer import Renderer
from briefing.preview.web.stamps import Stamp

SAME: Stamp = frozenset()
OTHER: Stamp = frozenset({("style.css", 1, 2, 3)})


def edition(newsletter: Newsletter, folder: Path) -> Edition:
    return store.drafts(newsletter, folder)[0]


def test_the_same_files_give_the_very_same_rendering(
    newsletter: Newsletter, folder: Path
) -> None:
    renderer = Renderer()
    first = renderer.render(newsletter, edition(newsletter, folder), SAME)
    again = renderer.render(newsletter, edition(newsletter, folder), SAME)
    assert again is first


def test_a_change_of_the_issue_or_of_another_file_is_rendered(
    newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    renderer = Renderer()
    first = renderer.render(newsletter, edition(newsletter, folder), SAME)
    other = renderer.render(newsletter, edition(newsletter, folder), OTHER)
    assert other is not first
    issue.write_text("# Another\n", "utf-8")
    changed = renderer.render(newsletter, edition(newsletter, folder), OTHER)
    assert changed.subject == "Another"


def test_what_cannot_be_rendered_fails_each_time(
    newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    issue.write_text("# T\n\n### A\nimage: missing.jpg\n", "utf-8")
    renderer = Renderer()
    for _ in range(2):
        with pytest.raises(BriefingError, match="there is no photo"):
            renderer.render(newsletter, edition(newsletter, folder), SAME)


def test_no_thread_finds_an_empty_module_while_the_inliner_loads() -> None:
    code = (
        "import sys, briefing.preview.mail.renderer\n"
        "from briefing.rendering import inlining\n"
        "library = sys.modules['urllib.request']\n"
        "inlining._cssutils()\n"
        "assert sys.modules['urllib.request'] is library"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
