"""Correspondences between two codelist versions: what becomes of a code, how sure that is, turned round and chained.

Kinds of links as in GSIM and Klass. A figure can be recoded exactly where its code goes to one target as a whole; a split needs
shares, and gives an estimate. Codes mean nothing without their version, so a table holds between two versions and no others.
"""

from registry.correspondence.grouping import Group, groups
from registry.correspondence.kinds import LinkKind, kind_of_link, kinds
from registry.correspondence.routing import Step, derived, follow, route
from registry.correspondence.sharing import TOLERANCE, Exactness, State, exactness, is_share, parts, state_of
from registry.correspondence.table import BASIS, MAIN, ORIGIN, PERIOD, SHARE, Correspondence, Link
from registry.correspondence.turning import chain, invert
from registry.correspondence.variant import of_variant

__all__ = [
    "BASIS",
    "MAIN",
    "ORIGIN",
    "PERIOD",
    "SHARE",
    "TOLERANCE",
    "Correspondence",
    "Exactness",
    "Group",
    "Link",
    "LinkKind",
    "State",
    "Step",
    "chain",
    "derived",
    "exactness",
    "follow",
    "groups",
    "invert",
    "is_share",
    "kind_of_link",
    "kinds",
    "of_variant",
    "parts",
    "route",
    "state_of",
]
