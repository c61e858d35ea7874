"""Services of operation (经营服务)."""
