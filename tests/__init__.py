"""The specification of briefing, with a module of tests for each of its modules."""

from hypothesis import settings

# How long one example takes depends on the machine; what must be quick is shown by benchmarks/.
settings.register_profile("briefing", deadline=None)
settings.load_profile("briefing")
