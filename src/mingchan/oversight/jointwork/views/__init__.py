"""Pages of joint supervision (联合监管页面)."""
