"""A process that is forked ends, however much it writes."""

from pathlib import Path

from tests.cli.processes import finish


def test_all_that_a_process_writes_is_read_while_it_runs(
    tmp_path: Path,
) -> None:
    # A pipe takes 64 KB.
    unknown = "x" * 100_000
    done = finish(tmp_path, unknown)
    assert done.returncode
    assert unknown in done.stderr
