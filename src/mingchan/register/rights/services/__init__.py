"""Services of confirmation (确权服务): draft, change, propose, check, return, approve, withdraw (2.3, 3.3)."""

from mingchan.register.rights.services.deciding import approve, check, give_back
from mingchan.register.rights.services.drafting import (
    attach_paper,
    change,
    draft,
    drop_changed,
    propose,
    withdraw,
)
from mingchan.register.rights.services.exporting import record_export, record_printing

__all__ = [
    "approve",
    "attach_paper",
    "change",
    "check",
    "draft",
    "drop_changed",
    "give_back",
    "propose",
    "record_export",
    "record_printing",
    "withdraw",
]
