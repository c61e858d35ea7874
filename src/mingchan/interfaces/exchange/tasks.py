"""Long acts of the import as background tasks (后台任务): reading and applying survive a closed page."""

from datetime import date

from django_tasks import task

from mingchan.foundation.directory import queries as directory
from mingchan.foundation.directory.models import Account
from mingchan.interfaces.exchange import services
from mingchan.kernel import period
from mingchan.kernel.actor import Actor


def _actor(account_id: int) -> Actor:
    """The account with the rights it holds today: the business date of the entry may lie years back."""
    return directory.actor_for(Account.objects.get(pk=account_id), period.today(), source="worker")


@task()
def read_batch(batch_id: int, account_id: int, on: str) -> None:
    """Read a received workbook for its preview."""
    day = date.fromisoformat(on)
    services.read(batch_id, actor=_actor(account_id), on=day)


@task()
def apply_batch(batch_id: int, account_id: int, on: str) -> None:
    """Write a confirmed batch into the register."""
    day = date.fromisoformat(on)
    services.apply(batch_id, actor=_actor(account_id), on=day)
