"""The pages, the routes beside them, and all their words."""
