"""Dateline: reports in, a map of dated events out."""

__version__ = "0.1.0"
