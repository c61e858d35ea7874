"""Phones in the sample county (外业): whoever was sent out has taken the errand along."""

from collections.abc import Iterator

from django.conf import settings

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.field import queries
from mingchan.interfaces.field import services as field
from mingchan.interfaces.field.drafts import Contact
from mingchan.interfaces.field.models import Capsule
from mingchan.kernel import fieldwork, period

MOST = 3


def load() -> Iterator[str]:
    """Give the first errands of sample accounts out, once."""
    county, on = settings.COUNTY, period.today()
    if not fieldwork.providers() or Capsule.objects.filter(county=county).exists():
        return
    given = 0
    for account in Account.objects.filter(county=county, is_sample=True, is_active=True).order_by("pk"):
        actor = directory.actor_for(account, on, source="command")
        for errand in queries.errands(actor=actor, on=on)[:1]:
            given += 1
            phone = Contact(f"sample-phone-{given}", f"示例手机 {given} 号")
            field.issue(errand.kind, errand.key, contact=phone, actor=actor, on=on)
        if given == MOST:
            break
    if given:
        yield f"Gave {given} errands out to phones."
