"""Files to reports: one file a format, and a dict from suffix to function."""

from geo.readers.reading import READERS, Reading, Refusal, paste, read, read_bytes

__all__ = ["READERS", "Reading", "Refusal", "paste", "read", "read_bytes"]
