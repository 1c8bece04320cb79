"""A newsletter's list and records, as a sync reads and changes them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.formats import NEW_LIST, open_list, parse_editable
from briefing.subscribers.subscriber_list import EditableList
from briefing.subscribers.suppression import Suppression

from .records.history import History
from .records.known_tokens import KnownTokens
from .records.mailed import MailedToday
from .records.returned_mail import ReturnedMail


@dataclass(frozen=True, kw_only=True)
class Home:
    """What a sync reads on this computer, and writes to."""

    newsletter: Newsletter
    key: Key
    suppression: Suppression
    returned: ReturnedMail
    history: History
    list_path: Path
    mailed: MailedToday
    fixed: KnownTokens
    """Readers whose links change nothing any more."""
    moved: Mapping[str, str]
    """Current tokens of readers whose address has changed, by their earlier ones."""
    may_create: bool
    """Whether the first join creates a missing list: no one was ever on one."""

    def open_list(self) -> EditableList:
        """Read the list; it is empty if it is still to be made. Raises what `open_list` does."""
        if self.may_create and not os.path.lexists(self.list_path):
            return parse_editable(self.list_path, NEW_LIST)
        return open_list(self.list_path)
