"""What a single setting can be, at its limits."""

from collections.abc import Callable

import pytest

from briefing.configuration import values


@pytest.mark.parametrize("number", [1, 552])
def test_a_logo_may_be_as_wide_as_the_text(number: int) -> None:
    assert values.pixels(number) == number


@pytest.mark.parametrize("number", [0, 553])
def test_a_logo_may_not_be_wider(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 552"):
        values.pixels(number)


@pytest.mark.parametrize(
    ("number", "is_allowed"), [(2, False), (3, True), (5, True), (6, False)]
)
def test_a_number_may_be_either_limit(number: int, is_allowed: bool) -> None:
    check = values.between(3, 5)
    if is_allowed:
        assert check(number) == number
    else:
        with pytest.raises(ValueError, match="from 3 to 5"):
            check(number)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (values.colour, "#12345"),
        (values.colour, "#1234567"),
        (values.colour, "1234567"),
        (values.colour, "##12345"),
        (values.colour, "#12345g"),
        (values.size, "KB"),
        (values.size, "5"),
        (values.size, "-5 KB"),
        (values.size, "٥ KB"),
        (values.size, "5 GB"),
        (values.fonts, "Georgia; color: red"),
        (values.host, "smtp.example.org:587"),
    ],
)
def test_a_malformed_value_is_refused(
    check: Callable[[str], object], text: str
) -> None:
    with pytest.raises(ValueError, match=r"^must be "):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        "A > B <b@example.org>",
        "<b@example.org",
        "b@example.org>",
        "b@e.org, c@d.org",
        "",
    ],
)
def test_a_malformed_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an email address"):
        values.NamedAddress.parse(text)
