"""The product's settings with one more app."""

from mingchan.config.settings import *  # noqa: F403
from mingchan.config.settings import INSTALLED_APPS as PRODUCT

INSTALLED_APPS = [*PRODUCT, "tests.flows.errands"]
