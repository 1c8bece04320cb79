"""The specification of briefing, with a module of tests for each of its modules."""

from hypothesis import settings

# How long one example takes depends on the machine; what must be quick is shown by benchmarks/.
settings.register_profile("briefing", deadline=None)
# For another Python, where the same cases were already tried in full on the first (.ci/run).
settings.register_profile("few-examples", deadline=None, max_examples=20)
settings.load_profile("briefing")
