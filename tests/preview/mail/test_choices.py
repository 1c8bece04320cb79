"""Which views of the email an address asks for."""

import pytest

from briefing.preview.mail.choices import (
    Choice,
    ChoiceLink,
    ChoiceLinks,
    MailView,
    choice_of,
)


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        ({}, Choice(("light",), ("phone",), is_named=True)),
        (
            {"show": "size,dark", "width": "desktop,phone"},
            Choice(("dark", "size"), ("phone", "desktop")),
        ),
        ({"show": "nothing", "width": "wide", "reader": "who"}, Choice()),
        ({"reader": "nameless"}, Choice(is_named=False)),
    ],
)
def test_unknown_names_are_ignored_and_the_order_is_always_the_same(
    query: dict[str, str], choice: Choice
) -> None:
    assert choice_of(query) == choice


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(("dark", "text"), ("desktop",), is_named=False),
        Choice(("headers",), ("phone", "desktop")),
    ],
)
def test_a_choice_is_read_back_from_its_address(choice: Choice) -> None:
    assert choice_of(choice.query) == choice


def test_a_view_is_added_and_taken_away_but_the_last_one_stays() -> None:
    both = Choice().with_look("dark")
    assert both.looks == ("light", "dark")
    assert both.with_look("light").looks == ("dark",)
    assert Choice().with_look("light") == Choice()
    assert Choice().with_width("phone") == Choice()


def test_links_keep_the_rest_of_the_address() -> None:
    links = ChoiceLinks(Choice(), {"lang": "ug", "item": "i3"})
    assert list(links.widths) == [
        ChoiceLink("Phone 375", "?lang=ug&item=i3", is_chosen=True),
        ChoiceLink(
            "Desktop 700",
            "?lang=ug&item=i3&width=phone,desktop",
            is_chosen=False,
        ),
    ]
    assert list(links.readers) == [
        ChoiceLink("With name", "?lang=ug&item=i3", is_chosen=True),
        ChoiceLink(
            "No name", "?lang=ug&item=i3&reader=nameless", is_chosen=False
        ),
    ]
    assert [link.address for link in links.looks][1:3] == [
        "?lang=ug&item=i3&show=light,dark",
        "?lang=ug&item=i3&show=light,inverted",
    ]


def test_each_look_is_shown_in_each_width_but_tables_only_once() -> None:
    choice = Choice(("dark", "text", "size"), ("phone", "desktop"))
    views = list(ChoiceLinks(choice, {}).views)
    assert [_seen(view) for view in views] == [
        ("dark-phone", "Phone · Dark: own styles", "?show=dark"),
        (
            "dark-desktop",
            "Desktop · Dark: own styles",
            "?show=dark&width=desktop",
        ),
        ("text-phone", "Phone · Text part", "?show=text"),
        ("text-desktop", "Desktop · Text part", "?show=text&width=desktop"),
        ("size", "Size", "?show=size&width=phone,desktop"),
    ]


def _seen(view: MailView) -> tuple[str, str, str]:
    return view.id, view.label, view.alone
