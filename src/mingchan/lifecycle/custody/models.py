"""Departures of keepers (离任) and handovers that one side alone may carry out (单方交接). Custody itself is a right.

Who keeps what, for which body and until when is a right CUSTODY of the card (assets.models.Right).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.lifecycle.custody.choices import ONE_SIDED, Cause


class Departure(models.Model):
    """A keeper who leaves or changes post (离任): the person stays in the directory and must hand over (2.6.1b).

    It stays open until the person comes back to the post; what is kept meanwhile is open until it has another keeper.
    """

    county = models.CharField(_("县"), max_length=6)
    person = models.ForeignKey(Party, verbose_name=_("离任人"), on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(_("所在区划"), max_length=12)
    left_on = models.DateField(_("离任日期"))
    cause = models.CharField(_("离任原因"), max_length=12, choices=Cause)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    successor = models.ForeignKey(
        Party, verbose_name=_("接任人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    noted_on = models.DateField(_("登记日期"))
    noted_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")
    returned_on = models.DateField(_("复任日期"), null=True, blank=True)
    is_sample = models.BooleanField(_("示例"), default=False)

    class Meta:
        verbose_name = _("离任")
        indexes = [models.Index(fields=["county", "division_code", "id"], name="departure_division")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(returned_on__isnull=True), name="departure_open_once"
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("left_on")), name="departure_in_order"
            ),
            models.CheckConstraint(condition=~Q(successor=F("person")), name="departure_successor_is_another"),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="departure_cause_known"),
        ]

    @property
    def may_be_one_sided(self) -> bool:
        """Whether nobody can sign for the leaver."""
        return self.cause in ONE_SIDED


class OneSided(models.Model):
    """The approval of a handover by one side alone (单方交接): the leaver is dead or can't be reached (2.6.1b)."""

    departure = models.OneToOneField(
        Departure, verbose_name=_("离任"), on_delete=models.PROTECT, related_name="one_sided"
    )
    approval = models.CharField(_("批准说明"), max_length=300)
    document = models.CharField(_("批准文件"), max_length=60, blank=True, default="")
    allowed_on = models.DateField(_("批准日期"))
    allowed_by = models.CharField(_("经办人"), max_length=50, blank=True, default="")

    class Meta:
        verbose_name = _("单方交接")
        constraints = [models.CheckConstraint(condition=~Q(approval=""), name="one_sided_approved")]
