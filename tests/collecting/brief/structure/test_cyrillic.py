"""Cyrillic names are recognised in the addresses of their websites."""

import pytest

from briefing.collecting.brief.structure.cyrillic import in_latin
from briefing.collecting.brief.structure.publisher_hosts import is_in_hosts


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Портовый вестник", "portovy-vestnik.example.com"),
        ("Портовый вестник", "portovyj-vestnik.example.com"),
        ("Новая неделя", "novayanedelya.example.org"),
        ("Новая неделя", "novajanedelja.example.org"),
        ("Цех и хутор", "ceh-i-hutor.example.org"),
        ("Жаңа қала", "zhana-qala.example.org"),
        ("Харківський щоденник", "kharkivskyi-shchodennyk.example.org"),
    ],
)
def test_a_host_has_a_cyrillic_name(name: str, host: str) -> None:
    assert is_in_hosts(name, host)
    assert not is_in_hosts(name, "harbourpost.example.com")


def test_a_latin_name_has_no_other_spelling() -> None:
    assert in_latin("Harbour Post") == set()
