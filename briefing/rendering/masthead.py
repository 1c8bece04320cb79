"""What the top of an email says: the newsletter's name, a quiet line below it, and the issue's own
heading. Nothing is said twice.
"""

import re

from briefing.issue.store import Edition
from briefing.languages import Language
from briefing.newsletter import Newsletter

SEPARATOR = " · "


def dateline(newsletter: Newsletter, edition: Edition, lang: Language) -> str:
    """Return the line below the name: 9 October 2020 · Far Valley Rights Network"""
    parts = []
    if edition.date:
        parts.append(lang.typeset(lang.date(edition.date)))
    publisher = newsletter.settings.newsletter.in_language(edition.lang)
    parts.append(lang.whole(publisher.organisation))
    return SEPARATOR.join(filter(None, parts))


def issue_heading(
    newsletter: Newsletter,
    edition: Edition,
    lang: Language,
) -> str:
    """Return the issue's subject, or else its title; "" if that only repeats what the masthead
    says, as the title of a new issue does.
    """
    settings = newsletter.settings
    issue = edition.issue
    heading = issue.subject or issue.title
    name = settings.newsletter.in_language(edition.lang).name
    said = _words(name) | _words(settings.issue.title)
    if edition.date:
        said |= _words(lang.date(edition.date))
    return heading if _words(heading) - said else ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
