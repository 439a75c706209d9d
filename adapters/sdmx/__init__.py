"""Everything that reads or writes SDMX: messages, their formats, and the REST doors."""
