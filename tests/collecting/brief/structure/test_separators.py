"""A row is divided into its pieces once for a brief, however many arrangements are tried on it."""

from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.separators import divide

ROW = "Bridge closed (Harbour Post, 4 March 2024)"


def test_a_row_is_divided_once_for_a_brief() -> None:
    evidence = Evidence()
    assert divide(ROW, "", evidence) is divide(ROW, "", evidence)


def test_another_host_may_confirm_another_name() -> None:
    evidence = Evidence()
    names = [
        piece.likely
        for host in ("", "harbour-post.example.com")
        for piece in divide(ROW, host, evidence)
        if piece.name == "Harbour Post"
    ]
    assert names[0] < names[1]
