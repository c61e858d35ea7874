"""Addresses of joint supervision (namespace jointwork)."""

from django.urls import path

from mingchan.oversight.jointwork.views import auditing, cases, papers, plans, walls

app_name = "jointwork"
urlpatterns = [
    path("", plans.list_page, name="plans"),
    path("new/", plans.create, name="make_plan"),
    path("<int:plan_id>/", plans.detail, name="plan"),
    path("<int:plan_id>/draw/", plans.draw, name="draw"),
    path("<int:plan_id>/sign/", plans.sign, name="sign"),
    path("<int:plan_id>/report/", papers.report, name="report"),
    path("samples/<int:sample_id>/look/", plans.look, name="look"),
    path("cases/", cases.list_page, name="cases"),
    path("cases/new/", cases.create, name="open_case"),
    path("cases/<int:case_id>/", cases.detail, name="case"),
    path("cases/<int:case_id>/person/", cases.person, name="person"),
    path("cases/<int:case_id>/loss/", cases.loss, name="loss"),
    path("cases/<int:case_id>/order/", cases.order, name="order"),
    path("cases/<int:case_id>/pay/", cases.pay, name="pay"),
    path("cases/<int:case_id>/transfer/", cases.transfer, name="transfer"),
    path("cases/<int:case_id>/close/", cases.close, name="close"),
    path("cases/<int:case_id>/drop/", cases.drop, name="drop"),
    path("cases/<int:case_id>/people/<int:person_id>/", cases.reveal, name="reveal"),
    path("audit/", auditing.desk, name="desk"),
    path("audit/authority/", auditing.authority_page, name="authority"),
    path("audit/package/", auditing.package, name="package"),
    path("clauses/", walls.wall_page, name="wall"),
    path("clauses/versions/", walls.versions_page, name="versions"),
    path("clauses/<str:clause_id>/", walls.clause_page, name="clause"),
]
