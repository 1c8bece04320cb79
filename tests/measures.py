"""Measure how large and how readable the code is: `python -m tests.measures [PATH …]`.

Without a path, the package is measured against its limits, and each of its folders against its budget; if
one is exceeded, the exit code is 1. With paths, the figures are only printed, along with the most complex
functions.
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
MOST_TOKENS_PER_LINE = 8
MEAN_COMPLEXITY = 3.5
MOST_COMPLEXITY = 12

BUDGETS = {
    "sending": 30_000,
    "cli": 23_000,
    "syncing": 11_000,
    "subscribers": 12_000,
    "joining": 9_000,
    "bounces": 5_000,
    "mailbox": 3_000,
}
"""The most tokens that a folder of the package may have. A new feature takes the place of another."""

STILL_OVER = {
    "sending": 38_914,
    "cli": 27_468,
    "syncing": 11_358,
}
"""Folders that haven't reached their budget yet, and the tokens that they have: they may only shrink."""

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
    """Cyclomatic complexity and name of each function that isn't flat (`_is_flat`)."""

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
        """The functions over MOST_COMPLEXITY, the worst first."""
        return sorted(
            (
                function
                for function in self.functions
                if function[0] > MOST_COMPLEXITY
            ),
            reverse=True,
        )

    def excesses(self) -> list[str]:
        """Return a line for each limit that is exceeded."""
        found = [
            f"{name} has complexity {complexity}, the limit is {MOST_COMPLEXITY}"
            for complexity, name in self.worst
        ]
        if self.tokens_per_line > MOST_TOKENS_PER_LINE:
            found.append(
                f"{self.tokens_per_line:.2f} tokens a line, the limit is {MOST_TOKENS_PER_LINE}"
            )
        if self.mean_complexity > MEAN_COMPLEXITY:
            found.append(
                f"mean complexity {self.mean_complexity:.2f}, the limit is {MEAN_COMPLEXITY}"
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
    flat = {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _is_flat(node)
    }
    for block in cc_visit_ast(tree):
        for function in _own_functions(block):
            for each in _with_closures(function):
                if each.lineno not in flat:
                    yield each.complexity, f"{path.name}: {each.fullname}"


def _own_functions(block: Function | Class) -> Sequence[Function]:
    if isinstance(block, Class):
        methods: list[Function] = block.methods
        return methods
    # Methods come within their classes as well.
    return [] if block.is_method else [block]


def _with_closures(function: Function) -> Iterator[Function]:
    yield function
    for closure in function.closures:
        yield from _with_closures(closure)


def _is_flat(function: ast.FunctionDef) -> bool:
    """Whether a function is one `match` with a simple statement or a few for each case, or one table: it
    may have any number of branches, since each is read on its own.
    """
    statements = function.body
    if ast.get_docstring(function) is not None:
        statements = statements[1:]
    branching = [each for each in statements if isinstance(each, ast.Match)]
    if len(branching) == 1 and not any(
        _is_compound(each) for each in statements if each is not branching[0]
    ):
        return not any(
            _is_compound(each)
            for case in branching[0].cases
            for each in case.body
        )
    return len(statements) == 1 and _is_table(statements[0])


def _is_compound(statement: ast.stmt) -> bool:
    return hasattr(statement, "body") or isinstance(statement, ast.Match)


def _is_table(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Return) and isinstance(
        statement.value, ast.Dict | ast.List | ast.Tuple
    )


def _print_budgets() -> list[str]:
    """Print the tokens of each folder beside its budget. Return a line for each that is exceeded."""
    exceeded = []
    for folder in sorted(each for each in PACKAGE.iterdir() if each.is_dir()):
        if not any(folder.rglob("*.py")):
            continue
        tokens = measure([folder]).tokens
        budget = BUDGETS.get(folder.name)
        limit = f" of {budget:>7,}" if budget else ""
        print(f"  {folder.name:<14}{tokens:>8,}{limit}")
        most = STILL_OVER.get(folder.name, budget)
        if most and tokens > most:
            exceeded.append(
                f"{folder.name} has {tokens:,} tokens, {most:,} are allowed"
            )
    return exceeded


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
    if paths:
        for complexity, name in measures.worst:
            print(f"  {complexity:>3}  {name}")
        return 0
    excesses = _print_budgets() + measures.excesses()
    for excess in excesses:
        print(f"Over the limit: {excess}")
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
