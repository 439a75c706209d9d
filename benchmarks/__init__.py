"""Measurements anyone can repeat: `python -m benchmarks.serving`, `python -m benchmarks.messages`; see README.md here."""
