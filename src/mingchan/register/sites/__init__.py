"""站点: Centres, depots and stations as objects: page, keeper, operator, photograph, what should be there."""
