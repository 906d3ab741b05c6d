"""The public interface for programs: what anybody may see, as JSON, described by itself."""

from marketplace.search.api import entries, finding, guide, openapi
from marketplace.search.api.operations import api

__all__ = ["api", "entries", "finding", "guide", "openapi"]
