"""Classifications in time: a view of codelists and correspondences, without a second copy of anything.

A version of a classification is a codelist, a correspondence a representation map, a variant (a grouping of one's own) a
hierarchy. What GSIM says of a classification beyond that stands in their annotations; everything here is computed from them.
Source: GSIM Statistical Classification Model; the verbs are those of Klass (``codesAt``, ``changes``, ``variants``).
"""

from registry.classification.biography import Event, Happening, biography
from registry.classification.changes import Change, CodeChange, changes
from registry.classification.contents import (
    EXCLUDES,
    INCLUDES,
    INDEX,
    LEVEL_NAMES,
    RULING,
    ItemLevel,
    ItemNotes,
    index_terms,
    levels,
    notes,
)
from registry.classification.deriving import NAMED_PART, derivable, derived_from, tree_of
from registry.classification.validity import span, spans
from registry.classification.versions import (
    CLASSIFICATION,
    LEGAL_BASIS,
    codes_at,
    families,
    family,
    family_names,
    holds,
    is_draft,
    legal_basis,
    version_at,
    versions,
)

__all__ = [
    "CLASSIFICATION",
    "EXCLUDES",
    "INCLUDES",
    "INDEX",
    "LEGAL_BASIS",
    "LEVEL_NAMES",
    "NAMED_PART",
    "RULING",
    "Change",
    "CodeChange",
    "Event",
    "Happening",
    "ItemLevel",
    "ItemNotes",
    "biography",
    "changes",
    "codes_at",
    "derivable",
    "derived_from",
    "families",
    "family",
    "family_names",
    "holds",
    "index_terms",
    "is_draft",
    "legal_basis",
    "levels",
    "notes",
    "span",
    "spans",
    "tree_of",
    "version_at",
    "versions",
]
