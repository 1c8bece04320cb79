"""What a sync changes: `planner` makes a plan, `applying` carries it out. No I/O."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from briefing.bounces.kinds import BounceKind
from briefing.subscribers.moves import TokenMove
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal
from briefing.syncing.records.returned_mail import ReturnedEntry
from briefing.syncing.reports import (
    AskedToJoin,
    Changed,
    Joined,
    MoveUndone,
    Reported,
)

from .new_returns import Refusals
from .questions import Question
from .selecting import without


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """What to tell someone who no longer gets the newsletter at their address."""

    reader: Subscriber
    """As they were."""
    move: TokenMove
    wish: Changed | MoveUndone
    """The reader, or someone with their link, changed the address; or a reader undid that."""


@dataclass(frozen=True, kw_only=True)
class SyncPlan:
    """What a sync changes."""

    removals: Mapping[str, Removal]
    """Readers to unsubscribe, by token."""
    withdrawn: Mapping[str, Removal] = field(default_factory=dict)
    """Wishes to leave that were withdrawn by joining again before they were carried out, by token."""
    restored: Mapping[str, Joined] = field(default_factory=dict)
    """Readers who left, and joined again by their own confirmed wish, by token."""
    joins: Mapping[str, Joined] = field(default_factory=dict)
    """People to add to the list, by the tokens that they will have."""
    changes: Mapping[tuple[str, str], Changed] = field(default_factory=dict)
    """New values in the list, by token and column."""
    moved_back: Mapping[str, Subscriber] = field(default_factory=dict)
    """Readers who get their earlier address back, as they will be on the list, by token."""
    fixed: Collection[str] = ()
    """Readers whose links change nothing any more, by their tokens."""
    notices: Sequence[Notice] = ()
    """Who gets an email before the list changes."""
    changing: frozenset[Reported] = frozenset()
    """What the changes of the list come from."""
    list_obstacle: str = ""
    """Why the list can't be changed now, and what to do; then the plan doesn't change it."""
    links: Mapping[str, Subscriber] = field(default_factory=dict)
    """Readers who get an email with their link, by token."""
    invited: Mapping[str, AskedToJoin] = field(default_factory=dict)
    """People who waited, and now get their confirmation email, by token."""
    asking: Mapping[str, Collection[Reported]] = field(default_factory=dict)
    """What asks for emails, by the tokens of those who get them."""
    returned: Sequence[ReturnedEntry] = ()
    """The record of returned mail, as it will be."""
    refusals: Refusals = field(default_factory=dict)
    """Providers that refuse our email: by domain, what they say, and to how many readers."""
    questions: Sequence[Question] = ()
    """What isn't done yet because no one has answered."""
    waiting: frozenset[Reported] = frozenset()
    """What isn't done yet: it is reported again to the next sync."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """How many reports change nothing, by the reason (`reasons.Ignored`)."""
    others: Mapping[BounceKind, int] = field(default_factory=dict)
    """How many emails concern no reader, by what they are."""

    @property
    def numbers(self) -> Counter[str]:
        """How many readers are unsubscribed, by the reason."""
        return Counter(removal.reason for removal in self.removals.values())

    def without_list_changes(self, obstacle: str) -> "SyncPlan":
        """Return the plan without changes of the list, which wait because of an obstacle. Until then, readers
        who left and joined again have left, and get no links.
        """
        return replace(
            self,
            removals={**self.withdrawn, **self.removals},
            withdrawn={},
            restored={},
            joins={},
            changes={},
            moved_back={},
            notices=(),
            links=without(self.links, self.withdrawn),
            list_obstacle=obstacle,
            waiting=self.waiting | self.changing,
        )

    @property
    def changes_list(self) -> bool:
        return bool(
            self.restored or self.joins or self.changes or self.moved_back
        )

    @property
    def changes_nothing(self) -> bool:
        others = self.removals or self.links or self.invited
        return not (self.changes_list or others)
