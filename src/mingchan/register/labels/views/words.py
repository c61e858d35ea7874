"""Tones and words that pages of labels share."""

from mingchan.register.labels.choices import State

TONES = {State.FREE.value: "info", State.LIVE.value: "good", State.VOID.value: "neutral"}
"""How a state is coloured."""
