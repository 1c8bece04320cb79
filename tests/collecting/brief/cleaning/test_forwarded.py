"""Where an email begins that was forwarded, or that is answered, in the text of another."""

import pytest

from briefing.collecting.brief.cleaning.forwarded import (
    first_header,
    without_attributions,
)
from briefing.collecting.brief.cleaning.pasted_lines import lines_of
from briefing.collecting.brief.paragraphs import split_paragraphs


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ----------",
        "-----Ursprüngliche Nachricht-----",
        "Begin forwarded message:",
        "From: Jo Doe <jo@example.net>\nTo: mira@example.org\nSubject: Ferry",
        "Von: Jo Doe\nGesendet: Freitag\nAn: Mira\nBetreff: Fähre",
        "On 8 Oct 2020 at 10:00, Jo Doe <jo@example.net> wrote:",
        # Apple Mail, Thunderbird, Outlook on a Mac, Yahoo
        "Vidarebefordrat mejl:",
        "-------- Přeposlaná zpráva --- Forwarded Message --------",
        "--- Áframsend skilaboð ---\nFrá: Jo Doe <jo@example.net>",
        "Feladó: Jo Doe\nDátum: 2020. október 8.\nTárgy: Komp",
        "08/10/2020 10:00 időpontban Jo Doe (jo@example.net) ezt írta:",
        "----- İletilmiş Mesaj ----- Kimden: Jo <jo@example.net>Konu: Vapur",
    ],
)
def test_the_first_line_of_its_header(head: str) -> None:
    text = f"For Friday?\n\n{head}\n\nThe ferry runs again."
    assert first_header(list(lines_of(split_paragraphs(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: the harbour",
        "---- In the news ----\nFerry: it runs again",
        "From 08/10/2020 10:00 the ferry runs again, says Jo Doe:",
        "Harbour Post\nDate: 8 October 2020\n\nThe ferry runs again.",
    ],
)
def test_other_texts_have_none(text: str) -> None:
    assert first_header(list(lines_of(split_paragraphs(text)))) is None


def test_the_item_above_an_attribution_stays() -> None:
    item = "- The ferry runs again (Harbour Post, 7 October 2020)"
    said = "On 8 Oct 2020 at 10:00, Jo Doe wrote:"
    lines = list(lines_of(split_paragraphs(f"{item}\n{said}")))
    left_out: list[str] = []
    own = without_attributions(lines, left_out)
    assert [line.text for line in own] == [item]
    assert left_out == [said]
