"""Pages of income (收益页面): looking and acting."""
