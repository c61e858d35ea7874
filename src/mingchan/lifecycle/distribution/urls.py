"""Addresses of distribution (namespace distribution)."""

from django.urls import URLPattern, path

from mingchan.lifecycle.distribution.views import households, payouts, plans, policies

app_name = "distribution"
urlpatterns: list[URLPattern] = [
    path("", plans.overview, name="overview"),
    path("households/", households.listed, name="households"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("households/<int:household_id>/reveal/", households.reveal, name="reveal"),
    path("households/<int:household_id>/leave/", households.leave, name="leave"),
    path("rosters/", households.rosters, name="rosters"),
    path("rosters/<int:roster_id>/", households.roster, name="roster"),
    path("rosters/<int:roster_id>/apply/", households.apply, name="apply"),
    path("rosters/<int:roster_id>/discard/", households.discard, name="discard"),
    path("policies/", policies.listed, name="policies"),
    path("policies/new/", policies.make, name="make_policy"),
    path("policies/<int:policy_id>/", policies.policy, name="policy"),
    path("policies/<int:policy_id>/file/", policies.file, name="file_policy"),
    path("policies/<int:policy_id>/drop/", policies.drop, name="drop_policy"),
    path("plans/", plans.listed, name="plans"),
    path("plans/new/", plans.choose, name="new_plan"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/redraft/", plans.redraft, name="redraft"),
    path("plans/<int:plan_id>/propose/", plans.propose, name="propose"),
    path("plans/<int:plan_id>/withdraw/", plans.withdraw, name="withdraw"),
    path("plans/<int:plan_id>/trace/", plans.trace, name="trace"),
    path("plans/<int:plan_id>/paper/", plans.paper, name="paper"),
    path("plans/<int:plan_id>/spend/", payouts.spend, name="spend"),
    path("plans/<int:plan_id>/list/", payouts.make_list, name="make_list"),
    path("payouts/<int:payout_id>/", payouts.payout, name="payout"),
    path("payouts/<int:payout_id>/paid/", payouts.paid, name="paid"),
    path("payouts/<int:payout_id>/bank/", payouts.bank_file, name="bank_file"),
    path("payouts/<int:payout_id>/paper/", payouts.paper, name="payout_paper"),
    path("payments/<int:payment_id>/returned/", payouts.returned, name="returned"),
]
