"""Every address of the system, by context. Error pages are answered by the gate."""

from django.urls import include, path

urlpatterns = [
    path("reader/", include("mingchan.kernel.ui.urls")),
    path("", include("mingchan.interfaces.web.urls")),
    path("assets/", include("mingchan.register.assets.urls")),
    path("rights/", include("mingchan.register.rights.urls")),
    path("handover/", include("mingchan.register.handover.urls")),
    path("survey/", include("mingchan.register.survey.urls")),
    path("sites/", include("mingchan.register.sites.urls")),
    path("custody/", include("mingchan.lifecycle.custody.urls")),
    path("stages/", include("mingchan.oversight.workplan.urls")),
    path("tracing/", include("mingchan.register.tracing.urls")),
    path("funding/", include("mingchan.register.funding.urls")),
    path("notices/", include("mingchan.oversight.disclosure.urls")),
    path("complaints/", include("mingchan.oversight.complaints.urls")),
    path("joint/", include("mingchan.oversight.jointwork.urls")),
    path("institutions/", include("mingchan.foundation.institutions.urls")),
    path("disposal/", include("mingchan.lifecycle.disposal.urls")),
    path("operation/", include("mingchan.lifecycle.operation.urls")),
    path("income/", include("mingchan.lifecycle.income.urls")),
    path("performance/", include("mingchan.lifecycle.performance.urls")),
    path("distribution/", include("mingchan.lifecycle.distribution.urls")),
    path("portal/", include("mingchan.interfaces.portal.urls")),
    path("cases/", include("mingchan.foundation.procedures.urls")),
    path("books/", include("mingchan.foundation.ledger.urls")),
    path("log/", include("mingchan.foundation.evidence.urls")),
    path("people/", include("mingchan.foundation.directory.urls")),
    path("plan/", include("mingchan.foundation.policy.urls")),
    path("exchange/", include("mingchan.interfaces.exchange.urls")),
]
