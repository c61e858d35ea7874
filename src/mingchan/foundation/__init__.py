"""The foundation (地基): who, by what rule, in which books, with what trace. It knows nothing of assets."""
