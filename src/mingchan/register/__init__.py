"""The register (底数): what there is and whose it is."""
