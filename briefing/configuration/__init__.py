"""The settings in briefing.toml: read, checked with clear errors, and written with their comments kept."""
