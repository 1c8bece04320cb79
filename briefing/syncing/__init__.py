"""Syncing: what readers did elsewhere (left, joined, complained, became unreachable) is brought home."""
