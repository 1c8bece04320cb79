"""Pages that are blocked, and why."""

import pytest

from briefing.collecting.web.blocked import blocked_reason
from briefing.collecting.web.page import Page
from briefing.collecting.web.refusals import not_a_page
from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    THIRD,
    URL,
    article,
    json_ld,
    page,
)


@pytest.mark.parametrize(
    ("body", "head", "reason"),
    [
        ("", "", "is an empty page"),
        (
            "<div id='app'></div><script>start()</script>",
            "",
            "is an empty page",
        ),
        ("<p>Loading</p>", "", "has no text"),
        (
            "<h1>Just a moment...</h1><p>Checking your browser before you go on.</p>",
            "",
            "whether you are human",
        ),
        (
            "<p>One moment.</p>",
            "<script src='/cdn-cgi/challenge-platform/x.js'></script>",
            "whether you are human",
        ),
        ("<h1>Access denied</h1>", "", "whether you are human"),
        (
            "<h1>Before you continue</h1><p>We and our 812 partners value your privacy.</p><button>Accept all</button>",
            "",
            "consent",
        ),
        (
            "<h1>Bevor Sie fortfahren</h1><p>Mit Werbung weiterlesen</p>",
            "",
            "consent",
        ),
        (
            "<p>Look for it elsewhere.</p>",
            "<title>404 – Page not found</title>",
            "is gone",
        ),
        (
            "<h1>Seite nicht gefunden</h1><p>Das tut uns leid.</p>",
            "",
            "is gone",
        ),
        (
            f"<h1>Library</h1><p>{FIRST}</p><div>Already a subscriber? Log in to read on.</div>",
            "",
            "without a subscription",
        ),
        (
            f"<h1>Library</h1><p>{FIRST}</p><div class='paywall-offer'>One month for one coin</div>",
            json_ld('{"@type": "NewsArticle", "isAccessibleForFree": false}'),
            "without a subscription",
        ),
    ],
)
def test_the_reason_says_what_blocks_the_page(
    body: str, head: str, reason: str
) -> None:
    assert reason in blocked_reason(page(body, head))


@pytest.mark.parametrize(
    "below",
    [
        "",
        "<p>We use cookies. Accept all.</p>",
        "<div>Already a subscriber? Subscribe to read more.</div>",
        "<div class='paywall'></div>",
        "<p>Error 404 was the name of the readers’ group.</p>",
        "<form>Are you a robot? Solve the captcha to comment.</form>",
    ],
)
def test_a_complete_article_is_not_blocked_whatever_is_below_it(
    below: str,
) -> None:
    assert (
        blocked_reason(article(*[FIRST, SECOND, THIRD] * 4, below=below)) == ""
    )


def test_a_short_article_is_not_blocked() -> None:
    assert blocked_reason(article(FIRST)) == ""
    assert (
        blocked_reason(
            article("图书馆在星期一被镇议会关闭，没有人被问过这个计划。" * 4)
        )
        == ""
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"GIF89a", "a picture"),
        (b"PK\x03\x04", "an archive"),
    ],
)
def test_other_files_are_named(data: bytes, kind: str) -> None:
    assert not_a_page(data) == f"is {kind}, not a web page"
    blocked_reason(Page.read(data, URL))


def test_a_page_is_not_mistaken_for_another_file() -> None:
    assert not_a_page(b"<!doctype html>") == ""
    assert not_a_page(b"") == ""
