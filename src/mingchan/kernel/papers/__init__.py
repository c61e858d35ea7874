"""Official papers (公文打印): values in, PDF out. The forms themselves belong to the policy pack."""

from mingchan.kernel.papers.rendering import MOST_ROWS, FormError, qr, render, squares

__all__ = ["MOST_ROWS", "FormError", "qr", "render", "squares"]
