"""Compose an issue: add items to a new or existing one, without changing what it already contains.

The decisions are functions on values (`add_to_issue`, `add_to_inbox`, `choose`);
`compose` and `compose_inbox` carry them out.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from briefing.errors import NotFoundError, RefusedError
from briefing.languages import load_language
from briefing.newsletter import Newsletter

from . import receipt, store
from .composed import Composed, sections_of
from .inbox import load_inbox, remove_from_inbox
from .model import Issue, Item, Items, Section
from .photos import (
    NO_PHOTOS,
    AddPhoto,
    Photos,
    adding_photos,
    find_photo,
    read_photos,
)
from .section_titles import Groups, grouped, place
from .store import INBOX, Edition


def compose(
    newsletter: Newsletter,
    name: str,
    items: Iterable[Item],
    section: str | None = None,
    introduction: str = "",
    *,
    photos: Photos = NO_PHOTOS,
    again: bool = False,
) -> Composed:
    """Add to an issue, or to the inbox, the items it lacks, below its own. Create it if it doesn't
    exist.

    They go into `section`, else into the first section in the settings, else below the last item. A
    new issue begins with `introduction`, else with the introduction in the settings. `photos` are
    new pictures by the name in an item's `image`; those of added items are saved next to the issue,
    under another name if a different file has theirs. With `again`, items that the issue already
    contains are added as well.

    Raises RefusedError if the issue was sent, and ChangedError if someone edits it at the same
    moment; then the issue and its folder are unchanged.
    """
    with store.editing(newsletter):
        target = _target(newsletter, name, introduction)
        groups: Groups = {section: tuple(items)}
        return _add(newsletter, target, groups, photos, again=again)


def compose_titled(
    newsletter: Newsletter,
    name: str,
    items: Iterable[tuple[Item, str]],
    introduction: str = "",
    *,
    photos: Photos = NO_PHOTOS,
) -> Composed:
    """Add items to an issue as `compose` does, each into the section for its title and kind.

    Each is given with the title that it stood under, or "". Sections that the issue lacks are
    added below its own. Raises the same errors as `compose`.
    """
    with store.editing(newsletter):
        target = _target(newsletter, name, introduction)
        groups = place(
            items,
            _titles(target.issue),
            newsletter.settings.issue.sections,
        )
        return _add(newsletter, target, groups, photos)


def compose_inbox(
    newsletter: Newsletter,
    name: str,
    section: str | None = None,
    chosen: Sequence[Item] | None = None,
) -> Composed:
    """Move items of the inbox with their photos into an issue: the `chosen` ones in the order given,
    or all, newest first.

    They go into `section`, else into the section that they have in the inbox. They are removed from
    the inbox only after the issue is written, so nothing can be lost. An item that the issue has in
    other words stays.

    Raises what `compose` does, and RefusedError if nothing is in the inbox or nothing was chosen.
    """
    receipt.refuse_sent(newsletter.issues / name)
    with store.editing(newsletter):
        waiting = load_inbox(newsletter)
        groups = choose(
            waiting.issue,
            chosen,
            section,
            newsletter.settings.issue.sections,
        )
        if not groups:
            raise RefusedError("nothing was chosen; the inbox is unchanged")
        moving = _items(groups)
        photos = read_photos(waiting.path.parent, moving)
        target = _target(newsletter, name)
        composed = _add(newsletter, target, groups, photos)
        moved = [
            item for item in moving if _has(composed.edition, item, photos)
        ]
        # Issue, inbox, photos, in this order: after a crash an item is in both files, never in
        # neither.
        remove_from_inbox(waiting, moved)
        return replace(composed, staying=len(moving) - len(moved))


def put_into_inbox(
    newsletter: Newsletter,
    items: Sequence[Item],
    photos: Photos,
) -> None:
    """Add to the inbox those items that it doesn't have exactly like that, with their `photos`.

    Use it only in `store.editing`. Raises IssueError if the inbox can't be read, ChangedError if
    someone edits it at the same moment.
    """
    inbox = _target(newsletter, INBOX)
    known = list(inbox.issue.items)
    new = tuple(item for item in items if item not in known)
    if new:
        _add(newsletter, inbox, {None: new}, photos, again=True)


def issue_for_undated(
    newsletter: Newsletter, today: str, add_to: Callable[[str], bool]
) -> str:
    """Return the id of the issue for items that came without a date: `today`, or the newest that
    isn't sent yet, if there is none of today and `add_to` agrees when it is called with its id.
    """
    unsent = store.newest_unsent(newsletter)
    if not unsent or today in store.ids(newsletter):
        return today
    return unsent if add_to(unsent) else today


def known_sections(newsletter: Newsletter, name: str) -> list[str]:
    """Return the titles of the sections in the settings and in an issue or the inbox, which may not
    exist yet.
    """
    titles = list(newsletter.settings.issue.sections)
    with suppress(NotFoundError):
        titles += _titles(store.first_edition(newsletter, name).issue)
    return list(dict.fromkeys(titles))


def newest_first(items: Iterable[Item]) -> list[Item]:
    """Return the items, newest first; those without a date come last."""
    return sorted(
        items,
        key=lambda item: item.date or dt.date.min,
        reverse=True,
    )


# Decisions


def choose(
    waiting: Issue,
    chosen: Sequence[Item] | None,
    section: str | None,
    sections: Sequence[str],
) -> Groups:
    """Return the chosen items of the inbox by the section that they go into, in the order given;
    None: all, newest first.

    With `section`, all go there. Otherwise each keeps its section from the inbox; items of the
    newsletter's first section or without one go to the default place for new items.
    """
    usual = {None, *sections[:1]}
    order = newest_first(waiting.items) if chosen is None else list(chosen)
    placed: list[tuple[str | None, Item]] = []
    for part in waiting.sections:
        own = None if part.title in usual else part.title
        for item in filter(order.__contains__, part.items):
            placed.append((section or own, item))
    groups = grouped(placed)
    for title, items in groups.items():
        groups[title] = tuple(sorted(items, key=order.index))
    return groups


def add_to_issue(
    issue: Issue,
    groups: Groups,
    sections: Sequence[str],
) -> Issue:
    """Return the issue with more items.

    Those without a section go into the first of the newsletter's `sections` that the issue has (an
    editor may have removed some), else below the last item.
    """
    titles = _titles(issue)
    usual = next(filter(titles.__contains__, sections), None)
    for section, items in groups.items():
        issue = issue.with_items(items, section=section or usual)
    return issue


def add_to_inbox(issue: Issue, groups: Groups) -> Issue:
    """Return the inbox with more items; those without a section go above its sections."""
    for section, items in groups.items():
        issue = (
            issue.with_items(items, section=section)
            if section
            else _with_loose(issue, items)
        )
    return issue


def _with_loose(issue: Issue, items: Items) -> Issue:
    loose, *others = issue.sections or (Section(),)
    if loose.title is not None:
        loose, others = Section(), [loose, *others]
    loose = replace(loose, items=loose.items + items)
    return replace(issue, sections=(loose, *others))


def _lacking(issue: Issue, groups: Groups) -> Groups:
    """Return the groups reduced to items that the issue lacks.

    Those that are added together may have one link, and each may still say something else: they
    stay apart unless one says nothing that an earlier one doesn't.
    """
    lacking: Groups = {}
    added: list[Item] = []
    for section, items in groups.items():
        before = len(added)
        for item in items:
            is_repeated = any(map(item.adds_nothing_to, added))
            if not is_repeated and not issue.has(item):
                added.append(item)
        lacking[section] = tuple(added[before:])
    return lacking


# Carrying them out


def _target(
    newsletter: Newsletter, name: str, introduction: str = ""
) -> Edition:
    """Return the issue that items are added to: loaded, or a new one that isn't written yet. Raises
    RefusedError if it was sent.
    """
    path = store.first_edition_path(newsletter, name)
    receipt.refuse_sent(path.parent)
    if path.exists():
        return store.first_edition(newsletter, name)
    issue = _new_issue(newsletter, name, introduction)
    return Edition(issue, path, newsletter.first_language, digest="")


def _add(
    newsletter: Newsletter,
    target: Edition,
    groups: Groups,
    photos: Photos,
    *,
    again: bool = False,
) -> Composed:
    """Save an issue with the items that it lacks, and their photos."""
    lacking = groups if again else _lacking(target.issue, groups)
    with adding_photos(target.path.parent) as add_photo:
        adding: Groups = {}
        for section, items in lacking.items():
            adding[section] = _with_photos(items, photos, add_photo)
        issue = _with_groups(newsletter, target, adding)
        edition = _save(target, issue)
    before = _titles(target.issue)
    after = _titles(issue)
    new_sections = [title for title in after if title not in before]
    added = _items(adding)
    given = _items(lacking)
    return Composed(
        edition,
        added=added,
        given=given,
        already=_rest(_items(groups), given),
        new=target.is_new,
        sections=sections_of(added, issue),
        new_sections=tuple(new_sections),
    )


def _with_groups(
    newsletter: Newsletter, target: Edition, groups: Groups
) -> Issue:
    if target.id == INBOX:
        return add_to_inbox(target.issue, groups)
    return add_to_issue(
        target.issue, groups, newsletter.settings.issue.sections
    )


def _save(target: Edition, issue: Issue) -> Edition:
    if target.is_new:
        return store.create(target.path, issue, target.lang)
    if issue == target.issue:
        return target
    return store.save(target, issue)


def _items(groups: Groups) -> Items:
    return tuple(chain.from_iterable(groups.values()))


def _titles(issue: Issue) -> list[str]:
    """Return the titles of an issue's sections."""
    titles = (section.title for section in issue.sections)
    return list(filter(None, titles))


