"""axe-core finds nothing in any email: on a phone and on a wide screen, in light and in dark."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.judges import pages
from tests.judges.mails import ALL, LOOKS
from tests.judges.packages import needs, package

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).with_name("axe.js").read_text("utf-8")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that mistake Arabic letters for ornaments, and skip them."""

pytestmark = needs("axe-core")

Screen = tuple[Literal["light", "dark"], int]
"""A colour scheme and a width."""

EACH_ONCE: Sequence[Screen] = [("dark", 375), ("light", 700)]
"""Each colour scheme and each width."""
TOGETHER: Sequence[Screen] = [("light", 375), ("dark", 700)]
"""The other pairs of them."""

STAND_INS = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/\p{Script=Arabic}/gu, 'x');
}"""


def violations(
    page: "Page", html: str, screens: Sequence[Screen] = EACH_ONCE
) -> set[str]:
    """What axe-core finds in a document; colours around Arabic letters are judged on Latin ones in
    their place.
    """
    page.set_content(html)
    page.evaluate(package("axe-core/axe.min.js").read_text("utf-8"))
    found = _everywhere(page, screens, [])
    if any("\u0600" <= letter <= "\u06ff" for letter in html):
        page.evaluate(STAND_INS)
        found |= _everywhere(page, screens, COLOURS)
    return found


def _everywhere(
    page: "Page", screens: Sequence[Screen], rules: list[str]
) -> set[str]:
    found: set[str] = set()
    for scheme, width in screens:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found.update(
            f"{scheme}, {width} px: {violation}"
            for violation in page.evaluate(AXE, rules)
        )
    return found


@pytest.mark.parametrize("name", LOOKS)
def test_axe_finds_nothing(
    page: "Page", mails: Mapping[str, bytes], name: str
) -> None:
    assert not violations(page, pages.with_pictures(mails[name]))


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_in_any_email_on_any_screen(
    page: "Page", mails: Mapping[str, bytes], name: str
) -> None:
    mail = pages.with_pictures(mails[name])
    assert not violations(page, mail, [*EACH_ONCE, *TOGETHER])


class TestTheJudge:
    """The judge finds what is broken, so its silence means something."""

    HTML = '<!DOCTYPE html><html lang="en"><head><title>Email</title>%s</head><body><h1>Headline</h1>%s</body></html>'

    def test_a_picture_without_words_and_a_skipped_heading_are_found(
        self, page: "Page"
    ) -> None:
        found = violations(
            page, self.HTML % ("", '<h3>Skipped</h3><img src="cid:a">')
        )
        assert {violation.split(": ")[1] for violation in found} == {
            "heading-order",
            "image-alt",
        }

    @pytest.mark.parametrize("text", ["Pale words", "浅色的字", "سۇس خەتلەر"])
    def test_pale_text_is_found_in_each_script(
        self, page: "Page", text: str
    ) -> None:
        found = violations(
            page, self.HTML % ("", f'<p style="color:#aaaaaa">{text}</p>')
        )
        assert {violation.split(": ")[1] for violation in found} == {
            "color-contrast"
        }

    def test_text_that_is_pale_in_dark_alone_is_found(
        self, page: "Page"
    ) -> None:
        dark = "<style>@media (prefers-color-scheme: dark) { body { color: #333333; background: #222222; } }</style>"
        found = violations(page, self.HTML % (dark, "<p>Words</p>"))
        assert {violation.split(",")[0] for violation in found} == {"dark"}
