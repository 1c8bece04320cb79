"""Collect web pages into the inbox: retrieve them, decide which are new, add photos and save.

`plan_sources`, `distinct` and `decide` make the decisions, without I/O; a `Collector` carries them out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefing import clock
from briefing.collecting.text.hosts import host_of, without_www
from briefing.collecting.text.literal import markdown
from briefing.collecting.text.picture_names import picture_name
from briefing.collecting.web.canonical import address_to_request, clean_address
from briefing.collecting.web.fields import Article
from briefing.collecting.web.saved_pictures import read_picture
from briefing.collecting.web.source import (
    PageSource,
    RetrievedArticle,
    SavedPage,
    WebAddress,
    retrieve_article,
)
from briefing.collecting.web.understanding import HEAVY
from briefing.errors import BriefingError, FetchError, PictureError
from briefing.issue.model import Item
from briefing.issue.published import Published
from briefing.issue.store import INBOX
from briefing.network.fetch import fetch
from briefing.network.fetch_guard import Guard
from briefing.network.parallel import ShowSteps, ask_in_parallel, no_progress
from briefing.newsletter import Newsletter
from briefing.photos.pictures import Picture, is_tiny
from briefing.sandbox.limited import prepare

MAX_FETCHES = 4
"""The most pages that are fetched at the same time."""

NamePublisher = Callable[[str, str], str]
"""Called with a host and the name that was found for its publisher; returns the right name."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An item for the inbox, with everything the editor should know about it."""

    item: Item
    article: Article
    already: str = ""
    """The id of the issue that ran it, or `inbox`; "" for a new item."""
    is_kept: bool = True
    """Whether it goes into the inbox. An item that already ran doesn't, except with --again."""
    warning: str = ""
    """Why the page may not be the article itself."""
    picture: Picture | None = None
    notes: tuple[str, ...] = ()
    """What went wrong with its photo, one sentence each."""

    @property
    def uncertain(self) -> list[str]:
        """The fields that the editor should check; a photo's only if there is a photo."""
        names = list(self.article.uncertain)
        if self.picture:
            return names
        return [name for name in names if name not in {"photo", "alt"}]


@dataclass(frozen=True, slots=True)
class Collected:
    """The outcome of collecting: an item for each page, or an error for its address."""

    items: Sequence[InboxItem]
    failures: Mapping[str, str] = field(default_factory=dict)
    """What went wrong, in one line, by address."""

    @property
    def kept(self) -> list[InboxItem]:
        return [item for item in self.items if item.is_kept]


