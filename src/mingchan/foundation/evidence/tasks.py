"""The verifier as a background task (后台校验): it goes on when the page is closed."""

from datetime import date

from django_tasks import task

from mingchan.foundation.evidence import services
from mingchan.kernel.actor import Actor


@task()
def verify_log(run_id: int, account_id: int | None, name: str, county: str, on: str) -> None:
    """Run the verifier for a run that was asked for, and record what it said."""
    actor = Actor(account_id, name, county, source="worker")
    services.run_verification(run_id, actor=actor, on=date.fromisoformat(on))
