"""Syncing: fetch what readers did elsewhere (left, joined, complained, became unreachable), and act on it."""
