"""caniemail's data: without its style sheet, an email only uses what Gmail, Outlook, Apple Mail and
Yahoo support.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.judges import pages
from tests.judges.mails import ALL
from tests.judges.packages import judged, needs

pytestmark = needs("caniemail")

HARMLESS = {
    "<body> element",  # some put its content into a div; colours are said on our own wrapper, too
    "color-scheme meta tag",  # those who don't know it choose dark colours themselves, or none
    "height property",  # `auto`, said for pictures: the same as nothing said
    "word-break",  # only for addresses longer than a line
}
"""Features that needn't be supported: without them, readers miss nothing."""


UNSUPPORTED = "unsupported"


def unknown(files: list[Path], folder: Path) -> dict[str, Any]:
    """The features of each page, without its style sheet, that one of the programs doesn't support."""
    bare = []
    for file in files:
        bare.append(folder / file.name)
        bare[-1].write_text(
            pages.without_style(file.read_text("utf-8")), "utf-8"
        )
    return judged("caniemail.mjs", bare)


@pytest.fixture(scope="module")
def all_findings(
    files: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Of the emails and of a page with unsupported features, so that one start of the judge is
    enough.
    """
    page = tmp_path_factory.mktemp("unsupported") / f"{UNSUPPORTED}.html"
    page.write_text(
        '<div style="display: flex; gap: 8px"><picture>A</picture></div>',
        "utf-8",
    )
    return unknown([*files, page], tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def findings(all_findings: dict[str, Any]) -> dict[str, Any]:
    """Of the emails alone."""
    return {
        name: found
        for name, found in all_findings.items()
        if name != UNSUPPORTED
    }


@pytest.mark.parametrize("name", ALL)
def test_an_email_uses_nothing_that_one_of_them_does_not_support(
    findings: dict[str, Any], name: str
) -> None:
    assert not {
        feature: programs
        for feature, programs in findings[name].items()
        if feature not in HARMLESS
    }


def test_what_is_listed_as_harmless_is_still_used(
    findings: dict[str, Any],
) -> None:
    assert {
        feature for features in findings.values() for feature in features
    } == HARMLESS


def test_the_judge_names_the_programs_that_do_not_support_a_feature(
    all_findings: dict[str, Any],
) -> None:
    found = all_findings[UNSUPPORTED]
    assert "outlook.windows" in found["display:flex"]
    assert "gmail.ios" in found["<picture> element"]
