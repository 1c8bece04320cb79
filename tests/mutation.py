"""Mutation testing: change the code and see whether a test fails. `python -m tests.mutation
[--sample N] [MODULE …]`

Each mutant is one small change (an operator, a number, a condition) in a module that a correct send
depends on. The same seed gives the same sample. Mutants that survive, or under which the tests
hang, are printed as diffs; docs/testing.md lists the known survivors, each with its reason.
"""

import argparse
import ast
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.memory import memory_folder

ROOT = Path(__file__).parents[1]
SEED = 2020
SAMPLE = 400
HANG = 60
"""Seconds after which a test hangs: many times as long as the slowest one takes. Then the mutant
counts as noticed. It is listed too: on a very busy machine, the test may only have been slow.
"""
HANG_OUTSIDE_TESTS = 900
"""Seconds after which tests hang that don't even begin or end."""
DELIVERY = "tests/sending/test_delivery.py"
RECEIPTS = "tests/sending/test_receipts.py"
WAITS = "tests/sending/test_waits.py"
PAUSES = "tests/sending/test_pauses.py"
CLAIM_COUNT = "tests/sending/ledger/test_claim_count.py"
LEDGER = [
    "tests/sending/ledger/test_ledger_file.py",
    "tests/sending/ledger/test_ledger.py",
    "tests/sending/ledger/test_recipients.py",
]
PREFLIGHT = ["tests/sending/preflight/test_gates.py"]
SUPPRESSION = [
    "tests/subscribers/test_suppression.py",
    "tests/subscribers/test_unsubscribing.py",
]
MARKDOWN = [
    "tests/issue/test_markdown.py",
    "tests/issue/test_slips.py",
    "tests/issue/test_model.py",
    "tests/issue/test_translation.py",
]
TESTS = {
    "sending/preflight/gates.py": PREFLIGHT,
    "sending/ledger/ledger.py": [*LEDGER, DELIVERY],
    "sending/ledger/claim_count.py": [CLAIM_COUNT, DELIVERY],
    "sending/delivery.py": [
        DELIVERY,
        *PREFLIGHT,
        CLAIM_COUNT,
        RECEIPTS,
        WAITS,
    ],
    "sending/receipts.py": [RECEIPTS, CLAIM_COUNT, DELIVERY],
    "sending/issue_status.py": ["tests/sending/test_issue_status.py"],
    "sending/waits.py": [WAITS, DELIVERY],
    "sending/progress.py": ["tests/sending/test_progress.py", DELIVERY],
    "sending/supply.py": [DELIVERY, WAITS],
    "sending/dispatch.py": ["tests/sending/test_dispatch.py", PAUSES, DELIVERY],
    "sending/pauses.py": [PAUSES, "tests/sending/test_dispatch.py"],
    "subscribers/suppression.py": SUPPRESSION,
    "issue/markdown.py": MARKDOWN,
    "issue/part_reader.py": MARKDOWN,
    "issue/headings.py": MARKDOWN,
    "mail/message.py": ["tests/mail", "tests/sending/test_sendgrid_request.py"],
    "mail/text_body.py": ["tests/mail"],
}
"""The tests that are run for the mutants of each module, the quickest first."""


Place = tuple[tuple[int, int], tuple[int, int]]
"""Where something begins and ends, each as line and column."""


@dataclass(frozen=True, order=True)
class Mutant:
    """One change in one module."""

    module: str
    operator: str
    occurrence: int
    line: int

    def source(self) -> str:
        """Return the module's text with the change."""
        original = _module(ROOT, self.module).read_text("utf-8")
        mutated: str | None = mutate_code(
            original, get_operator(self.operator)(), self.occurrence
        )
        assert mutated is not None, "the place was found in this very text"
        return mutated

    def difference(self) -> str:
        """Return the change as a unified diff."""
        before = _module(ROOT, self.module).read_text("utf-8").splitlines()
        lines = difflib.unified_diff(
            before,
            self.source().splitlines(),
            self.module,
            self.operator,
            lineterm="",
            n=1,
        )
        return "\n".join(lines)


def _module(root: Path, name: str) -> Path:
    return root / "briefing" / name


def _write(path: Path, source: str) -> None:
    """Write a module, without what Python has compiled of it: a change within the same second and
    of the same length would go unseen.
    """
    path.write_text(source, "utf-8")
    Path(cache_from_source(path)).unlink(missing_ok=True)


def all_mutants(module: str) -> dict[Place, list[Mutant]]:
    """Return the mutants of a module by their place in the code.

    Annotations and decorators are left out: they rarely affect what a program does. So are
    comparisons by identity: whether equal numbers are the same object is up to the interpreter.
    """
    source = _module(ROOT, module).read_text("utf-8")
    tree = get_ast(source)
    ignored = _declarations(source)
    places: dict[Place, list[Mutant]] = {}
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if operator.arguments() or name.endswith(("_Is", "_IsNot")):
            continue
        positions = [
            place
            for node in ast_nodes(tree)
            for place in operator().mutation_positions(node)
        ]
        for occurrence, (start, end) in enumerate(positions):
            if not any(first <= start < last for first, last in ignored):
                places.setdefault((start, end), []).append(
                    Mutant(module, name, occurrence, start[0])
                )
    return places


