"""Doors to the sources: tax, customs and every SDMX message. Knows the registry only."""
