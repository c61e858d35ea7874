"""The file of a site (站点档案): what is written of it, its states, who runs and keeps it, its own requirements.

The site itself, its name and division, is the register's (assets.Site). Periods are half open: `valid_to` is the first
day on which they no longer hold; one that ends the day it began never counted.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.models import Party
from mingchan.register.assets.models import Site
from mingchan.register.sites.choices import Duty, State


def _party(label: Any, *, blank: bool = True) -> "models.ForeignKey[Party | None, Party | None]":
    return models.ForeignKey(
        Party, verbose_name=label, null=blank, blank=blank, on_delete=models.PROTECT, related_name="+"
    )


class Profile(models.Model):
    """A site's file (站点档案): address, hours, place on the map, and its state and holders as they are today (2.1.2).

    `state`, `operator`, `keeper` and `organisation` repeat the open periods, so that lists can filter by them.
    Coordinates are WGS 84 in millionths of a degree.
    """

    site = models.OneToOneField(
        Site, verbose_name=_("站点"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    county = models.CharField(_("县"), max_length=6)
    address = models.CharField(_("地址"), max_length=200, blank=True, default="")
    opening_hours = models.CharField(_("开放时间"), max_length=100, blank=True, default="")
    latitude_micro = models.IntegerField(_("纬度（百万分之一度）"), null=True, blank=True)
    longitude_micro = models.IntegerField(_("经度（百万分之一度）"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    state = models.CharField(_("站点状态"), max_length=10, choices=State, blank=True, default="")
    operator = _party(_("经营主体"))
    keeper = _party(_("管护责任人"))
    organisation = _party(_("管护主体"))
    opened_on = models.DateField(_("建档日期"))
    is_sample = models.BooleanField(_("示例"), default=False)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("站点档案")
        indexes = [models.Index(fields=["county", "state"], name="site_profile_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude_micro__isnull=True) | Q(latitude_micro__range=(-90_000_000, 90_000_000)),
                name="site_latitude",
            ),
            models.CheckConstraint(
                condition=Q(longitude_micro__isnull=True) | Q(longitude_micro__range=(-180_000_000, 180_000_000)),
                name="site_longitude",
            ),
            models.CheckConstraint(
                condition=Q(latitude_micro__isnull=True, longitude_micro__isnull=True)
                | Q(latitude_micro__isnull=False, longitude_micro__isnull=False),
                name="site_coordinates_both",
            ),
            models.CheckConstraint(condition=Q(state__in=["", *State.values]), name="site_state_known"),
        ]

    def __str__(self) -> str:
        return f"site:{self.site_id}"


def _period(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name)


class Term(models.Model):
    """Who runs or keeps a site, from a day until a day (任期). No two of one duty hold on the same day (2.6.1b)."""

    profile = models.ForeignKey(Profile, verbose_name=_("站点档案"), on_delete=models.PROTECT, related_name="terms")
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)
    party = _party(_("责任人"), blank=False)
    organisation = _party(_("管护主体"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("站点任期")
        constraints = [
            _period("site_term_period"),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="site_term_duty"),
            models.UniqueConstraint(
                fields=["profile", "duty"], condition=Q(valid_to__isnull=True), name="site_term_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.party_id}"


class SiteState(models.Model):
    """The state of a site from a day until a day, with the reason (站点状态). One state on one day (2.2)."""

    profile = models.ForeignKey(Profile, verbose_name=_("站点档案"), on_delete=models.PROTECT, related_name="states")
    state = models.CharField(_("站点状态"), max_length=10, choices=State)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("站点状态")
        constraints = [
            _period("site_state_period"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="site_state_word"),
            models.UniqueConstraint(
                fields=["profile"], condition=Q(valid_to__isnull=True), name="site_state_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.valid_from}"


class Requirement(models.Model):
    """A site's own change of what it should have (应有配置调整): an item of its kind's list, or one of its own (2.2).

    Quantities in thousandths; zero says that the item isn't needed here. `words` tell which cards count for an item of
    the site's own, by blanks apart.
    """

    profile = models.ForeignKey(
        Profile, verbose_name=_("站点档案"), on_delete=models.PROTECT, related_name="requirements"
    )
    item = models.CharField(_("项目"), max_length=40)
    words = models.CharField(_("名称中的词"), max_length=100, blank=True, default="")
    unit = models.CharField(_("计量单位"), max_length=20, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("应有数量（千分之一）"))
    reason = models.CharField(_("理由"), max_length=200)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        verbose_name = _("应有配置调整")
        constraints = [
            _period("site_requirement_period"),
            models.CheckConstraint(condition=Q(quantity_milli__gte=0), name="site_requirement_quantity"),
            models.UniqueConstraint(
                fields=["profile", "item"], condition=Q(valid_to__isnull=True), name="site_requirement_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.item
