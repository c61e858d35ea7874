"""Addresses of surveys (namespace survey)."""

from django.urls import path

from mingchan.register.survey.views import deciding, exporting, surveys

app_name = "survey"
urlpatterns = [
    path("", surveys.surveys, name="list"),
    path("<int:survey_id>/", surveys.survey, name="survey"),
    path("<int:survey_id>/match/", surveys.match, name="match"),
    path("<int:survey_id>/settle/", surveys.settle, name="settle"),
    path("<int:survey_id>/rows/", surveys.rows, name="rows"),
    path("<int:survey_id>/rows/<int:row_id>/", surveys.row, name="row"),
    path("<int:survey_id>/withdraw/", surveys.withdraw, name="withdraw"),
    path("<int:survey_id>/rows/<int:row_id>/photographs/", surveys.photograph, name="photograph"),
    path("<int:survey_id>/rows/<int:row_id>/match/", surveys.rematch, name="rematch"),
    path("<int:survey_id>/marks/", surveys.marks, name="marks"),
    path("<int:survey_id>/differences/", deciding.differences, name="differences"),
    path("<int:survey_id>/differences/<int:difference_id>/", deciding.difference, name="difference"),
    path("<int:survey_id>/differences/<int:difference_id>/compare/", deciding.compare, name="compare"),
    path("<int:survey_id>/decide/", deciding.decide, name="decide"),
    path("<int:survey_id>/export/", exporting.export, name="export"),
]
