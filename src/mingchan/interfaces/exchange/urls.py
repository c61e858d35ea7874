"""Addresses of the import."""

from django.urls import path

from mingchan.interfaces.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.batches, name="list"),
    path("upload/", views.upload, name="upload"),
    path("<int:batch_id>/", views.batch, name="batch"),
    path("<int:batch_id>/progress/", views.progress_fragment, name="progress"),
    path("<int:batch_id>/issues/", views.issues, name="issues"),
    path("<int:batch_id>/correct/", views.correct, name="correct"),
    path("<int:batch_id>/rows/", views.rows, name="rows"),
    path("<int:batch_id>/columns/<int:sheet>/", views.columns, name="columns"),
    path("<int:batch_id>/sheets/", views.sheets, name="sheets"),
    path("<int:batch_id>/admit/", views.admit, name="admit"),
    path("<int:batch_id>/coloured/", views.coloured, name="coloured"),
    path("<int:batch_id>/differences/", views.differences, name="differences"),
    path("<int:batch_id>/confirm/", views.confirm, name="confirm"),
    path("<int:batch_id>/stop/", views.stop, name="stop"),
    path("<int:batch_id>/restart/", views.restart, name="restart"),
    path("<int:batch_id>/discard/", views.discard, name="discard"),
    path("<int:batch_id>/withdraw/", views.withdraw, name="withdraw"),
]
