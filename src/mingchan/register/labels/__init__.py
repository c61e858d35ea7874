"""Labels (资产标签): codes as objects of their own, printed ahead, stuck on, claimed by scanning."""
