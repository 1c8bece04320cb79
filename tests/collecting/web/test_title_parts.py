"""The parts of a title, and the site's names in it."""

import pytest

from briefing.collecting.web.title_parts import SiteNames
from tests.collecting.web.pages import TITLE

SITE = ["Example Post", "example.org", "example"]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (f"{TITLE} | Example Post", TITLE),
        (f"{TITLE} - Example Post Online", TITLE),
        (f"{TITLE} | Example Post | Read now!", TITLE),
        (f"Example Post: {TITLE}", f"Example Post: {TITLE}"),
        (f"Example Post | {TITLE}", TITLE),
        ("Anti-war protest - what we know", "Anti-war protest - what we know"),
        ("图书馆关闭_社会_example", "图书馆关闭_社会"),
        ("图书馆在星期一关闭-新报", "图书馆在星期一关闭"),
        ("图书馆在星期一关闭_河山市人民政府网", "图书馆在星期一关闭"),
        (
            "图书馆在星期一关闭——读者自办网站",
            "图书馆在星期一关闭——读者自办网站",
        ),
        ("도서관이 문을 닫다ㅣ예보", "도서관이 문을 닫다"),
        ("Example Post", "Example Post"),
        ("", ""),
    ],
)
def test_the_site_s_name_is_cut_off_at_a_separator(
    text: str, bare: str
) -> None:
    assert SiteNames([*SITE, "예보"]).cut_off(text) == bare
