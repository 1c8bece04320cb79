"""Rich text (.rtf), as Word, LibreOffice and TextEdit save it.

The text goes to the reader of pages as the elements that a page would have. The
libraries for .rtf (striprtf) return plain text, without headings and pictures.
"""

from dataclasses import dataclass, replace

from briefing.errors import BriefingError
from briefing.text.decoding import without_lone_surrogates

from .document import Document
from .html import PageReader
from .rtf_elements import RtfElements
from .rtf_tokens import Token, tokens_of
from .rtf_words import (
    ASIDES,
    CHARACTERS,
    ENCODINGS,
    GROUPS,
    HEADING,
    HIDING,
    KNOWN,
    LINK,
)
from .source_file import SourceFile

_START = b"{\\rtf"
_MOST_GROUPS = 500
_MOST_LEVELS = 8
"""Word has nine levels of lists, from 0."""


@dataclass(frozen=True, slots=True)
class _State:
    """What is true inside a group."""

    kind: str = "text"
    """"text", "skipped", "fonts", "styles", "field", "picture", "note", "mark" (of a list), or one of ASIDES."""
    hidden: frozenset[str] = frozenset()
    bold: bool = False
    font: int = 0
    skip: int = 1
    """How many characters after \\u are only for programs that don't know it."""
    link: bool = False
    """Whether a link ends with the group."""


def recognises(source: SourceFile) -> bool:
    """Recognise rich text by its first bytes."""
    return source.data.startswith(_START)


def read(source: SourceFile) -> Document:
    """Read rich text. Raises BriefingError if it is nested too deeply or too long for a brief."""
    writer = _Writer()
    for token in tokens_of(source.data):
        writer.receive(token)
    return writer.finish()


