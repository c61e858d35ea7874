"""Addresses of the workbench (namespace web)."""

from django.urls import path

from mingchan.interfaces.web import overview, views

app_name = "web"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/wall/", overview.wall, name="overview_wall"),
    path("overview/report/", overview.report, name="overview_report"),
    path("overview/books/", overview.books, name="overview_books"),
    path("overview/books/<int:book>/<str:six_class>/", overview.difference, name="overview_difference"),
    path("overview/money/", overview.money, name="overview_money"),
    path("", views.desk, name="desk"),
    path("first-steps/", views.first_steps, name="first_steps"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
]
