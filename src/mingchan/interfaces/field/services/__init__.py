"""Services of the field (外业服务): give a capsule out, hear from a phone, take events, photographs and files in."""

from mingchan.interfaces.field.services.capsules import issue
from mingchan.interfaces.field.services.photos import keep_photo, keep_piece, progress
from mingchan.interfaces.field.services.receiving import deliver, hear
from mingchan.interfaces.field.services.results import take_file

__all__ = ["deliver", "hear", "issue", "keep_photo", "keep_piece", "progress", "take_file"]
