"""The subcommands of `mingchan`, one module each, with `run(options) -> exit status`."""
