"""Reading rights (确权查询): batches, previews, certificates, gaps, holders and lines of holders."""

from mingchan.register.rights.queries.documents import PROTECTED, faults

__all__ = ["PROTECTED", "faults"]
