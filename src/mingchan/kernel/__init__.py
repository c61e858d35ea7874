"""The kernel: values every context shares (money, dates, references, actors, refusals). It has no tables."""
