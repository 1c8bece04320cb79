"""What an editor reads about an email that came back."""

import pytest

from briefing.bounces.describing import describe
from briefing.bounces.kinds import FAILURES, BounceKind, Explanation, Recipient


def test_each_recipient_has_a_line_with_the_code() -> None:
    explanation = Explanation(
        BounceKind.DEAD,
        (
            Recipient("a@example.org", BounceKind.DEAD, "5.1.1"),
            Recipient("b@example.org", BounceKind.FULL),
        ),
    )
    assert describe(explanation) == [
        "dead: a@example.org no longer exists (5.1.1)",
        "full: the mailbox of b@example.org is full",
    ]


@pytest.mark.parametrize("kind", BounceKind)
def test_a_line_fits_a_terminal(kind: BounceKind) -> None:
    recipients = (Recipient("some.reader@mail.example.org", kind, "5.1.1"),)
    explanations = [Explanation(kind)]
    if kind in FAILURES or kind is BounceKind.COMPLAINT:
        explanations.append(Explanation(kind, recipients))
    for explanation in explanations:
        (line,) = describe(explanation)
        assert line.startswith(f"{kind}: ")
        assert len(line) < 80