def _rest(items: Iterable[Item], given: Iterable[Item]) -> Items:
    """Return the items without those given, each as often as it remains."""
    rest = list(items)
    for item in given:
        rest.remove(item)
    return tuple(rest)


def _new_issue(
    newsletter: Newsletter,
    name: str,
    introduction: str,
) -> Issue:
    """Return a new issue according to the settings; the inbox has no date and no sections of its
    own.
    """
    if name == INBOX:
        return Issue(title="Inbox")
    settings = newsletter.settings.issue
    date = store.date_of(name)
    assert date, "an issue's id begins with its date"
    own_language = load_language(
        newsletter.first_language, newsletter.template_folders
    )
    spoken = own_language.date(date)
    return Issue(
        title=settings.title.replace("{date}", spoken),
        date=date,
        introduction=introduction or settings.introduction,
        sections=tuple(Section(title=title) for title in settings.sections),
    )


def _with_photos(
    items: Iterable[Item],
    photos: Photos,
    add_photo: AddPhoto,
) -> Items:
    """Save the photos of items; return the items with the photos' names in the issue's folder."""
    illustrated: list[Item] = []
    for item in items:
        image = item.image
        if image in photos:
            image = add_photo(photos[image], image)
        # Dropped are the lines it was read from: another file has other line ends and neighbouring
        # items.
        illustrated.append(replace(item, image=image, origin=None))
    return tuple(illustrated)


def _has(
    edition: Edition,
    item: Item,
    photos: Photos,
) -> bool:
    """Tell whether the issue contains exactly this item; its photo may have another name."""
    expected = photos.get(item.image)
    for other in edition.issue.items:
        if replace(other, image=item.image) != item:
            continue
        path = find_photo(edition.path.parent, other.image)
        photo = path.read_bytes() if path else None
        has_same_name = other.image == item.image
        if photo == expected and (photo or has_same_name):
            return True
    return False
