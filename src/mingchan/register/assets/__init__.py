"""What there is and whose it is (资产): cards, sites, rights and the register."""
