"""Tests of briefing.syncing."""
