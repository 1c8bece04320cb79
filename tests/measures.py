"""Measure how readable the code is: `python -m tests.measures [PATH …]`.

Without a path, the package is measured against its limits; if one is exceeded, the exit code is 1.
With paths, the figures are only printed, along with the most complex functions.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from radon.complexity import cc_visit_ast
from radon.visitors import Class, Function

PACKAGE = Path(__file__).parents[1] / "briefing"
MOST_TOKENS_PER_LINE = 7.5
MEAN_COMPLEXITY = 3.3
COMPLEX = 10
MOST_COMPLEX_FUNCTIONS = 0.02
MOST_COMPLEXITY = 15

LAYOUT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}
"""Tokens that only lay out the code."""


@dataclass(frozen=True)
class Measures:
    """The figures of some files."""

    tokens: int
    lines: int
    """Lines of code: without comments, docstrings and empty lines."""
    functions: Sequence[tuple[int, str]]
    """Cyclomatic complexity and name of each function."""

    @property
    def tokens_per_line(self) -> float:
        return self.tokens / self.lines

    @property
    def mean_complexity(self) -> float:
        return sum(complexity for complexity, _ in self.functions) / len(
            self.functions
        )

    @property
    def worst(self) -> list[tuple[int, str]]:
        """The functions over COMPLEX, the worst first."""
        return sorted(
            (function for function in self.functions if function[0] > COMPLEX),
            reverse=True,
        )

    def excesses(self) -> list[str]:
        """Return a line for each limit that is exceeded."""
        found = []
        if self.tokens_per_line > MOST_TOKENS_PER_LINE:
            found.append(
                f"{self.tokens_per_line:.2f} tokens a line, the limit is {MOST_TOKENS_PER_LINE}"
            )
        if self.mean_complexity > MEAN_COMPLEXITY:
            found.append(
                f"mean complexity {self.mean_complexity:.2f}, the limit is {MEAN_COMPLEXITY}"
            )
        if len(self.worst) > MOST_COMPLEX_FUNCTIONS * len(self.functions):
            found.append(
                f"{len(self.worst)} of {len(self.functions)} functions have a complexity over {COMPLEX}"
            )
        if self.worst and self.worst[0][0] > MOST_COMPLEXITY:
            found.append(
                f"{self.worst[0][1]} has complexity {self.worst[0][0]}, the limit is {MOST_COMPLEXITY}"
            )
        return found


def measure(paths: Sequence[Path]) -> Measures:
    """Return the figures of Python files and of those in folders."""
    tokens = lines = 0
    functions: list[tuple[int, str]] = []
    for path in _python_files(paths):
        source = path.read_text("utf-8")
        tree = ast.parse(source)
        code = list(_code(source, tree))
        tokens += len(code)
        lines += len(_occupied_lines(code))
        functions += _functions(tree, path)
    return Measures(tokens, lines, functions)


def _python_files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _code(source: str, tree: ast.AST) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a file without layout, comments and docstrings."""
    docstrings = _docstrings(tree)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT and token.start not in docstrings:
            yield token


def _docstrings(tree: ast.AST) -> set[tuple[int, int]]:
    """Return where the strings begin that are statements, in line and column."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {
        (statement.lineno, statement.col_offset)
        for statement in statements
        if isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }


def _occupied_lines(code: Sequence[tokenize.TokenInfo]) -> set[int]:
    occupied: set[int] = set()
    for token in code:
        occupied.update(range(token.start[0], token.end[0] + 1))
    return occupied


def _functions(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    for block in cc_visit_ast(tree):
        for function in _own_functions(block):
            yield from _with_closures(function, path)


def _own_functions(block: Function | Class) -> Sequence[Function]:
    if isinstance(block, Class):
        methods: list[Function] = block.methods
        return methods
    # Methods come within their classes as well.
    return [] if block.is_method else [block]


def _with_closures(function: Function, path: Path) -> Iterator[tuple[int, str]]:
    yield function.complexity, f"{path.name}: {function.fullname}"
    for closure in function.closures:
        yield from _with_closures(closure, path)


def main(arguments: Sequence[str]) -> int:
    """Print the figures. Return the exit code."""
    paths = [Path(argument) for argument in arguments]
    measures = measure(paths or [PACKAGE])
    print(
        f"{measures.tokens:,} tokens on {measures.lines:,} lines: {measures.tokens_per_line:.2f} a line"
    )
    print(
        f"{len(measures.functions):,} functions, mean complexity {measures.mean_complexity:.2f}"
    )
    print(
        f"{len(measures.worst)} functions over {COMPLEX} ({len(measures.worst) / len(measures.functions):.1%})"
    )
    for complexity, name in measures.worst if paths else []:
        print(f"  {complexity:>3}  {name}")
    excesses = measures.excesses()
    for excess in excesses:
        print(f"Over the limit: {excess}")
    return 1 if excesses and not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
