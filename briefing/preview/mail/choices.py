"""Which views of the email the page shows: chosen by its address, so that each choice has one. No I/O."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from .variants import Variant


@dataclass(frozen=True, slots=True)
class Look:
    """A way to look at the email."""

    name: str
    label: str
    note: str = ""
    """What its caption adds."""
    variant: Variant = Variant.WHOLE
    is_dark: bool = False
    """Whether the mail app says that it is dark."""
    has_dark_frame: bool = False
    """Whether the mail app around the email is dark."""


LOOKS = (
    Look("light", "Light"),
    Look(
        "dark",
        "Dark: own styles",
        note="the email’s own dark colours, as Apple Mail shows them",
        is_dark=True,
        has_dark_frame=True,
    ),
    Look(
        "inverted",
        "Dark: inverted",
        note="approximate: colours inverted by the mail app, as in Outlook, and in Gmail on iPhones",
        variant=Variant.INVERTED,
        has_dark_frame=True,
    ),
    Look(
        "dark-program",
        "Light in a dark mail app",
        note="a dark mail app that leaves the email light, such as Gmail in a browser",
        has_dark_frame=True,
    ),
    Look(
        "no-images",
        "Images off",
        note="before the reader lets images load",
        variant=Variant.WITHOUT_IMAGES,
    ),
    Look(
        "no-styles",
        "Style sheet removed",
        note="some mail apps remove the style sheet; inline styles stay",
        variant=Variant.WITHOUT_STYLES,
    ),
)
TEXT = Look(
    "text",
    "Text part",
    note="for mail apps that don’t show HTML, and readers who prefer plain text",
)
FACTS = (Look("headers", "Headers"), Look("size", "Size"))
"""Tables about the email, which have no width."""
ALL_LOOKS = (*LOOKS, TEXT, *FACTS)

PARAMETERS = frozenset({"show", "width", "reader"})
"""The parameters of an address that choose views."""

WIDTHS: Mapping[str, int] = {"phone": 375, "desktop": 700}
"""The widths of mail apps, in CSS pixels."""

_Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks to show of the email."""

    looks: _Names = ("light",)
    widths: _Names = ("phone",)
    is_named: bool = True
    """Whether the list of subscribers has the reader's name."""

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address; what is usual is left out."""
        usual = _parameters(Choice())
        return {
            name: value
            for name, value in _parameters(self).items()
            if value != usual[name]
        }

    def with_look(self, name: str) -> "Choice":
        """Show a look, or hide it if it is shown; the last one stays."""
        return replace(self, looks=_toggled(self.looks, name, _LOOK_NAMES))

    def with_width(self, name: str) -> "Choice":
        """Show a width, or hide it if it is shown; the last one stays."""
        return replace(self, widths=_toggled(self.widths, name, WIDTHS))

    def alone(self, look: str, width: str) -> "Choice":
        """Show only one view; `width` is empty for a table."""
        widths = (width,) if width else self.widths
        return replace(self, looks=(look,), widths=widths)


def _parameters(choice: Choice) -> dict[str, str]:
    return {
        "show": ",".join(choice.looks),
        "width": ",".join(choice.widths),
        "reader": "named" if choice.is_named else "nameless",
    }


_LOOK_NAMES = [look.name for look in ALL_LOOKS]


def choice_of(query: Mapping[str, str]) -> Choice:
    """Return what an address asks for. Unknown names are ignored."""
    usual = Choice()
    return Choice(
        looks=_known(query.get("show", ""), _LOOK_NAMES) or usual.looks,
        widths=_known(query.get("width", ""), WIDTHS) or usual.widths,
        is_named=query.get("reader") != "nameless",
    )


@dataclass(frozen=True, slots=True)
class ChoiceLink:
    """A link that changes what is shown."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MailView:
    """One view of the email."""

    look: Look
    width: str
    """Empty for a table."""
    alone: str
    """The address that shows only this view."""

    @property
    def id(self) -> str:
        return (
            f"{self.look.name}-{self.width}" if self.width else self.look.name
        )

    @property
    def has_frame(self) -> bool:
        return self.look in LOOKS

    @property
    def label(self) -> str:
        names = [self.width.title(), self.look.label]
        return " · ".join(filter(None, names))


class ChoiceLinks:
    """The addresses of other choices. The rest of the page's address stays as it is."""

    def __init__(self, choice: Choice, rest: Mapping[str, str]) -> None:
        """`rest` are the other parameters of the page's address."""
        self._choice = choice
        self._rest = rest

    @property
    def looks(self) -> Iterator[ChoiceLink]:
        for look in ALL_LOOKS:
            address = self._address(self._choice.with_look(look.name))
            is_chosen = look.name in self._choice.looks
            yield ChoiceLink(look.label, address, is_chosen)

    @property
    def widths(self) -> Iterator[ChoiceLink]:
        for width, pixels in WIDTHS.items():
            address = self._address(self._choice.with_width(width))
            is_chosen = width in self._choice.widths
            yield ChoiceLink(f"{width.title()} {pixels}", address, is_chosen)

    @property
    def readers(self) -> Iterator[ChoiceLink]:
        for is_named, label in ((True, "With name"), (False, "No name")):
            changed = replace(self._choice, is_named=is_named)
            is_chosen = is_named == self._choice.is_named
            yield ChoiceLink(label, self._address(changed), is_chosen)

    @property
    def views(self) -> Iterator[MailView]:
        """The chosen views, side by side."""
        for look in ALL_LOOKS:
            if look.name not in self._choice.looks:
                continue
            for width in ("",) if look in FACTS else self._choice.widths:
                alone = self._choice.alone(look.name, width)
                yield MailView(look, width, self._address(alone))

    def _address(self, choice: Choice) -> str:
        return "?" + urlencode({**self._rest, **choice.query}, safe=",")


def _known(names: str, known: Iterable[str]) -> _Names:
    """Return those of some names, separated by commas, that are known, in the order of the known ones."""
    wanted = names.split(",")
    return tuple(name for name in known if name in wanted)


def _toggled(chosen: _Names, name: str, known: Iterable[str]) -> _Names:
    changed = set(chosen) ^ {name}
    return tuple(other for other in known if other in changed) or chosen
