"""Who may see, rectify and review findings (问题权限): by division; the office that answers never reviews itself."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Account
from mingchan.kernel import reach
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound
from mingchan.oversight.supervision import rules
from mingchan.oversight.supervision.models import Finding

VIEW, RECTIFY, REVIEW, RUN, INSPECT = (
    "finding.view",
    "finding.rectify",
    "finding.review",
    "finding.run",
    "finding.inspect",
)


def visible_to(actor: Actor, right: str = VIEW) -> Q:
    """Findings inside the actor's divisions."""
    return reach.inside(actor, right)


def office_of(actor: Actor) -> tuple[int, str] | None:
    """The actor's office and its name; None for the system and for accounts that are gone."""
    if actor.account_id is None:
        return None
    return Account.objects.filter(pk=actor.account_id).values_list("office_id", "office__name").first()


def may_rectify(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may report what was done: the office that answers, over the place of the finding."""
    office = office_of(actor)
    if not actor.may(RECTIFY, finding.division_code):
        return False
    return finding.office_id is None or (office is not None and office[0] == finding.office_id)


def may_review(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may review: a supervising office, never the one that answers for the finding (3.4.2)."""
    office = office_of(actor)
    return actor.may(REVIEW, finding.division_code) and rules.may_review(
        office[0] if office else None, finding.office_id
    )


def require_seen(actor: Actor, finding: Finding | None) -> Finding:
    """The finding. Raises NotFound where the actor may see none."""
    if finding is None or finding.county != actor.county or not actor.may(VIEW, finding.division_code):
        raise NotFound(_("没有这个问题。"))
    return finding


def require_rectify(actor: Actor, finding: Finding) -> None:
    """Raise NotAllowed unless the actor's office answers for the finding."""
    if not may_rectify(actor, finding):
        raise NotAllowed(
            _("由责任单位“%(office)s”报告整改。") % {"office": finding.office_name}, clauses=("1.2a", "2.6.1b")
        )


def require_review(actor: Actor, finding: Finding) -> None:
    """Raise NotAllowed unless the actor belongs to a supervising office that isn't the one that answers."""
    if not may_review(actor, finding):
        raise NotAllowed(_("由监督单位复核，责任单位不得复核本单位的整改。"), clauses=("3.4.2", "1.2a"))


def require_right(actor: Actor, right: str, division: str) -> None:
    """Raise NotAllowed unless the actor holds the right over the division."""
    if not actor.may(right, division):
        raise NotAllowed(_("您没有这个地方的监督权限。"), clauses=("3.4.2", "4.2"))
