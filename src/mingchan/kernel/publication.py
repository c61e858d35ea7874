"""What is to be made public (公开内容): contexts say it in plain values, disclosure freezes, numbers and shows it.

A context that knows a thing gives its publication: the plan of a disposal, the result of a sale, a change of operator,
a distribution plan. Names and numbers of people must already be masked: what stands here is shown to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mingchan.kernel.refs import Ref


@dataclass(frozen=True, slots=True)
class Publication:
    """Frozen text and figures of a notice. `kind` is a value of disclosure's `NoticeKind`; `rows` are cells as text,
    under `columns`; `subject` is what it is about; `clauses` demand it."""

    kind: str
    title: str
    paragraphs: Sequence[str]
    division_code: str
    subject: Ref
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    clauses: Sequence[str] = field(default=())
