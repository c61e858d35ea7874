"""Addresses of the import."""

from django.urls import path

from mingchan.interfaces.exchange import household_door, survey_door, views

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
    path("<int:batch_id>/confirm-survey/", views.confirm_survey, name="confirm_survey"),
    path("<int:batch_id>/purpose/", views.purpose, name="purpose"),
    path("<int:batch_id>/stop/", views.stop, name="stop"),
    path("<int:batch_id>/restart/", views.restart, name="restart"),
    path("<int:batch_id>/discard/", views.discard, name="discard"),
    path("<int:batch_id>/withdraw/", views.withdraw, name="withdraw"),
    path("households/", household_door.upload, name="households"),
    path("surveys/", survey_door.batches, name="survey_list"),
    path("surveys/upload/", survey_door.upload, name="survey_upload"),
    path("surveys/<int:batch_id>/", survey_door.batch, name="survey_batch"),
    path("surveys/<int:batch_id>/progress/", survey_door.progress_fragment, name="survey_progress"),
    path("surveys/<int:batch_id>/issues/", survey_door.issues, name="survey_issues"),
    path("surveys/<int:batch_id>/correct/", survey_door.correct, name="survey_correct"),
    path("surveys/<int:batch_id>/rows/", survey_door.rows, name="survey_rows"),
    path("surveys/<int:batch_id>/columns/<int:sheet>/", survey_door.columns, name="survey_columns"),
    path("surveys/<int:batch_id>/sheets/", survey_door.sheets, name="survey_sheets"),
    path("surveys/<int:batch_id>/coloured/", survey_door.coloured, name="survey_coloured"),
    path("surveys/<int:batch_id>/confirm/", survey_door.confirm_survey, name="survey_confirm_survey"),
    path("surveys/<int:batch_id>/stop/", survey_door.stop, name="survey_stop"),
    path("surveys/<int:batch_id>/restart/", survey_door.restart, name="survey_restart"),
    path("surveys/<int:batch_id>/discard/", survey_door.discard, name="survey_discard"),
]
