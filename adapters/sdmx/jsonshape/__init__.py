"""How the values of the model look in SDMX-JSON: said once, for writing and for reading, in each version of the format.

A *way* (:mod:`ways`) turns a value into JSON and back and tells what it cannot say; a record (:mod:`records`) is the way of a
class, made of a piece for each of its fields; :mod:`shapes` has the record of every artefact in every version. So what is
written, what is read and what is called lost cannot come apart.

Source: ``sdmx-json-structure-schema.json`` of SDMX-JSON 1.0, 2.0 and 2.1 and their field guides.
"""
