"""Check an issue for the page."""

import datetime as dt
from typing import TYPE_CHECKING

from briefing.bugs import describe_bug
from briefing.checks import acceptance
from briefing.errors import BriefingError
from briefing.issue.parts import Parts
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter

from .findings import PlacedFindings, place

if TYPE_CHECKING:
    from briefing.checks.check import Render


def find(
    newsletter: Newsletter,
    edition: Edition,
    parts: Parts,
    today: dt.date,
    render: "Render",
) -> PlacedFindings:
    """Return what a check finds in an edition and in the others of its issue. Raises nothing: what
    prevents a check is in its place.
    """
    # The rules are slow to import, and the page doesn't have to wait for them.
    from briefing.checks.check import check_and_render  # noqa: PLC0415  # see above

    folder = edition.path.parent
    try:
        findings, _ = check_and_render(newsletter, folder, today, render=render)
        judged = acceptance.judge(findings, folder)
    except (BriefingError, OSError) as error:
        return PlacedFindings(prevented=str(error))
    except Exception as error:  # noqa: BLE001  # a bug in a rule must not end the preview
        return PlacedFindings(prevented=describe_bug(error))
    return place(judged, edition, parts, newsletter.first_language)
