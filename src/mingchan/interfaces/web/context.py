"""What every page's frame shows (页面外框): county, navigation, account, the log's newest checkpoint."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.evidence import queries as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.foundation.procedures import queries as procedures
from mingchan.interfaces.web import navigation
from mingchan.kernel.actor import Actor

_PLAIN: dict[str, Any] = {
    "county_name": "",
    "nav": (),
    "account": None,
    "search_url": "",
    "home_url": "/",
    "checkpoint": None,
    "bell": None,
    "sample": False,
    "notices": (),
}


def _checkpoint(actor: Actor) -> dict[str, Any] | None:
    newest = evidence.latest_checkpoint()
    if newest.at is None:
        return None
    url = navigation.address("evidence:log") if actor.may("log.view") else ""
    return {"size": newest.size, "moment": newest.at, "digest": newest.root, "url": url or "#content"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Two statements beyond the gate's: the log's newest checkpoint, the reader's counts."""
    found: dict[str, Any] = dict(
        _PLAIN, county_name=policy.county_name(), home_url=navigation.address("web:desk") or "/"
    )
    account, actor = getattr(request, "account", None), getattr(request, "actor", None)
    if account is None or actor is None:
        return found
    counts = None
    if actor.may("case.view"):
        who = procedures.Identity(account.pk, account.office_id, account.person_id)
        counts = procedures.badges(who, actor, request.on)  # type: ignore[attr-defined]
    specs = policy.roles()
    roles = "、".join(specs[role].text for role in dict.fromkeys(grant.role for grant in actor.grants))
    found.update(
        nav=navigation.navigation(actor, request.path, {"procedures:todo": counts.todo} if counts is not None else {}),
        bell={"url": navigation.address("procedures:messages"), "count": counts.unseen} if counts is not None else None,
        account={
            "name": account.name,
            "office": account.office.name,
            "role": roles,
            "links": [
                {"label": _("我的账号"), "url": navigation.address("directory:me"), "icon": "user"},
                {"label": _("修改口令"), "url": navigation.address("web:password"), "icon": "lock"},
            ],
            "logout_url": navigation.address("web:logout"),
        },
        search_url=navigation.address("assets:list") if actor.may("asset.view") else "",
        sample=account.is_sample,
        checkpoint=_checkpoint(actor),
    )
    return found
