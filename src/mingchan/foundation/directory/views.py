"""Pages of the directory: parties, divisions, accounts and grants, one's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingchan.foundation.directory import forms, permissions, queries, rules, services
from mingchan.foundation.directory.choices import PartyKind
from mingchan.foundation.policy import queries as policy
from mingchan.kernel import errors
from mingchan.kernel.ui import sections
from mingchan.kernel.ui.page import page, signed_in


def _show_refusal(form, refusal: errors.Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@page(permissions.VIEW)
def parties(request: HttpRequest) -> HttpResponse:
    """The parties in the actor's scope, newest first."""
    given = request.GET
    found = queries.parties(
        request.actor,
        q=given.get("q", "").strip()[:60],
        kind=given.get("kind", ""),
        unconfirmed=given.get("unconfirmed") == "1",
        after=given.get("after", ""),
    )
    names = queries.division_names(row.division_code for row in found.rows)
    context = {
        "page": found,
        "kinds": PartyKind.choices,
        "divisions": names,
        "filters": sum(bool(given.get(name)) for name in ("q", "kind", "unconfirmed")),
        "may_manage": request.actor.may(permissions.MANAGE_PARTIES),
    }
    return render(request, "directory/parties.html", context)


@page(permissions.MANAGE_PARTIES, methods=("GET", "POST"))
def party_create(request: HttpRequest) -> HttpResponse:
    """Enter a party by hand."""
    form = forms.PartyForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            party = services.create_party(**form.cleaned_data, actor=request.actor, on=request.on)
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, _("已登记“%(name)s”。") % {"name": party.name})
            return redirect("directory:party", party.pk)
    return render(request, "directory/party_form.html", {"form": form, "party": None})


@page(permissions.VIEW)
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """One party: what it is, where, and its numbers behind their masks."""
    found = queries.party(request.actor, party_id)
    return render(request, "directory/party.html", _party_context(request, found))


def _party_context(request: HttpRequest, found, **extra: object) -> dict[str, object]:
    return {
        "party": found,
        "division": queries.division(found.division_code),
        "form": forms.RevealForm(),
        "may_reveal": request.actor.may(permissions.REVEAL, found.division_code),
        "may_manage": request.actor.may(permissions.MANAGE_PARTIES, found.division_code),
        "revealed": None,
        "sections": sections.build("party", "", found, request),
        **extra,
    }


@page(permissions.REVEAL, methods=("POST",))
def party_reveal(request: HttpRequest, party_id: int) -> HttpResponse:
    """Show one whole number once; the look and its reason are recorded first."""
    form = forms.RevealForm(request.POST)
    found = queries.party(request.actor, party_id)
    revealed = None
    if form.is_valid():
        try:
            value = services.reveal_personal(party_id, **form.cleaned_data, actor=request.actor, on=request.on)
        except errors.NotAllowed:
            raise
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            label = dict(form.fields["field"].choices)[form.cleaned_data["field"]]
            revealed = (label, value)
    return render(request, "directory/party.html", _party_context(request, found, form=form, revealed=revealed))


@page(permissions.MANAGE_PARTIES, methods=("GET", "POST"))
def party_correct(request: HttpRequest, party_id: int) -> HttpResponse:
    """Correct a party with a reason, or confirm one that a list proposed."""
    found = queries.party(request.actor, party_id)
    begin = {
        "kind": found.kind,
        "name": found.name,
        "division_code": found.division_code,
        "uscc": found.uscc,
        "is_confirmed": found.is_confirmed,
        "version": found.version,
    }
    form = forms.PartyCorrectionForm(request.POST or None, actor=request.actor, initial=begin)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = {name: given[name] for name in ("kind", "name", "division_code", "uscc", "is_confirmed")}
        changes |= {name: given[name] for name in ("phone", "id_number") if given[name]}
        try:
            services.correct_party(
                party_id, changes, given["version"], given["reason"], actor=request.actor, on=request.on
            )
        except (errors.NotAllowed, errors.NotFound, errors.Stale):
            raise
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, _("已更正。"))
            return redirect("directory:party", party_id)
    return render(request, "directory/party_form.html", {"form": form, "party": found})


@page(permissions.VIEW)
def divisions(request: HttpRequest) -> HttpResponse:
    """The division tree of today, and what became of former towns."""
    scopes = request.actor.scopes(permissions.VIEW)
    rows = [row for scope in scopes for row in queries.divisions_under(scope)]
    towns = [row for row in rows if row.level == "TOWN"]
    villages: dict[str, list] = {}
    for row in rows:
        if row.level == "VILLAGE":
            villages.setdefault(row.parent_code, []).append(row)
    context = {
        "towns": towns,
        "villages": villages,
        "loose": [row for code, group in villages.items() if code not in {t.code for t in towns} for row in group],
        "former": queries.former_towns(request.actor),
        "village_count": sum(len(group) for group in villages.values()),
    }
    return render(request, "directory/divisions.html", context)


