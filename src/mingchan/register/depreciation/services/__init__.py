"""Services of depreciation (折旧服务): preview, post and reverse a month's run of a book."""

from mingchan.register.depreciation.services.reversing import reverse
from mingchan.register.depreciation.services.running import Preview, post, post_through, preview

__all__ = ["Preview", "post", "post_through", "preview", "reverse"]
