"""Setting up a county (建县): divisions, offices, and the accounts one starts with. Safe to run again.

The sample county has one account for each role, all with one documented password. An empty county has its three
administrators, each with a random first password shown once: they must be three people (三员分立).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mingchan.foundation.directory import queries as directory_queries
from mingchan.foundation.directory import rules as directory_rules
from mingchan.foundation.directory import services as directory
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.directory.models import Account, Party
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor

SAMPLE_PASSWORD = "Pianguan-2020"  # noqa: S105 - documented, sample county only
SAMPLE_SINCE = date(2020, 2, 15)
"""Sample grants hold since the plan's first stage began."""
ADMINISTRATORS = {"sysadmin": "system_admin", "secadmin": "security_admin", "auditadmin": "audit_admin"}
SHOWN_FIRST = ("bureau_clerk", "accountant", "audit", "town_keeper", "system_admin")


class SampleOffice(NamedTuple):
    """An office of the sample county: kind, name, and its division below the county's code."""

    kind: str
    name: str
    division: str = ""


BUREAU = SampleOffice(PartyKind.OFFICE, "偏关县工业和信息化局")
OPERATOR = SampleOffice(PartyKind.COMPANY, "山西关河电子商务有限公司（示例）")
TOWN = SampleOffice(PartyKind.TOWN_GOVERNMENT, "新关镇人民政府", "100000")
OFFICES: Mapping[str, SampleOffice] = {
    "finance": SampleOffice(PartyKind.OFFICE, "偏关县财政局"),
    "poverty": SampleOffice(PartyKind.OFFICE, "偏关县乡村振兴局"),
    "audit": SampleOffice(PartyKind.OFFICE, "偏关县审计局"),
    "discipline": SampleOffice(PartyKind.OFFICE, "偏关县纪委监委"),
    "agriculture": SampleOffice(PartyKind.OFFICE, "偏关县农业农村局"),
    "county_government": SampleOffice(PartyKind.OFFICE, "偏关县人民政府"),
    "town_keeper": TOWN,
    "operator": OPERATOR,
    "third_party": SampleOffice(PartyKind.COMPANY, "晋西北资产评估有限公司（示例）"),
    "evaluator": SampleOffice(PartyKind.COMPANY, "忻州诚信绩效评价有限公司（示例）"),
}
"""The office of a role's sample account; the bureau for the others."""
PEOPLE = {
    "bureau_clerk": "贺晓云", "bureau_reviewer": "白建军", "bureau_head": "秦志远", "finance": "高丽萍",
    "poverty": "刘春生", "audit": "王慧敏", "discipline": "郝正清", "agriculture": "张改莲",
    "county_government": "李国栋", "town_keeper": "万丽芳", "village_keeper": "卢二小", "operator": "陈海燕",
    "third_party": "赵文博", "evaluator": "段志宏", "accountant": "孙秀珍", "cashier": "杨小梅",
    "system_admin": "周立新", "security_admin": "吴安平", "audit_admin": "郑明理",
}  # fmt: skip
"""Invented names of the holders of sample accounts."""


@dataclass(frozen=True)
class Prepared:
    """What setting up found or made. `passwords` holds first passwords that are shown once and kept nowhere."""

    is_sample: bool
    is_new: bool
    passwords: dict[str, str] = field(default_factory=dict)

    def username(self, role: str) -> str:
        """The login name of a role's sample account, which is the role's own name."""
        return role

    def words(self) -> str:
        """What to tell the person at the machine after the first set-up."""
        if self.is_sample:
            return "Sample county ready.\n"
        lines = [f"  {name:12}{password}   ({ADMINISTRATORS[name]})" for name, password in self.passwords.items()]
        return "\n".join(
            ["Empty county ready. First passwords, shown this once, changed at the first login:", *lines, ""]
        )


def _full(code: str) -> str:
    return code.ljust(12, "0")