@dataclass(frozen=True, slots=True)
class Collector:
    """Turns web pages into items of a newsletter."""

    newsletter: Newsletter
    guard: Guard
    section: str | None = None
    """The section of the inbox that the items belong in."""
    again: bool = False
    """Whether items that already ran are kept as well."""
    dry_run: bool = False
    """Whether nothing is written, no photo is fetched and no question is asked."""
    name_publisher: NamePublisher | None = None
    """Gives the name of a publisher that is uncertain; called once for each host."""
    _named: dict[str, str] = field(default_factory=dict, init=False)
    """The names that it gave, by host."""

    def collect(
        self,
        sources: Sequence[PageSource],
        progress: ShowSteps = no_progress,
    ) -> Collected:
        """Retrieve pages and write their items into the inbox. The rest is as in `gather`.

        Raises BriefingError if the inbox or the evidence can't be written; the inbox then stays
        unchanged.
        """
        collected = self.gather(sources, progress)
        self.write(*name_photos(collected.kept))
        return collected

    def gather(
        self,
        sources: Sequence[PageSource],
        progress: ShowSteps = no_progress,
    ) -> Collected:
        """Retrieve pages and make their items, with photos; the inbox stays as it is.

        A page that can't be retrieved doesn't stop the others. Raises BriefingError if the evidence
        can't be written.
        """
        prepare(HEAVY)
        settings = self.newsletter.settings.collect
        retrieved, failures = _retrieve(sources, settings.names, progress)
        published = Published.of(self.newsletter, clean_address)
        language = self.newsletter.first_language
        entries = []
        for page in retrieved:
            entry = decide(page, published, language, again=self.again)
            if entry.is_kept and not self.dry_run:
                entry = self._with_publisher(entry)
                entry = add_photo(entry, self.guard, page.retrieved.pictures)
            entries.append(entry)
        if settings.evidence and not self.dry_run:
            _keep_evidence(self.newsletter, entries, retrieved)
        return Collected(entries, failures)

    def _with_publisher(self, entry: InboxItem) -> InboxItem:
        """Return an item with the right name of its publisher, if that is uncertain."""
        article = entry.article
        if self.name_publisher is None or "source" not in article.uncertain:
            return entry
        host = without_www(host_of(article.url))
        if host not in self._named:
            self._named[host] = self.name_publisher(host, article.source)
        name = self._named[host]
        return replace(
            entry,
            item=replace(entry.item, source=name),
            article=article.with_certain("source", name),
        )

    def write(self, items: Sequence[Item], photos: Mapping[str, bytes]) -> None:
        """Write items with their photos into the inbox, except in a dry run. Raises BriefingError."""
        if self.dry_run or not items:
            return
        from briefing.issue.compose import compose  # noqa: PLC0415 - a dry run doesn't wait for it

        compose(
            self.newsletter,
            INBOX,
            items,
            self.section,
            photos=photos,
            again=self.again,
        )


def plan_sources(
    addresses: Iterable[str],
    page: Path | None,
    guard: Guard,
) -> list[PageSource]:
    """Return where to retrieve the pages from: from these addresses, or from the file `page`, which
    is the first one's, or says its address itself.

    Redirectors and tracking parameters are removed, and an address that is given twice counts once.
    """
    targets = dict.fromkeys(map(address_to_request, addresses))
    if page:
        return [SavedPage(next(iter(targets), ""), page)]
    return [WebAddress(target, guard) for target in targets]


def distinct(pages: Iterable[RetrievedArticle]) -> list[RetrievedArticle]:
    """Drop pages that declare the same address as an earlier one."""
    by_address: dict[str, RetrievedArticle] = {}
    for page in pages:
        by_address.setdefault(page.article.url, page)
    return list(by_address.values())


def decide(
    page: RetrievedArticle,
    published: Published,
    lang: str,
    *,
    again: bool,
) -> InboxItem:
    """Make the item of a page for an edition in `lang`, and decide whether it is kept."""
    article = page.article
    already = published.find(article.url, article.title)
    return InboxItem(
        item=make_item(article, lang),
        article=article,
        already=already,
        is_kept=again or not already,
        warning=page.warning,
    )


def make_item(article: Article, lang: str) -> Item:
    """Make the item of an article for an edition in `lang`, still without a photo."""
    is_other_language = article.lang != lang.partition("-")[0]
    # A line break within a paragraph means nothing, but could make Markdown of the line below it.
    paragraphs = [
        paragraph.replace("\n", " ")
        for paragraph in article.excerpt.split("\n\n")
    ]
    return Item(
        heading=article.title,
        kind=article.kind,
        source=article.source,
        date=article.date,
        link=article.url,
        lang=article.lang if is_other_language else "",
        text="\n\n".join(map(markdown, paragraphs)),
    )


def add_photo(
    entry: InboxItem, guard: Guard, saved: Path | None = None
) -> InboxItem:
    """Add the article's lead picture to the item, without its metadata: from the folder `saved` with
    a saved page's pictures if it is there, else from the web.

    If the page doesn't credit the photo, the picture file's metadata may. Without a usable picture
    the item has no photo, and a note says why.
    """
    from briefing.photos.sandboxed import photo_and_credit  # noqa: PLC0415 - slow to import, and a dry run needs no photo

    article = entry.article
    if not article.image:
        return entry
    try:
        data = saved and read_picture(article.image, saved)
        if not data:
            data = _fetch_photo(article.image, guard)
        picture, credit = photo_and_credit(data, Path("photo"))
        _check_size(picture)
    except FetchError as error:
        return _without_photo(entry, f"can't be fetched: {error.message}")
    except PictureError as error:
        return _without_photo(entry, f"was left out: it {error.message}")
    if credit and not article.photo:
        article = article.with_certain("photo", credit)
    return replace(
        entry,
        item=replace(entry.item, alt=article.alt, photo=article.photo),
        article=article,
        picture=picture,
    )


