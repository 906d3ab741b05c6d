"""The engine for a large catalogue on one machine: Tantivy's postings, and columns in memory.

An optional package: nothing outside this folder imports it but `choose`, where it is asked for.
"""

from marketplace.search.adapters.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
