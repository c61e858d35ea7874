"""What the verifier compares of project money: projects, stages, sub-projects, money sent down, payments (3.1)."""

from mingchan.foundation.evidence.protection import Protected
from mingchan.register.funding.models import Appropriation, FundUse, Project, ProjectLine, Stage

PROTECTED = (
    Protected(kind="project", model=Project, label=("name",)),
    Protected(kind="appropriation", model=Appropriation, label=("document",)),
    Protected(kind="project_line", model=ProjectLine, label=("name",)),
    Protected(kind="stage", model=Stage, label=("kind",)),
    Protected(kind="fund_use", model=FundUse, label=("item",)),
)
"""What the verifier compares with the log."""
