"""SDMX messages, written piece by piece: nothing here holds more than one series or one item at a time."""
