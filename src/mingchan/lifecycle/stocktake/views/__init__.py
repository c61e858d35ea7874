"""Pages of stocktakes (盘点页面)."""
