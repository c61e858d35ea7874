"""资金追溯: Money traced to things: which payments paid for which assets, to the fen."""
