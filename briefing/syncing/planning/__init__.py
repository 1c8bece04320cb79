"""Decide what a sync changes, from what its sources report. No I/O."""