def _declarations(source: str) -> list[Place]:
    """Return where annotations and decorators begin and end."""
    declarations: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            declarations.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            declarations.append(node.returns)
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            declarations += node.decorator_list
    return [
        (
            # A decorator's place begins at its @.
            (node.lineno, node.col_offset - 1),
            (node.end_lineno or 0, node.end_col_offset or 0),
        )
        for node in declarations
        if node is not None
    ]


def sample(modules: Sequence[str], size: int) -> list[Mutant]:
    """Return `size` mutants, each of a different place in the code.

    Each place draws a number that depends only on its own line, so the sample stays nearly the
    same when other lines change.
    """
    drawn: list[tuple[bytes, Mutant]] = []
    for module in modules:
        lines = _module(ROOT, module).read_text("utf-8").splitlines()
        for (start, end), mutants in all_mutants(module).items():
            line = lines[start[0] - 1]
            place = f"{SEED} {module} {start[1]} {end[1]} {line}"
            operators = {_draw(place + each.operator): each for each in mutants}
            drawn.append((_draw(place), operators[min(operators)]))
    return [mutant for _, mutant in sorted(drawn)[:size]]


def _draw(text: str) -> bytes:
    return blake2b(text.encode()).digest()


class Outcome(Enum):
    """What the tests made of a mutant."""

    NOTICED = "noticed"
    HUNG = "hung"
    SURVIVED = "survived"


class Workplace:
    """A copy of the project in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder / "project"
        ignored = shutil.ignore_patterns(
            ".venv*", ".git", ".*_cache", ".hypothesis", "demo", "__pycache__"
        )
        shutil.copytree(ROOT, self._root, ignore=ignored)

    def outcome(self, mutant: Mutant) -> Outcome:
        """Run the module's tests with the change."""
        path = _module(self._root, mutant.module)
        original = path.read_text("utf-8")
        _write(path, mutant.source())
        try:
            return self.run(TESTS[mutant.module])
        finally:
            _write(path, original)

    def run(self, tests: Iterable[str]) -> Outcome:
        """Run files of tests in the copy as it is, until one fails."""
        outcomes = map(self._run_file, tests)
        survived = Outcome.SURVIVED
        return next((each for each in outcomes if each != survived), survived)

    def _run_file(self, tests: str) -> Outcome:
        options = ["-x", "-q", "-p", "no:cacheprovider"]
        options += ["-p", "_hypothesis_pytestplugin"]
        options += ["--hypothesis-profile=more-examples"]
        options += ["-o", f"faulthandler_timeout={HANG}"]
        options += ["-o", "faulthandler_exit_on_timeout=true"]
        environment = {
            **os.environ,
            "PYTHONPATH": str(self._root),
            "PYTEST_DEBUG_TEMPROOT": str(self._folder),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # importing them takes longer than most tests
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *options, tests],
                cwd=self._root,
                env=environment,
                capture_output=True,
                timeout=HANG_OUTSIDE_TESTS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Outcome.HUNG
        if b"Timeout (" in done.stderr:
            return Outcome.HUNG
        return Outcome.NOTICED if done.returncode else Outcome.SURVIVED


def _try_all(
    mutants: Sequence[Mutant], workplaces: Sequence[Workplace]
) -> Counter[Outcome]:
    """Print what became of each mutant as soon as it is known, and return how many there are of
    each outcome.
    """
    free: SimpleQueue[Workplace] = SimpleQueue()
    for workplace in workplaces:
        free.put(workplace)

    def outcome(mutant: Mutant) -> Outcome:
        workplace = free.get()
        try:
            return workplace.outcome(mutant)
        finally:
            free.put(workplace)

    outcomes: Counter[Outcome] = Counter()
    with ThreadPoolExecutor(len(workplaces)) as pool:
        for mutant, its_outcome in zip(
            mutants, pool.map(outcome, mutants), strict=True
        ):
            outcomes[its_outcome] += 1
            print(
                f"{outcomes.total()} of {len(mutants)} {its_outcome.value}:"
                f" {mutant.module}, line {mutant.line}",
                flush=True,
            )
            if its_outcome is not Outcome.NOTICED:
                print(f"{mutant.difference()}\n", flush=True)
    return outcomes


def main() -> int:
    """Print what became of each mutant, and how many were noticed. Return 1 if tests fail without a
    change.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "modules",
        nargs="*",
        metavar="MODULE",
        help=f"of {', '.join(TESTS)}; all unless given",
    )
    parser.add_argument("--sample", type=int, default=SAMPLE, metavar="N")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, metavar="N"
    )
    arguments = parser.parse_args()
    modules = arguments.modules or list(TESTS)
    mutants = sample(modules, arguments.sample)
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        workplaces = [
            Workplace(Path(folder, str(number)))
            for number in range(arguments.workers)
        ]
        for tests in sorted({file for name in modules for file in TESTS[name]}):
            if workplaces[0].run([tests]) is not Outcome.SURVIVED:
                print(f"{tests} fails without any change")
                return 1
        outcomes = _try_all(mutants, workplaces)
    noticed = outcomes.total() - outcomes[Outcome.SURVIVED]
    print(
        f"\n{noticed} of {len(mutants)} mutants were noticed ({noticed / len(mutants):.1%}),"
        f" {outcomes[Outcome.HUNG]} of them because the tests hung; seed {SEED}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
