"""The band of contexts that watch and publish."""
