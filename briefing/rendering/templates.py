"""The template engine: the organisation's templates before the package's own, in a sandbox, errors with their line."""

import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from briefing.errors import TemplateError
from briefing.languages import Language
from briefing.newsletter import Newsletter
from briefing.rendering import plain
from briefing.rendering.limit import TookTooLongError, time_limit

# What a mistake in a template can raise, besides Jinja's own errors, when Python is asked to do what it says.
_FAULTS = (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError, MemoryError)

LARGEST = 1_000_000
"""What a sum in a template may make: characters, or a number."""

LONGEST = 10
"""Seconds that a template may take; the package's own take a few hundredths."""


class _Loader(FileSystemLoader):
    """Templates from their folders alone: a link out of one could lead to the list, and into everybody's mail."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, filename, uptodate = super().get_source(environment, template)
        real = os.path.realpath(filename)
        if not any(Path(real).is_relative_to(os.path.realpath(folder)) for folder in self.searchpath):
            raise TemplateError(filename, "is a link out of the templates folder; put a copy there instead")
        return source, filename, uptodate


class _Environment(SandboxedEnvironment):
    """Jinja's sandbox; sums that would fill the memory or take for ever are refused as well."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers or (operator == "**" and (abs(left) > LARGEST or abs(right) > 64)):
            length = max((len(one) for one in (left, right) if hasattr(one, "__len__")), default=1)
            times = max((one for one in (left, right) if isinstance(one, int)), default=1)
            if operator == "**" or length * times > LARGEST:
                raise SecurityError(f"'{operator}' would make something too large")
        return super().call_binop(context, operator, left, right)


class Templates:
    """The templates of a newsletter in one language."""

    def __init__(
        self, newsletter: Newsletter, language: Language, filters: Mapping[str, Callable[..., object]]
    ) -> None:
        self._folders = newsletter.template_folders
        environment = _Environment(
            loader=_Loader(self._folders),
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
        environment.filters |= {
            "isolated": language.isolated,
            "whole": language.whole,
            "date": language.date,
            "wrapped": plain.wrap,
            "underlined": plain.underlined,
            **filters,
        }
        self._environment = environment

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """A template filled. Raises TemplateError that names the template and its line."""
        try:
            with time_limit(LONGEST):
                return self._environment.get_template(name).render(context)
        except TemplateNotFound as error:
            raise TemplateError(self._folders[0] / (error.name or name), "there is no such template") from error
        except TemplateSyntaxError as error:
            path = Path(error.filename) if error.filename else self._folders[0] / name
            raise TemplateError(path, f"can't be read: {error.message}", line=error.lineno) from error
        except TookTooLongError as error:
            path, line = self._place(error, name)
            reason = f"takes longer than {LONGEST} seconds to be filled; is there an endless loop?"
            raise TemplateError(path, reason, line=line) from error
        except _FAULTS as error:
            path, line = self._place(error, name)
            raise TemplateError(path, f"can't be filled: {error}", line=line) from error

    def _place(self, error: BaseException, name: str) -> tuple[Path, int | None]:
        """Where in a template an error arose: Jinja gives its frames the template's own file and lines."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if any(Path(frame.filename).is_relative_to(folder) for folder in self._folders):
                return Path(frame.filename), frame.lineno
        return self._folders[0] / name, None