@page(permissions.VIEW_ACCOUNTS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The county's accounts with their roles."""
    rows, following = queries.accounts(
        request.actor, q=request.GET.get("q", "").strip()[:40], after=request.GET.get("after", "")
    )
    specs, roles = policy.roles(), {}
    for grant in queries.grants_of([row.pk for row in rows], request.on):
        if grant.role in specs:
            roles.setdefault(grant.account_id, []).append(specs[grant.role].text)
    context = {
        "rows": rows,
        "roles": roles,
        "following": following,
        "may_manage": request.actor.may(permissions.MANAGE_ACCOUNTS),
    }
    return render(request, "directory/accounts.html", context)


@page(permissions.MANAGE_ACCOUNTS, methods=("GET", "POST"))
def account_create(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = forms.AccountForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given, word = form.cleaned_data, rules.random_password()
        try:
            account = services.create_account(
                given["username"],
                given["name"],
                given["office"],
                title=given["title"],
                password=word,
                actor=request.actor,
                on=request.on,
            )
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            return render(request, "directory/first_password.html", {"held_by": account, "password": word})
    return render(request, "directory/account_form.html", {"form": form})


@page(permissions.VIEW_ACCOUNTS)
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: who, where, in use or not, its grants past and present."""
    found = queries.account(request.actor, account_id)
    return render(request, "directory/account.html", _account_context(request, found))


def _person_form(found, data=None) -> forms.PersonForm:
    people = queries.persons_named(found.county, found.name)
    if found.person is not None and found.person not in people:
        people.append(found.person)
    places = queries.division_names(one.division_code for one in people)
    choices = [(str(one.pk), f"{one.name}（{places.get(one.division_code, one.division_code)}）") for one in people]
    initial = {"person": str(found.person_id or ""), "version": found.version}
    return forms.PersonForm(data, choices=choices, initial=initial)


def _account_context(
    request: HttpRequest, found, grant_form=None, act_form=None, person_form=None
) -> dict[str, object]:
    grants = queries.grants_of([found.pk])
    another = request.actor.account_id != found.pk
    may_grant = another and request.actor.may(permissions.GIVE_GRANTS)
    return {
        "held_by": found,
        "grants": grants,
        "roles": policy.roles(),
        "divisions": queries.division_names(grant.scope.ljust(12, "0") for grant in grants),
        "may_manage": another and request.actor.may(permissions.MANAGE_ACCOUNTS),
        "may_grant": may_grant,
        "grant_form": grant_form or (forms.GrantForm(actor=request.actor) if may_grant else None),
        "act_form": act_form or forms.ReasonForm(),
        "person_form": person_form
        or (_person_form(found) if another and request.actor.may(permissions.MANAGE_ACCOUNTS) else None),
        "twins": queries.other_accounts(found),
        "today": request.on,
    }


@page(permissions.MANAGE_ACCOUNTS, methods=("POST",))
def account_act(request: HttpRequest, account_id: int) -> HttpResponse:
    """Disable, enable, or reset the password of an account, with a reason."""
    found = queries.account(request.actor, account_id)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        given = {"actor": request.actor, "on": request.on}
        reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
        try:
            match form.cleaned_data["act"]:
                case "disable":
                    services.disable_account(account_id, reason, version=version, **given)
                    messages.success(request, _("账号已停用，打开的页面下一步就会退出。"))
                case "enable":
                    services.enable_account(account_id, reason, version=version, **given)
                    messages.success(request, _("账号已重新启用。"))
                case "reset":
                    word = services.reset_password(account_id, reason, **given)
                    return render(request, "directory/first_password.html", {"held_by": found, "password": word})
                case _other:
                    form.add_error(None, _("没有这种操作。"))
        except (errors.NotAllowed, errors.NotFound, errors.Stale):
            raise
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        if not form.errors:
            return redirect("directory:account", account_id)
    return render(request, "directory/account.html", _account_context(request, found, act_form=form))


@page(permissions.MANAGE_ACCOUNTS, methods=("POST",))
def account_person(request: HttpRequest, account_id: int) -> HttpResponse:
    """Say which person of the directory the account's holder is."""
    found = queries.account(request.actor, account_id)
    form = _person_form(found, request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["person"]
        try:
            services.link_person(
                account_id,
                int(chosen) if chosen else None,
                form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                actor=request.actor,
                on=request.on,
            )
        except (errors.NotAllowed, errors.NotFound, errors.Stale):
            raise
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, _("已登记。"))
            return redirect("directory:account", account_id)
    context = _account_context(request, found, person_form=form)
    return render(request, "directory/account.html", context, status=400)


@page(permissions.GIVE_GRANTS, methods=("POST",))
def grant_give(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give the account a role."""
    found = queries.account(request.actor, account_id)
    form = forms.GrantForm(request.POST, actor=request.actor)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.give_grant(
                account_id,
                given["role"],
                given["scope"],
                party_id=given["party"],
                valid_to=given["valid_to"],
                basis=given["basis"],
                actor=request.actor,
                on=request.on,
            )
        except (errors.NotAllowed, errors.NotFound):
            raise
        except errors.Refusal as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, _("已授权，对方下次打开页面时生效。"))
            return redirect("directory:account", account_id)
    return render(request, "directory/account.html", _account_context(request, found, grant_form=form))


@page(permissions.GIVE_GRANTS, methods=("POST",))
def grant_end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a grant, with a reason."""
    reason = request.POST.get("reason", "")[:200]
    grant = services.end_grant(grant_id, reason, actor=request.actor, on=request.on)
    messages.success(request, _("已收回授权，立即失效。"))
    return redirect("directory:account", grant.account_id)


@signed_in()
def me(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    grants = queries.grants_of([request.account.pk], request.on)
    context = {
        "held_by": request.account,
        "grants": grants,
        "roles": policy.roles(),
        "rights": policy.rights(),
        "divisions": queries.division_names(grant.scope.ljust(12, "0") for grant in grants),
        "rule": services.password_rule(),
    }
    return render(request, "directory/me.html", context)
