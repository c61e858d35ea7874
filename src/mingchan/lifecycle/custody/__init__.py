"""管护: Who answers for an asset, for how long and with which duties."""
