"""What an editor reads about a sync."""

from briefing.syncing import summary
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.planning.reasons import Ignored


def test_a_provider_that_gives_no_reason_is_not_quoted() -> None:
    plan = SyncPlan(removals={}, refusals={"example.org": {"": 2}})
    assert list(summary.paragraphs(plan)) == [
        "example.org rejects your email to 2 readers; they stay on the list. It gives no reason. "
        "Ask your provider why, or write to the postmaster there."
    ]


def test_a_change_to_another_readers_address_says_what_may_be_wrong() -> None:
    plan = SyncPlan(removals={}, ignored={str(Ignored.UNUSABLE): 1})
    assert list(summary.paragraphs(plan)) == [
        "Nothing to do for: 1 with an address that is invalid or already on the list."
    ]
