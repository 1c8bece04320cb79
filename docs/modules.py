"""Generate the list in docs/modules.md from the docstrings of the modules: `python -m docs.modules`, or
`make docs`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).with_name("modules.md")
PACKAGE = Path(__file__).parents[1] / "briefing"
BEGIN = "<!-- The modules, written by `make docs` from their docstrings. -->\n"
END = "<!-- End of the modules. -->\n"


def document() -> str:
    """Return the page with the list brought up to date."""
    before, _, rest = FILE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{''.join(_packages())}{END}{after}"


def _packages() -> Iterator[str]:
    yield from _modules(PACKAGE, "briefing")
    for folder in sorted(
        path.parent for path in PACKAGE.glob("*/**/__init__.py")
    ):
        yield from _modules(folder, folder.relative_to(PACKAGE).as_posix())


def _modules(folder: Path, name: str) -> Iterator[str]:
    """Yield the summary of a package, and a line for each of its modules."""
    yield f"\n**{name}/**: {_first_sentence(folder / '__init__.py')}\n\n"
    for path in sorted(folder.glob("*.py")):
        if not path.stem.startswith("__"):
            yield f"- `{path.name}`: {_first_sentence(path)}\n"
    yield "\n"


def _first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    first_paragraph = docstring.partition("\n\n")[0]
    return " ".join(first_paragraph.split())


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
