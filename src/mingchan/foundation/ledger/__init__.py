"""The books (账务): accounts, periods, vouchers and balances, double entry in whole fen."""
