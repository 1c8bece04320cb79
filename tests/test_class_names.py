"""The name of a class says which one is meant, in a search as well."""

import ast
from collections import defaultdict
from pathlib import Path

import briefing

PACKAGE = Path(briefing.__file__).parent


def test_no_two_public_classes_have_the_same_name() -> None:
    """A class that only its own module uses can be private, and then have any name."""
    modules: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].append(str(path.relative_to(PACKAGE)))
    assert "Issue" in modules
    assert [each for each in modules.items() if len(each[1]) > 1] == []
