"""What the verifier compares of tracing: every share (3.1)."""

from mingchan.foundation.evidence.protection import Protected
from mingchan.register.tracing.models import PaymentShare

PROTECTED = (Protected(kind="payment_share", model=PaymentShare, label=("use_id",)),)
"""What the verifier compares with the log."""
