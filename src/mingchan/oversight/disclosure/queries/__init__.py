"""Reading notices and objections (公示查询)."""

from mingchan.oversight.disclosure.queries.documents import PROTECTED
from mingchan.oversight.disclosure.queries.public import (
    Followed,
    PublicAnswer,
    PublicNotice,
    PublicPlace,
    followed,
    public_answers,
    public_notice,
    public_notices,
)

__all__ = [
    "PROTECTED",
    "Followed",
    "PublicAnswer",
    "PublicNotice",
    "PublicPlace",
    "followed",
    "public_answers",
    "public_notice",
    "public_notices",
]
