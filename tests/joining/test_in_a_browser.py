"""Readers use the pages in a real browser, with and without JavaScript, in every language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from briefing.joining.protocol import RequestKind
from briefing.joining.wishes import Change, Join, Wish, decrypt
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.joining.conftest import (
    EDITOR,
    HOST,
    SAFETY_NET,
    TOKEN,
    MailServer,
    Server,
    make_folder,
    receiving,
    running,
)
from tests.judges.packages import needs
from tests.preview.browsers import expect, needs_chromium
from tests.preview.test_desk_accessibility import (
    EACH_ONCE,
    TOGETHER,
    Screen,
    violations,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

LANGUAGES = ["en", "de", "tr", "ug", "zh"]


@dataclass
class Shared:
    """What the tests share: a browser takes longer to start than a test."""

    server: Server
    mail_server: MailServer
    browser: "Browser"

    def last(self) -> Wish:
        """Return what the last reader asked for."""
        return decrypt(self.server.requests()[-1], [EDITOR])


@pytest.fixture(scope="module")
def shared(
    browser: "Browser", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("server")
    with (
        receiving() as mail_server,
        running(make_folder(folder, mail_server.port)) as server,
    ):
        server.send_tokens(TOKEN)
        rule = f"MAP {HOST} 127.0.0.1:{server.port}"
        # Another one, since only a whole browser can look up a host elsewhere.
        with browser.browser_type.launch(
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, f"--host-resolver-rules={rule}"],
        ) as other:
            yield Shared(server, mail_server, other)


# The pages have no scripts, so nothing should differ.
@pytest.fixture(
    scope="module",
    params=[
        pytest.param(False, id="no scripts"),
        pytest.param(True, id="scripts", marks=pytest.mark.long),
    ],
)
def tab(shared: Shared, request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A tab that stays open: a new one takes as long as a test."""
    context = shared.browser.new_context(
        java_script_enabled=request.param,
        locale="en-GB",
        base_url=f"http://{HOST}",
    )
    page = context.new_page()
    page.set_default_timeout(SAFETY_NET * 1000)
    yield page
    context.close()


@pytest.fixture
def page(tab: "Page") -> Iterator["Page"]:
    yield tab
    assert tab.context.cookies() == []


def press(page: "Page", button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def subscribe(page: "Page") -> None:
    """Send the form, and wait for the page that answers."""
    with page.expect_event("load"):
        press(page, "Subscribe")


def expect_heading(page: "Page", heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_somebody_joins(page: "Page", shared: Shared) -> None:
    count = len(shared.mail_server.mails)
    address = f"amina{count}@example.org"
    page.goto("/join")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Name").fill("Amina Yusuf")
    page.get_by_label("Language of the emails").select_option("ug")
    page.get_by_label("I want to get Weekly Brief by email.").check()
    subscribe(page)
    # Faster than people are: the page asks to press once more, until enough time has passed.
    while page.get_by_role("alert").count():
        page.wait_for_timeout(200)
        subscribe(page)
    expect_heading(page, "Check your inbox")
    page.goto(shared.mail_server.link(count + 1))
    page.get_by_role("link", name="English").click()
    expect(page.locator("main")).to_contain_text(address)
    press(page, "Yes, subscribe")
    expect_heading(page, "You are subscribed")
    join = shared.last()
    assert isinstance(join, Join)
    assert (join.address, join.lang) == (address, "ug")


def test_a_reader_leaves(page: "Page", shared: Shared) -> None:
    page.goto(f"/leave/{TOKEN}")
    page.get_by_role("link", name="ئۇيغۇرچە").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("link", name="English").click()
    press(page, "Unsubscribe")
    expect_heading(page, "You are unsubscribed")
    page.reload()
    expect_heading(page, "You are unsubscribed")
    assert shared.server.requests()[-1].kind is RequestKind.LEAVE


def test_a_reader_changes_the_language_instead(
    page: "Page", shared: Shared
) -> None:
    page.goto(f"/leave/{TOKEN}")
    page.get_by_role("combobox", name="Language").select_option("zh")
    press(page, "Change")
    expect_heading(page, "Thank you")
    change = shared.last()
    assert isinstance(change, Change)
    assert (change.token, change.lang, change.name) == (TOKEN, "zh", None)


def test_no_page_has_a_field_that_people_see_and_must_not_fill_in(
    page: "Page",
) -> None:
    page.goto("/join")
    assert page.locator("[name=website]").count() == 1
    expect(page.locator("[name=website]")).not_to_be_visible()


PATHS = [
    f"/leave/{TOKEN}",
    "/leave/x",
    "/join",
    "/confirm/x",
    f"/undo/{TOKEN}/{'A' * 60}",
    "/elsewhere",
]


# What differs by language is the direction; the words are the translators'.
@needs("axe-core")
@pytest.mark.parametrize(
    ("lang", "screens"),
    [
        ("en", EACH_ONCE[:1]),
        *(
            pytest.param(lang, [*EACH_ONCE, *TOGETHER], marks=pytest.mark.long)
            for lang in LANGUAGES
        ),
    ],
)
def test_axe_finds_nothing(
    shared: Shared, screens: Sequence[Screen], lang: str
) -> None:
    shared.server.join(f"{lang}@example.org")
    link = shared.mail_server.link(len(shared.mail_server.mails) or 1)
    page = shared.browser.new_page(base_url=f"http://{HOST}")
    found: list[str] = []
    for path in [*PATHS, link]:
        page.goto(f"{path}?lang={lang}")
        found += violations(page, screens)
    page.goto(f"/join?lang={lang}")
    page.locator("form").evaluate("form => form.noValidate = true")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += violations(page, screens)
    page.close()
    assert found == []


# German has the longest words, and Uyghur runs in the other direction.
@pytest.mark.parametrize(
    "lang",
    [
        pytest.param(
            lang, marks=[] if lang in {"de", "ug"} else pytest.mark.long
        )
        for lang in LANGUAGES
    ],
)
def test_nothing_is_wider_than_the_screen(shared: Shared, lang: str) -> None:
    page = shared.browser.new_page(base_url=f"http://{HOST}")
    for path in PATHS:
        page.goto(f"{path}?lang={lang}")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, path
    page.close()
