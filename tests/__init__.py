"""The specification of briefing, with a module of tests for each of its modules."""

from hypothesis import settings

# How many examples hypothesis makes for a test. How long one takes depends on the machine; what must
# be quick is shown by benchmarks/.
for _name, _examples in {
    "briefing": 10,
    # For mutation testing.
    "more-examples": 100,
    # For `make long-test`.
    "many-examples": 300,
}.items():
    settings.register_profile(_name, deadline=None, max_examples=_examples)
settings.load_profile("briefing")


def examples(times: int) -> int:
    """How many examples a quick test gets that needs more of them than others."""
    return times * settings().max_examples
