"""The version advisor: what a proposed artefact changes, before anything is stored.

The smallest legal next version, what breaks and where, every artefact and every published series that is reached, and a draft
of the correspondence from an old codelist to the new one.
"""

from registry.advisor.advice import Advice, advise, promising_too_little
from registry.advisor.findings import Finding, Severity

__all__ = ["Advice", "Finding", "Severity", "advise", "promising_too_little"]
