"""Reading the books (账簿查询)."""

from mingchan.foundation.ledger.queries.checks import Fault, faults
from mingchan.foundation.ledger.queries.documents import PROTECTED

__all__ = ["PROTECTED", "Fault", "faults"]
