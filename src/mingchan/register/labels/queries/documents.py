"""What the verifier compares of labels: batches, labels, links and scans."""

from mingchan.foundation.evidence.protection import Protected
from mingchan.register.labels.models import Batch, Label, Link, Scan

BATCH = Protected("label_batch", Batch, label=("first",))
LABEL = Protected("label", Label)
LINK = Protected("label_link", Link, label=("label_id",))
SCAN = Protected("label_scan", Scan)
PROTECTED = (BATCH, LABEL, LINK, SCAN)
