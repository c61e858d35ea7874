"""Things of the directory for tests, here and in the contexts above."""

from datetime import date

from mingchan.foundation.directory import queries, services
from mingchan.foundation.directory.models import Account, Division, Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor

COUNTY = "140932"
DAY = date(2020, 3, 10)
PASSWORD = "Guanhe-2020-well"


def load_county() -> Actor:
    """Divisions of the county; returns the installer who may do everything."""
    actor = queries.installer(COUNTY)
    if not Division.objects.exists():
        services.load_divisions(policy.divisions_file(), actor=actor, on=DAY)
    return actor


def office(name: str = "偏关县工业和信息化局") -> Party:
    """An office of the county, made once."""
    found = Party.objects.filter(name=name).first()
    return found or services.create_office(name, actor=load_county(), on=DAY)


def account(
    username: str,
    *roles: str,
    scope: str = COUNTY,
    party_id: int | None = None,
    is_sample: bool = True,
    password: str = PASSWORD,
) -> Account:
    """An account with roles over a scope."""
    installer = load_county()
    made = services.create_account(
        username, f"张{username}", office().pk, password=password, is_sample=is_sample, actor=installer, on=DAY
    )
    for role in roles:
        services.give_grant(made.pk, role, scope, party_id=party_id, basis="任命文件", actor=installer, on=DAY)
    made.refresh_from_db()
    return made


def actor(username: str, *roles: str, scope: str = COUNTY, party_id: int | None = None) -> Actor:
    """The actor of a fresh account with roles over a scope."""
    return queries.actor_for(account(username, *roles, scope=scope, party_id=party_id), DAY)
