"""Coding help: which code of a classification do some words mean?

:class:`registry.coding.index.Index` ranks the codes of one list for a text, :mod:`registry.coding.batch` does it for a file of
texts, :mod:`registry.coding.keeping` keeps the indexes that were made.
"""
