"""Grants (授权): a role for an account over a division and a time, always given by somebody else."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory import events, permissions, queries, rules
from mingchan.foundation.directory.models import Account, Grant, Party
from mingchan.foundation.directory.services import protected
from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.policy import queries as policy
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotFound, Refusal
from mingchan.kernel.refs import Ref

LOCAL_ROLES = ("bureau_clerk", "bureau_reviewer", "bureau_head", "accountant", "system_admin")
"""What commands at this machine may do unless `--as` names another account."""


def _end_sessions(account: Account) -> None:
    """Open sessions of the account end at their next request, so that the change acts at once."""
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)


@transaction.atomic
def give_grant(
    account_id: int,
    role: str,
    scope: str,
    *,
    basis: str,
    actor: Actor,
    on: date,
    party_id: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Give an account a role over a division prefix, from a day until before `valid_to`. Serves 4.1, 2.6.1b.

    Raises NotAllowed without `grant.give` over the scope or for oneself; NotFound for an account of another county;
    Refusal for an unknown role or division, a missing basis, a wrong period, a role that must stand apart from one
    held, an operator without a party, or a grant that is in force already.
    """
    permissions.require(actor, permissions.GIVE_GRANTS, scope)
    permissions.require_another(actor, account_id)
    account = Account.objects.select_for_update().filter(pk=account_id, county=actor.county).first()
    if account is None:
        raise NotFound(_("没有这个账号。"))
    spec = policy.roles().get(role)
    if spec is None:
        raise Refusal(_("没有这个角色。"), clauses=("4.1",), field="role")
    if not scope.startswith(actor.county) or queries.division(scope.ljust(12, "0")) is None:
        raise Refusal(_("授权范围须是本县的区划。"), clauses=("4.1",), field="scope")
    if not basis.strip():
        raise Refusal(_("请填写授权依据。"), clauses=("4.1",), field="basis")
    begin = valid_from or on
    if valid_to is not None and valid_to <= begin:
        raise Refusal(_("失效日须晚于开始日期。"), clauses=("4.1",), field="valid_to")
    _require_party(spec, party_id, actor.county)
    held = [grant.role for grant in queries.grants_of([account.pk], begin)]
    if clash := rules.roles_apart(held, role, policy.roles_apart()):
        names = "、".join(policy.roles()[code].text for code in clash)
        raise Refusal(
            _("“%(role)s”不得与已有的“%(names)s”由一人兼任。") % {"role": spec.text, "names": names},
            clauses=("4.1",),
            field="role",
        )
    same = Grant.objects.filter(account=account, role=role, scope=scope, valid_to__isnull=True)
    if (same.filter(party__isnull=True) if party_id is None else same.filter(party_id=party_id)).exists():
        raise Refusal(_("这项授权已经有效。"), clauses=("4.1",), field="role")
    grant = Grant.objects.create(
        account=account,
        role=role,
        scope=scope,
        party_id=party_id,
        valid_from=begin,
        valid_to=valid_to,
        basis=basis.strip()[:200],
        given_by=actor.name or "",
    )
    _end_sessions(account)
    evidence.record(
        events.GRANT_GIVEN,
        Ref("grant", grant.pk),
        actor=actor,
        on=on,
        after=protected.document(grant),
        division=scope,
        reason=basis.strip(),
        facts={"username": account.username, "role": spec.label, "scope": scope},
    )
    return grant


def _require_party(spec: policy.RoleSpec, party_id: int | None, county: str) -> None:
    if spec.own_party_only and party_id is None:
        raise Refusal(_("这个角色只能看自己的资产，请选择主体。"), clauses=("1.2b",), field="party")
    if party_id is not None and not Party.objects.filter(pk=party_id, county=county).exists():
        raise Refusal(_("没有这个主体。"), clauses=("1.2b",), field="party")


@transaction.atomic
def end_grant(grant_id: int, reason: str, *, actor: Actor, on: date) -> Grant:
    """End a grant on a day; it stops to count at once, on open sessions too.

    Raises NotFound for another county's grant, NotAllowed without `grant.give` over its scope or for oneself,
    Refusal without a reason or when it has ended.
    """
    grant = Grant.objects.select_related("account").filter(pk=grant_id, account__county=actor.county).first()
    if grant is None:
        raise NotFound(_("没有这项授权。"))
    permissions.require(actor, permissions.GIVE_GRANTS, grant.scope)
    permissions.require_another(actor, grant.account_id)
    account = Account.objects.select_for_update().get(pk=grant.account_id)
    grant.refresh_from_db()
    if not reason.strip():
        raise Refusal(_("请填写理由。"), clauses=("4.1",), field="reason")
    if grant.valid_to is not None and grant.valid_to <= on:
        raise Refusal(_("这项授权已经结束。"), clauses=("4.1",))
    before = protected.document(grant)
    grant.valid_to = max(on, grant.valid_from)
    grant.save(update_fields=["valid_to"])
    _end_sessions(account)
    evidence.record(
        events.GRANT_ENDED,
        Ref("grant", grant.pk),
        actor=actor,
        on=on,
        before=before,
        after=protected.document(grant),
        division=grant.scope,
        reason=reason.strip(),
        facts={
            "username": account.username,
            "role": policy.roles()[grant.role].label if grant.role in policy.roles() else grant.role,
            "scope": grant.scope,
        },
    )
    return grant


@transaction.atomic
def give_local_roles(account_id: int, basis: str, *, actor: Actor, on: date) -> None:
    """The grants of the account of commands, over the whole county."""
    for role in LOCAL_ROLES:
        give_grant(account_id, role, actor.county, basis=basis, actor=actor, on=on)
