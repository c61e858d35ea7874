"""Stocktakes (清查盘点): what should be there, what is there, and what follows from the difference."""
