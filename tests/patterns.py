"""Collect the regular expressions of the package, and write them as recheck reads them."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the standard library's own, without types
from re import _parser as parser  # type: ignore[attr-defined]  # the same
from typing import Any

import briefing
from briefing.checks import tables
from briefing.checks.patterns import pattern as text_pattern

_ROOT = Path(briefing.__file__).parent
_CALLS = {"search", "match", "fullmatch", "sub", "split", "findall", "finditer"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression of the package."""

    text: str | bytes
    place: str
    """The module that it is in."""
    methods: frozenset[str]
    """How it is used: `search`, `fullmatch`; empty if that isn't known."""
    flags: int = 0

    @property
    def is_anchored(self) -> bool:
        """Whether it is tried only at the start of a text."""
        return bool(self.methods) and self.methods <= {"match", "fullmatch"}


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return all regular expressions: those that modules compile when they are imported, and those
    in calls such as `re.sub("a+", …)` or `re.sub(_AS, …)`.
    """
    found = {pattern.text: pattern for pattern in _compiled()}
    for path in sorted(_ROOT.rglob("*.py")):
        place = ".".join(path.relative_to(_ROOT).with_suffix("").parts)
        module = sys.modules.get(f"briefing.{place}")
        names = vars(module) if module else {}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for text, method in _in_call(node, names):
                found.setdefault(
                    text, Pattern(text, place, frozenset({method}))
                )
    return tuple(found.values())


def _compiled() -> Iterator[Pattern]:
    for module in pkgutil.walk_packages([str(_ROOT)], "briefing."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for place, module_ in sorted(sys.modules.items()):
        if place.startswith("briefing."):
            for name, value in vars(module_).items():
                for pattern in _patterns_in(value):
                    methods = _methods(module_.__file__ or "", name)
                    short = place.removeprefix("briefing.")
                    yield Pattern(
                        pattern.pattern, short, methods, pattern.flags
                    )
    for name in tables.table("text_patterns"):
        yield Pattern(
            text_pattern(name).pattern, "checks.patterns", frozenset()
        )


def _methods(file: str, name: str) -> frozenset[str]:
    """Return the methods of a pattern that are used; a public one may be used in any module."""
    sources = _sources()
    if name.startswith("_"):
        sources = {file: sources[file]}
    methods: set[str] = set()
    for source in sources.values():
        if name not in source:
            continue
        methods.update(re.findall(rf"\b{re.escape(name)}\.(\w+)", source))
        if re.search(rf"\b{re.escape(name)}\b(?!\.\w| = |,? )", source):
            methods.add("?")
    return frozenset(methods)


@cache
def _sources() -> dict[str, str]:
    """Return the text of each module by its file."""
    return {
        str(path): path.read_text("utf-8")
        for path in sorted(_ROOT.rglob("*.py"))
    }


def _patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for element in value.values():
            yield from _patterns_in(element)
    elif isinstance(value, tuple | list):
        for element in value:
            yield from _patterns_in(element)


def _in_call(
    node: ast.AST, names: Mapping[str, Any]
) -> Iterator[tuple[str | bytes, str]]:
    """Yield the pattern in a call, as it is or by the name that its module gives it."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re"), attr=method),
            args=[pattern, *_],
        ) if method in _CALLS:
            text = _value(pattern, names)
            if isinstance(text, str | bytes):
                yield text, method


def _value(node: ast.AST, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names.get(name)
    return None


# --- In JavaScript's syntax

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\p{Nd}",
    op.CATEGORY_WORD: r"\p{L}\p{N}_",
    op.CATEGORY_SPACE: r"\s",
}
_NEGATED = {
    op.CATEGORY_NOT_DIGIT: r"\P{Nd}",
    op.CATEGORY_NOT_WORD: r"[^\p{L}\p{N}_]",
    op.CATEGORY_NOT_SPACE: r"\S",
}
_ANCHORS = {
    op.AT_BEGINNING: "^",
    op.AT_BEGINNING_STRING: "^",
    op.AT_END: "$",
    op.AT_END_STRING: "$",
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
}


def in_javascript(pattern: Pattern) -> str:
    """Return a pattern for JavaScript's flag `u`, to be searched for.

    Possessive quantifiers become a lookahead and a reference to it, as JavaScript has none.
    """
    text = pattern.text
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    written = _Writer().sequence(parser.parse(text, pattern.flags & re.VERBOSE))
    if pattern.methods == {"fullmatch"}:
        return f"^(?:{written})$"
    return f"^(?:{written})" if pattern.is_anchored else written


class _Writer:
    def __init__(self) -> None:
        self._groups: dict[int, int] = {}
        self._count = 0

    def sequence(self, tree: Any) -> str:
        return "".join(self._node(kind, value) for kind, value in tree)

    def _open(self, number: int | None = None) -> int:
        self._count += 1
        if number is not None:
            self._groups[number] = self._count
        return self._count

    def _node(self, kind: Any, value: Any) -> str:
        match kind:
            case op.LITERAL:
                return _character(value)
            case op.NOT_LITERAL:
                return f"[^{_character(value)}]"
            case op.ANY:
                return "."
            case op.AT:
                return _ANCHORS[value]
            case op.IN:
                return _set(value)
            case op.BRANCH:
                return f"(?:{'|'.join(map(self.sequence, value[1]))})"
            case op.SUBPATTERN:
                number, _, _, tree = value
                if number is None:
                    return f"(?:{self.sequence(tree)})"
                self._open(number)
                return f"({self.sequence(tree)})"
            case op.GROUPREF:
                return f"(?:\\{self._groups[value]})"
            case op.ASSERT | op.ASSERT_NOT:
                return self._look_around(kind, value)
            case op.ATOMIC_GROUP:
                return self._atomic(value)
            case op.POSSESSIVE_REPEAT:
                return self._atomic([(op.MAX_REPEAT, value)])
            case op.MAX_REPEAT | op.MIN_REPEAT:
                return self._repeat(kind, value)
        raise NotImplementedError(kind)

    def _atomic(self, tree: Any) -> str:
        number = self._open()
        return f"(?:(?=({self.sequence(tree)}))\\{number})"

    def _look_around(self, kind: Any, value: Any) -> str:
        direction, tree = value
        behind = "<" if direction < 0 else ""
        sign = "=" if kind is op.ASSERT else "!"
        return f"(?{behind}{sign}{self.sequence(tree)})"

    def _repeat(self, kind: Any, value: Any) -> str:
        least, most, tree = value
        upper = "" if most is op.MAXREPEAT else most
        lazy = "?" if kind is op.MIN_REPEAT else ""
        return f"(?:{self.sequence(tree)}){{{least},{upper}}}{lazy}"


def _character(code: int) -> str:
    return (
        chr(code) if chr(code).isalnum() and code < 128 else f"\\u{{{code:x}}}"
    )


def _set(members: Any) -> str:
    written, alternatives = "", []
    is_negated = False
    for kind, value in members:
        match kind:
            case op.NEGATE:
                is_negated = True
            case op.LITERAL:
                written += _character(value)
            case op.RANGE:
                written += f"{_character(value[0])}-{_character(value[1])}"
            case op.CATEGORY if value in _CATEGORIES:
                written += _CATEGORIES[value]
            case op.CATEGORY:
                alternatives.append(_NEGATED[value])
    if is_negated:
        excluded = "".join(f"(?!{alternative})" for alternative in alternatives)
        return f"(?:{excluded}[^{written}])"
    own = [f"[{written}]"] if written else []
    return f"(?:{'|'.join([*own, *alternatives])})"