class _Writer:
    """Hands the text of the tokens to the reader of pages."""

    def __init__(self) -> None:
        self._pictures: dict[str, bytes] = {}
        self._reader = PageReader(self._pictures.get, keeps_tabs=True)
        self._elements = RtfElements(self._reader)
        self._states = [_State()]
        self._is_ignorable = False
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._style = 0
        self._bytes = b""
        self._to_skip = 0
        self._collected: list[str] = []
        """The text of the field, comment or picture that is being read."""
        self._high = ""
        """The first half of a character beyond U+FFFF."""
        self._address = ""

    @property
    def _state(self) -> _State:
        return self._states[-1]

    def receive(self, token: Token) -> None:
        """Read the next token."""
        if token.text:
            self._receive_bytes(token.text)
            return
        if token.symbol == "\\*":
            self._is_ignorable = True
            return
        self._flush()
        if token.symbol == "{":
            self._open_group()
        elif token.symbol == "}":
            self._close_group()
        elif token.symbol:
            self._show(CHARACTERS.get(token.symbol, ""))
        else:
            self._receive_word(token.word, token.number)
        self._is_ignorable &= token.symbol == "\\*"

    def finish(self) -> Document:
        """Return what was read."""
        self._flush()
        self._elements.finish()
        return self._reader.document()

    # --- Groups

    def _open_group(self) -> None:
        if len(self._states) > _MOST_GROUPS:
            raise BriefingError("is nested too deeply; paste the text instead")
        self._states.append(replace(self._state, link=False))

    def _close_group(self) -> None:
        # A closing brace too many doesn't end the document.
        if len(self._states) == 1:
            return
        state = self._states.pop()
        if state.link:
            self._reader.end("a")
        if state.kind in {self._state.kind, "skipped"}:
            return
        text = "".join(self._collected)
        self._collected = []
        self._use_collected(state.kind, text)

    def _use_collected(self, kind: str, text: str) -> None:
        """Use the text of a group that ended."""
        if kind in ASIDES:
            self._reader.leave_out_aside(kind, text)
            return
        match kind:
            case "field":
                found = LINK.search(text)
                self._address = found[1] if found else ""
            case "picture":
                self._show_picture(text)
            case "note":
                self._elements.notes.append(" ".join(text.split()))
            case "mark":
                self._elements.mark = text.strip()

    def _begin(self, kind: str) -> None:
        if self._state.kind in ASIDES:
            kind = "skipped"  # the instructions of a field: only its result is text
        if self._state.kind != "skipped":
            self._states[-1] = replace(self._state, kind=kind)

    # --- Control words

    def _receive_word(self, word: str, number: int | None) -> None:
        kind = self._kind_begun_by(word)
        if kind:
            self._begin(kind)
        elif word in CHARACTERS:
            self._show(CHARACTERS[word])
        elif word == "u":
            self._show_unicode(number or 0)
        else:
            self._set(word, number)
            self._set_paragraph(word, number or 0)
            self._receive_end(word)

    def _kind_begun_by(self, word: str) -> str:
        """The kind of group that a control word begins; "" for others."""
        is_unknown = self._is_ignorable and word not in KNOWN
        return "skipped" if is_unknown else GROUPS.get(word, "")

    def _set(self, word: str, number: int | None) -> None:
        state = self._state
        is_on = number != 0
        match word:
            case "b":
                state = replace(state, bold=is_on)
            case "plain":
                state = replace(state, bold=False, hidden=frozenset())
            case "f":
                state = replace(state, font=number or 0)
            case "uc":
                state = replace(state, skip=min(number or 0, 9))
            case _ if word in HIDING:
                hidden = state.hidden - {word}
                if is_on:
                    hidden |= {word}
                state = replace(state, hidden=hidden)
        self._states[-1] = state

    def _set_paragraph(self, word: str, number: int) -> None:
        if self._state.kind not in {"text", "fonts", "styles"}:
            return
        match word:
            case "ansicpg":
                self._encoding = f"cp{number}"
            case "fcharset":
                self._fonts[self._state.font] = ENCODINGS.get(number, "")
            case "s":
                self._style = number
                self._elements.level = self._levels.get(number, 0)
            case "outlinelevel":
                self._set_level(number + 1 if number < 6 else 0)
            case "pard":
                self._elements.reset_paragraph()
            case "ilvl":
                self._elements.list_level = max(0, min(number, _MOST_LEVELS))
            case "intbl":
                self._elements.is_in_row = True

    def _set_level(self, level: int) -> None:
        """Set the level of headings in a style, or of this paragraph."""
        if self._state.kind == "styles":
            self._levels[self._style] = level
        else:
            self._elements.level = level

    def _receive_end(self, word: str) -> None:
        if self._state.kind != "text":
            self._show(" " if word in {"par", "line"} else "")
            return
        match word:
            case "par" | "sect" | "page":
                self._elements.end_paragraph()
            case "line" | "lbr":
                self._elements.break_line()
            case "cell":
                self._elements.end_cell()
            case "row":
                self._elements.end_row()
            case "fldrslt" if self._address:
                self._elements.begin_paragraph()
                self._reader.start("a", {"href": self._address})
                self._states[-1] = replace(self._state, link=True)
                self._address = ""

    # --- Text

    def _receive_bytes(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]
        self._is_ignorable = False

    def _flush(self) -> None:
        data, self._bytes = self._bytes, b""
        if not data:
            return
        encoding = self._fonts.get(self._state.font) or self._encoding
        try:
            self._show(data.decode(encoding, "replace"))
        # The document names the code page, and Python may not have it.
        except LookupError:
            self._show(data.decode("cp1252", "replace"))

    def _show_unicode(self, number: int) -> None:
        # What follows is for readers that don't know \u: in \u8217? the question mark.
        self._to_skip = self._state.skip
        # \u has a signed number of 16 bits: \u-10179 is U+D83D.
        character = chr(number & 0xFFFF)
        # Characters beyond U+FFFF, such as emoji, are written as two surrogates.
        if "\ud800" <= character < "\udc00":
            self._high = character
            return
        if "\udc00" <= character < "\ue000":
            character = without_lone_surrogates(self._high + character)
            self._high = ""
        self._show(character)

    def _show(self, text: str) -> None:
        state = self._state
        if state.kind == "styles":
            self._name_style(text)
        if not text:
            return
        if state.kind in {"skipped", "fonts", "styles"}:
            return
        if state.hidden:
            self._leave_out_hidden(text)
        elif state.kind != "text":
            self._collected.append(text)
        else:
            self._elements.begin_paragraph()
            self._show_styled(text, is_bold=state.bold)

    def _leave_out_hidden(self, text: str) -> None:
        """Note that text was deleted; what is only hidden isn't noted."""
        if self._state.hidden != {"v"} and text.strip():
            self._reader.leave_out("deleted text")

    def _name_style(self, name: str) -> None:
        found = HEADING.match(name.strip())
        if found:
            self._levels[self._style] = int(found[1])

    def _show_styled(self, text: str, *, is_bold: bool) -> None:
        if is_bold:
            self._reader.start("b")
        self._reader.data(text)
        if is_bold:
            self._reader.end("b")

    def _show_picture(self, code: str) -> None:
        try:
            data = bytes.fromhex("".join(code.split()))
        except ValueError:
            return
        name = f"picture {len(self._pictures)}"
        self._pictures[name] = data
        self._elements.begin_paragraph()
        self._reader.empty("img", src=name)
