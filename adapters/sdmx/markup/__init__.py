"""SDMX-ML structures as one grammar: what each artefact looks like in 2.1, 3.0 and 3.1, said once for reading and for writing.

``grammar`` and ``parts`` are the words it is written in, ``values`` the simple types; every other room holds the grammar of a
subject. ``writing/markup_structures.py`` and ``reading/markup_structures.py`` are the two users.
"""
