"""The street: whatever speaks to the hub over HTTP only."""
