"""The template engine: a sandbox in which the organisation's templates override the package's own,
and can include those as `briefing/NAME`.
"""

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from briefing.errors import TemplateError
from briefing.languages import Language
from briefing.newsletter import Newsletter
from briefing.sandbox.time_limit import OutOfTimeError

from . import plain_text
from .compiled_templates import CompiledTemplates

# Whatever a mistake in a template can raise when it runs.
_FAULTS = (
    JinjaError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)

LARGEST = 1_000_000
"""The largest number, and the longest text or list, that a template may multiply to."""

LARGEST_EXPONENT = 64

SECONDS = 10
"""How long the templates of an edition may take; the package's own take a few hundredths of a
second.
"""

PACKAGED = "briefing/"
"""Before a template's name: the package's own, also from the organisation's template that replaces
it.
"""

_NO_TEMPLATES = {"languages", "newsletter"}

_RECIPE = sha256(Path(__file__).read_bytes()).hexdigest()
"""Changes with this file, which decides how templates are compiled."""


def has_own_templates(newsletter: Newsletter) -> bool:
    """Whether an organisation's folder has templates, which may be from anyone; the package's are
    known to do no harm.
    """
    own, packaged = newsletter.template_folders
    if not own.is_dir() or os.path.realpath(own) == os.path.realpath(packaged):
        return False
    return any(path.name not in _NO_TEMPLATES for path in own.iterdir())


class _Loader(FileSystemLoader):
    """Loads templates from their folders only: a link out of one could put the list of subscribers
    into every email.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self._packaged = FileSystemLoader(folders[-1])

    def get_source(
        self,
        environment: Environment,
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        if template.startswith(PACKAGED):
            name = template.removeprefix(PACKAGED)
            return self._packaged.get_source(environment, name)
        source, filename, uptodate = super().get_source(environment, template)
        path = Path(os.path.realpath(filename))
        folders = map(os.path.realpath, self.searchpath)
        if not any(path.is_relative_to(folder) for folder in folders):
            raise TemplateError(
                filename,
                "is a link to a place outside the templates folder; put a copy there instead",
            )
        return source, filename, uptodate


class _Environment(SandboxedEnvironment):
    """Jinja's sandbox, which also refuses multiplications that would fill the memory or take
    forever.
    """

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(
        self,
        context: Context,
        operator: str,
        left: Any,
        right: Any,
    ) -> Any:
        if _is_too_large(operator, left, right):
            raise SecurityError(
                f"the result of '{operator}' would be too large"
            )
        return super().call_binop(context, operator, left, right)


def _is_too_large(operator: str, left: Any, right: Any) -> bool:
    both_numbers = isinstance(left, int | float) and isinstance(
        right, int | float
    )
    if operator == "**":
        return (
            not both_numbers
            or abs(left) > LARGEST
            or abs(right) > LARGEST_EXPONENT
        )
    if both_numbers:
        return False
    # A text or list times a number.
    length = max(_length(left), _length(right))
    times = max(_factor(left), _factor(right))
    return length * times > LARGEST


def _length(operand: Any) -> int:
    return len(operand) if hasattr(operand, "__len__") else 1


def _factor(operand: Any) -> int:
    return operand if isinstance(operand, int) else 1


class Templates:
    """The templates of a newsletter in one language."""

    def __init__(
        self,
        newsletter: Newsletter,
        language: Language,
        filters: Mapping[str, Callable[..., object]],
    ) -> None:
        self._folders = newsletter.template_folders
        self._environment = _Environment(
            loader=_Loader(self._folders),
            bytecode_cache=CompiledTemplates(
                language.code, self._folders[-1], _RECIPE
            ),
            autoescape=lambda name: (
                name is not None and name.endswith(".html.j2")
            ),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_translations(  # type: ignore[attr-defined]
            language.translations, newstyle=True
        )
        self._environment.filters |= {
            "isolated": language.isolated,
            "typeset": language.typeset,
            "heading": language.typeset_heading,
            "whole": language.whole,
            "nested": language.nested,
            "date": language.date,
            "wrapped": plain_text.wrap,
            "underlined": plain_text.underline,
            **filters,
        }

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """Render a template. Raises TemplateError with the file and line of the mistake."""
        try:
            return self._rendered(name, context)
        except TemplateNotFound as error:
            raise TemplateError(
                self._folders[0] / (error.name or name),
                "there is no such template",
            ) from error
        except TemplateSyntaxError as error:
            path = (
                Path(error.filename)
                if error.filename
                else self._folders[0] / name
            )
            raise TemplateError(
                path,
                f"can't be read: {error.message}",
                line=error.lineno,
            ) from error
        except OutOfTimeError as error:
            message = f"{error}; look for an endless loop"
            raise self._error(error, name, message) from error
        except MemoryError as error:
            message = "needs too much memory; look for an endless loop"
            raise self._error(error, name, message) from error
        except _FAULTS as error:
            raise self._error(
                error, name, f"can't be rendered: {error}"
            ) from error

    def _rendered(self, name: str, context: Mapping[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(context)
        except OutOfTimeError:
            # Jinja does this for exceptions that derive from Exception: it gives them the lines of
            # the template.
            self._environment.handle_exception()

    def _error(
        self,
        error: BaseException,
        name: str,
        message: str,
    ) -> TemplateError:
        """Return an error at the line of the template: Jinja's stack frames have the templates'
        files and lines.
        """
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            path = Path(frame.filename)
            if any(path.is_relative_to(folder) for folder in self._folders):
                return TemplateError(frame.filename, message, line=frame.lineno)
        return TemplateError(self._folders[0] / name, message)
