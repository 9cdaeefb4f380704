"""Reports, claims, events and the review log between runs, in one file or on one server."""

from geo.store.core import Counts, Store, projects
from geo.store.log import Change, Entry
from geo.store.review import Decision
from geo.store.writing import Run

__all__ = ["Change", "Counts", "Decision", "Entry", "Run", "Store", "projects"]
