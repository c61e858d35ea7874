"""移交: Lists by which assets pass from one side to the other, signed by both."""
