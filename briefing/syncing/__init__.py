"""Syncing: fetch what readers did elsewhere (left, joined, became unreachable), and act on it."""
