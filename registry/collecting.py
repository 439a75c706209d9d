"""When in its period a figure was collected.

Source: SDMX cross-domain concept "Time period - collection", code list CL_COLLECTION.
"""

COLLECTION = ("COLLECTION", "TIME_PER_COLLECT", "TIME_COLLECT")
"""Components that tell how a figure was collected over its period, in common use; their codes are those of CL_COLLECTION."""