def _office(office: SampleOffice, *, actor: Actor, on: date) -> Party:
    code = _full(actor.county + office.division)
    name = directory_rules.plain_name(office.name)
    present = Party.objects.filter(county=actor.county, kind=office.kind, name=name, division_code=code).first()
    return present or directory.create_party(
        office.kind, office.name, code, is_confirmed=True, is_sample=True, actor=actor, on=on
    )


def _scope(office: SampleOffice, county: str) -> str:
    """The division prefix an office looks after: a village itself, a town with its villages, else the county."""
    length = {PartyKind.VILLAGE_COMMITTEE: 12, PartyKind.TOWN_GOVERNMENT: 9}.get(PartyKind(office.kind), 6)
    return _full(county + office.division)[:length]


def _village(actor: Actor) -> SampleOffice:
    """A village of the first town: its committee keeps the village's station in the sample county."""
    first = directory_queries.divisions_under(actor.county + TOWN.division[:3])
    village = next(row for row in first if row.level == "VILLAGE" and row.name.endswith("村"))
    return SampleOffice(PartyKind.VILLAGE_COMMITTEE, f"{village.name}民委员会", village.code[6:])


def _sample_account(role: str, *, actor: Actor, on: date) -> None:
    spec = policy.roles()[role]
    where = _village(actor) if role == "village_keeper" else OFFICES.get(role, BUREAU)
    office = _office(where, actor=actor, on=on)
    account = directory.create_account(
        role,
        PEOPLE.get(role, spec.label),
        office.pk,
        password=SAMPLE_PASSWORD,
        title=_("示例账号"),
        is_sample=True,
        actor=actor,
        on=on,
    )
    directory.give_grant(
        account.pk,
        role,
        _scope(where, actor.county),
        basis=_("示例县"),
        party_id=office.pk if spec.own_party_only else None,
        valid_from=min(SAMPLE_SINCE, on),
        actor=actor,
        on=on,
    )


def _administrators(*, actor: Actor, on: date) -> dict[str, str]:
    office = directory.create_office(_("县资产管理办公室"), actor=actor, on=on)
    passwords = {}
    for username, role in ADMINISTRATORS.items():
        passwords[username] = directory_rules.random_password()
        account = directory.create_account(
            username, policy.roles()[role].label, office.pk, password=passwords[username], actor=actor, on=on
        )
        directory.give_grant(account.pk, role, actor.county, basis=_("建县"), actor=actor, on=on)
    return passwords


@transaction.atomic
def prepare(*, sample: bool, on: date) -> Prepared:
    """Load the divisions; on the first run also make offices and accounts. A second run changes what changed only.

    Which of the two counties it is stays as it was first set up, whatever `sample` says later.
    """
    actor = directory_queries.installer(settings.COUNTY)
    directory.load_divisions(policy.divisions_file(), actor=actor, on=on)
    if Account.objects.filter(county=actor.county).exists():
        return Prepared(directory_queries.has_samples(actor.county), False)
    passwords: dict[str, str] = {}
    if sample:
        local_office = _office(BUREAU, actor=actor, on=on)
        for role in policy.roles():
            _sample_account(role, actor=actor, on=on)
    else:
        passwords = _administrators(actor=actor, on=on)
        local_office = Party.objects.get(county=actor.county)
    local = directory.create_local_account(local_office.pk, is_sample=sample, actor=actor, on=on)
    directory.give_local_roles(local.pk, _("本机命令"), actor=actor, on=on)
    return Prepared(sample, True, passwords)


def how_to_log_in() -> str:
    """Words under the address: the sample accounts, or where the first passwords were shown."""
    if not directory_queries.has_samples(settings.COUNTY):
        return "Log in as sysadmin, secadmin or auditadmin; their first passwords were shown by the set-up."
    roles = policy.roles()
    lines = [f"  {role:16}{roles[role].label_en}, {roles[role].label}" for role in SHOWN_FIRST if role in roles]
    return "\n".join(
        [f"Sample accounts, all with the password {SAMPLE_PASSWORD}:", *lines, "  (all of them: mingchan accounts)"]
    )
