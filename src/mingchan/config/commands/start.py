"""`mingchan run`: what a first start needs, in one process: init, demo unless empty, serve."""

import argparse

from mingchan.config.command import DONE
from mingchan.config.commands import demo, init, serve


def run(options: argparse.Namespace) -> int:
    """Prepare, then serve; the first step that is refused ends it."""
    status = init.run(options)
    if status == DONE and not options.empty:
        status = demo.run(options)
    return serve.run(options) if status == DONE else status