def _check_size(picture: Picture) -> None:
    """Raise PictureError if a picture is too small for a photo, even if its page declares another size."""
    if is_tiny(picture.width, picture.height):
        size = f"{picture.width} × {picture.height} pixels"
        raise PictureError(
            Path("photo"), f"is only {size}, too small for a photo"
        )


def _without_photo(entry: InboxItem, problem: str) -> InboxItem:
    """Return an item with notes on its photo: why it has none, and what the page says about it."""
    notes = [f"its photo {problem}"]
    if entry.article.photo:
        notes.append(f"the photo's credit was: {entry.article.photo}")
    if entry.article.alt:
        notes.append(f"the photo's description was: {entry.article.alt}")
    return replace(entry, notes=tuple(notes))


def name_photos(
    entries: Iterable[InboxItem],
) -> tuple[list[Item], dict[str, bytes]]:
    """Return the items with file names for their photos, and the photos by file name."""
    photos: dict[str, bytes] = {}
    items = []
    for entry in entries:
        item = entry.item
        if entry.picture:
            name = picture_name(
                item.heading, "photo", entry.picture.suffix, photos
            )
            photos[name] = entry.picture.data
            item = replace(item, image=name)
        items.append(item)
    return items, photos


def as_json(entry: InboxItem) -> Mapping[str, str | list[str] | None]:
    """Return what `--json` prints for an item."""
    article = entry.article
    values: dict[str, str | list[str] | None] = {
        "title": article.title,
        "source": article.source,
        "date": str(article.date or ""),
        "excerpt": article.excerpt,
        "image": article.image,
        "lang": article.lang,
        "url": article.url,
        "photo": article.photo,
        "alt": article.alt,
        "kind": str(article.kind),
        "uncertain": list(article.uncertain),
        "already": entry.already,
    }
    return {
        name: None if value == "" else value for name, value in values.items()
    }


def _retrieve(
    sources: Sequence[PageSource],
    names: Mapping[str, str],
    progress: ShowSteps,
) -> tuple[list[RetrievedArticle], dict[str, str]]:
    def attempt(source: PageSource) -> RetrievedArticle | BriefingError:
        try:
            return retrieve_article(source, names)
        except BriefingError as error:
            return error

    outcomes = ask_in_parallel(attempt, sources, MAX_FETCHES, progress)
    pages: list[RetrievedArticle] = []
    failures: dict[str, str] = {}
    for source, outcome in zip(sources, outcomes, strict=True):
        if isinstance(outcome, BriefingError):
            failures[source.url] = str(outcome)
        else:
            pages.append(outcome)
    return distinct(pages), failures


def _fetch_photo(address: str, guard: Guard) -> bytes:
    response = fetch(
        clean_address(address), guard=guard, without_tracking=clean_address
    )
    if response.status != 200:
        raise FetchError(
            address, f"the site returned an error ({response.status})"
        )
    return response.body


def _keep_evidence(
    newsletter: Newsletter,
    entries: Sequence[InboxItem],
    pages: Sequence[RetrievedArticle],
) -> None:
    from .web import evidence  # noqa: PLC0415 - warcio is slow to import, and rarely needed

    for entry, page in zip(entries, pages, strict=True):
        response = page.retrieved.response
        if entry.is_kept and response:
            evidence.keep_page(
                newsletter,
                response,
                clock.utc_now(),
                link=page.article.url,
                headline=page.article.title,
            )
