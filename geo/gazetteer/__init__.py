"""Which places there are: built from packages, looked up on the spot, grown by dumps, or asked online."""
