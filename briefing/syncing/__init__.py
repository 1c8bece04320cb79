"""Syncing: what readers did elsewhere (left, joined, complained, became unreachable) is fetched and acted on."""
