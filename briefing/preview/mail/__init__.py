"""The email beside the issue: rendered and checked in the background, and shown as mail apps would show it."""
