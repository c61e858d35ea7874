"""The band of contexts in which things happen to assets."""
