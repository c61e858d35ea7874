"""Things the tests of sites start from: a keeper of the county's sites, sites, cards at them."""

from datetime import date
from typing import Any

from mingchan.kernel.actor import Actor
from mingchan.register.assets.tests import factories as assets
from mingchan.register.sites import services
from mingchan.register.sites.drafts import NewSite
from mingchan.register.sites.models import Profile

DAY = assets.DAY
SINCE, LATER = date(2020, 3, 1), date(2020, 4, 20)
RIGHTS = assets.RIGHTS | {"site.manage", "asset.move", "directory.view"}
VILLAGE, TOWN = assets.VILLAGE, assets.TOWN


def keeper(scope: str = assets.COUNTY, *, rights: frozenset[str] = RIGHTS, party: int | None = None) -> Actor:
    """Somebody who keeps the sites of a scope."""
    return assets.clerk(scope, rights=rights, party=party)


def filed(name: str = "窑头村电商服务站", division: str = VILLAGE) -> int:
    """A site that came with a list, its file opened."""
    site = assets.site(name, division)
    services.open_files([site], SINCE, "验收移交记录", actor=keeper(), on=DAY)
    return site


def new(name: str = "新站", **changes: Any) -> NewSite:
    """A village station to be opened by hand."""
    draft = NewSite(name, VILLAGE, "PUBLIC_SERVICE", "VILLAGE", "VILLAGE_STATION", "OPERATING", SINCE)
    return draft._replace(**changes)


def version(site: int) -> int:
    """The version of a site's file."""
    return Profile.objects.values_list("version", flat=True).get(pk=site)


def cards_at(site: int, *names: str, **changes: Any) -> list[int]:
    """Cards of the names at a site."""
    drafts = [assets.draft(name, site=site, class_code="", **changes) for name in names]
    done = assets.register(drafts)
    return list(range(done.first_id, done.last_id + 1))
