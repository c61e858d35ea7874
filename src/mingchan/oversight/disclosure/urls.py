"""Addresses of disclosure (namespace disclosure)."""

from django.urls import path

from mingchan.oversight.disclosure.views import notices, objections

app_name = "disclosure"
urlpatterns = [
    path("", notices.notices, name="list"),
    path("new/", notices.create, name="create"),
    path("<int:notice_id>/", notices.notice, name="notice"),
    path("<int:notice_id>/edit/", notices.edit, name="edit"),
    path("<int:notice_id>/mask/", notices.mask, name="mask"),
    path("<int:notice_id>/publish/", notices.publish, name="publish"),
    path("<int:notice_id>/close/", notices.close, name="close"),
    path("<int:notice_id>/correct/", notices.correct, name="correct"),
    path("<int:notice_id>/withdraw/", notices.withdraw, name="withdraw"),
    path("<int:notice_id>/drop/", notices.drop, name="drop"),
    path("<int:notice_id>/poster.pdf", notices.poster, name="poster"),
    path("<int:notice_id>/object/", objections.lodge, name="lodge"),
    path("boards/<int:place_id>/", notices.post, name="post"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<int:objection_id>/", objections.objection, name="objection"),
    path("objections/<int:objection_id>/accept/", objections.accept, name="accept"),
    path("objections/<int:objection_id>/assign/", objections.assign, name="assign"),
    path("objections/<int:objection_id>/refuse/", objections.refuse, name="refuse"),
    path("objections/<int:objection_id>/note/", objections.note, name="note"),
    path("objections/<int:objection_id>/answer/", objections.answer, name="answer"),
    path("objections/<int:objection_id>/reveal/", objections.reveal, name="reveal"),
]
