"""Point editors to 'briefing setup' when a setting is missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from briefing.newsletter import Newsletter

from . import output

if TYPE_CHECKING:
    from briefing.sending.preflight.missing_settings import MissingSetting

SETUP_IS_NEXT = (
    "Next: 'briefing setup' asks for the settings that a real send needs."
)


def warn_of_missing_settings(newsletter: Newsletter) -> None:
    """Say what 'briefing send' would be refused for, whatever the issue."""
    from briefing.sending.preflight import missing_settings

    via = newsletter.settings.send.via
    for setting in missing_settings.find_for_send(
        newsletter, via, needs_test_address=False
    ):
        output.warn(setting.message)


def fail_for_missing(missing: "Sequence[MissingSetting]") -> None:
    """Print all that is missing, and exit with 1; do nothing if nothing is."""
    if len(missing) == 1:
        output.fail(f"{missing[0].message}; 'briefing setup' asks for it")
    if not missing:
        return
    for setting in missing:
        output.error(setting.message)
    output.fail(
        f"these {len(missing)} settings are missing; 'briefing setup' asks for them"
    )
