"""Compiled templates are kept: compiling takes longer than rendering.

Those of the package are also kept in files, where Python keeps the package's compiled modules
(`__pycache__`): anyone who can write there can change the program itself. An organisation's templates
are only kept within a process, because a newsletter's folder may be from anyone.
"""

import contextlib
import pickle
import sys
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from briefing.errors import BriefingError
from briefing.storage import files

FOLDER = Path(cache_from_source(__file__)).parent

_MOST_COMPILED = 200
"""The most compiled templates that a process keeps; an edition has eight, the desk's page 20."""

_compiled: dict[tuple[str, str, str], CodeType] = {}
"""Compiled templates by language, name and source."""


class CompiledTemplates(BytecodeCache):
    """Where an environment looks for compiled templates."""

    def __init__(self, lang: str, packaged: Path, recipe: str) -> None:
        """`lang` is empty for templates that are the same in all languages. `packaged` is the folder of
        the package's templates; `recipe` changes whenever the same template could be compiled to
        something else.

        Jinja applies filters to literals when it compiles, and some depend on the language. The
        package's templates have no such literals.
        """
        self._lang = lang
        self._packaged = str(packaged)
        self._recipe = recipe

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name} {filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _compiled.get(self._memory_key(bucket))
        path = self._cache_file(bucket)
        if bucket.code is None and path:
            with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
                bucket.bytecode_from_string(path.read_bytes())
                self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._keep(bucket)
        path = self._cache_file(bucket)
        if path and not sys.dont_write_bytecode:
            with contextlib.suppress(
                BriefingError
            ):  # installed by another user
                files.write_atomically(path, bucket.bytecode_to_string())

    def _keep(self, bucket: Bucket) -> None:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.clear()
        if bucket.code is not None:
            _compiled[self._memory_key(bucket)] = bucket.code

    def _memory_key(self, bucket: Bucket) -> tuple[str, str, str]:
        return self._lang, bucket.key, bucket.checksum

    def _cache_file(self, bucket: Bucket) -> Path | None:
        """Return where a template's code is kept; None if it isn't one of the package's."""
        name, _, path = bucket.key.partition(" ")
        if Path(path).parent != Path(self._packaged):
            return None
        made = sha256(f"{self._recipe} {bucket.key}".encode()).hexdigest()[:16]
        tag = sys.implementation.cache_tag
        return FOLDER / f"{Path(name).name}.{made}.{tag}.jinja"
