"""The macros of the kit keep hostile text inert and say what they show to every reader."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote_plus

import pytest
from django import forms
from django.template import engines
from django.template.backends.utils import csrf_input, csrf_token_lazy
from django.test import RequestFactory
from django.urls import include, path
from jinja2 import UndefinedError

from mingchan.kernel.ui.parts import Branch, Column, Moment, NavGroup, NavItem, Series, Tile

urlpatterns = [path("reader/", include("mingchan.kernel.ui.urls"))]

HOSTILE = "\"><script>alert(1)</script>'{{ 7 * 7 }}"

CALLS = {
    "breadcrumbs": "kit.breadcrumbs([(x, '/'), (x, '')])",
    "page_header": "kit.page_header(x, x, [(x, x)])",
    "tabs": "kit.tabs([{'label': x, 'url': x, 'active': true, 'count': 3}], x)",
    "button": "kit.button(x, x) ~ kit.button(x, name=x, value=x, dialog=x)",
    "stat": "kit.stat(x, x, x, x, x)",
    "alert": "kit.alert('bad', x, x)",
    "empty": "kit.empty(x, x)",
    "badge": "kit.badge(x, title=x) ~ kit.status(x)",
    "facts": "kit.facts([(x, x)])",
    "timeline": "kit.timeline([entry], x)",
    "progress": "kit.progress(1, 2, x, poll=x, note=x)",
    "rows_table": "kit.rows_table(columns, [{'a': x, 'a_url': x, 'b': 5}], x, request, foot={'a': x})",
    "cells": "kit.cell(x, x, note=x) ~ kit.pick_cell(x, x) ~ kit.quantity_cell(5, x, x) ~ kit.money_cell(5, x)",
    "pager": "kit.pager(request, x, x, 3, 9) ~ kit.pagination(request, 2, 5)",
    "filters": "kit.filter_text(request, 'q', x, x) ~ kit.filter_select(request, 'q', x, [(x, x)])"
    " ~ kit.filter_multi(request, 'q', x, [(x, x)]) ~ kit.filter_tree(request, 'q', x, [branch])"
    " ~ kit.filter_dates(request, 'q', x) ~ kit.filter_numbers(request, 'q', x, x)",
    "chips": "kit.chips([(x, x, x)])",
    "steps": "kit.steps([x, x], 1) ~ kit.change(x, x)",
    "inputs": "kit.input('q', x, x, help=x, error=x) ~ kit.input('q', x, x, 'textarea')"
    " ~ kit.select('q', x, [(x, x)], x, x, x, blank=x) ~ kit.file_drop('q', x, x, x, x)",
    "dialog": "kit.dialog('d', x, x, confirm=x, cancel=x)",
    "form": "kit.form_fields(form)",
    "chart": "kit.chart('c', 'bar', [x], [series], x, urls=[x], unit=x)",
    "tile_map": "kit.tile_map([tile], x, x, x)",
}


class HostileForm(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE, initial=HOSTILE)
    kind = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=forms.RadioSelect)
    town = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)])
    seen = forms.BooleanField(label=HOSTILE)

    def clean_name(self):
        raise forms.ValidationError(HOSTILE)


class Page(HTMLParser):
    """Collects the tags, attribute names and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.rows = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.attributes += [name for name, _ in attrs]


def render(source, request, **context):
    """As the backend does, without the context that the layers above add."""
    tokens = {"csrf_input": csrf_input(request), "csrf_token": csrf_token_lazy(request)}
    return engines["jinja2"].env.from_string(source).render(request=request, **tokens, **context)


def rendered(expression, **context):
    source = '{% import "ui/kit.html" as kit %}{{ ' + expression + " }}"
    request = RequestFactory().get("/list", {"q": HOSTILE, "sort": "a"})
    return render(source, request, **context)


def material():
    return {
        "x": HOSTILE,
        "entry": Moment(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        "columns": [Column("a", HOSTILE, sort="a"), Column("b", "B", "money")],
        "branch": Branch(HOSTILE, HOSTILE, [Branch("1", HOSTILE)]),
        "series": Series(HOSTILE, [5]),
        "tile": Tile(HOSTILE, 0, 0, 5, HOSTILE, HOSTILE),
        "form": HostileForm({"name": HOSTILE, "kind": HOSTILE, "town": HOSTILE}),
    }


@pytest.mark.parametrize("name", CALLS)
def test_markup_in_data_is_shown_and_never_run(name):
    html = rendered(CALLS[name], **material())
    page = Page(html)
    scripts = [attrs for tag, attrs in page.tags if tag == "script"]
    assert all(attrs.get("type") == "application/json" for attrs in scripts)
    assert "<script>alert" not in html
    assert "7 * 7" in unquote_plus(html)


@pytest.mark.parametrize("name", CALLS)
def test_no_macro_writes_inline_style_or_handlers(name):
    page = Page(rendered(CALLS[name], **material()))
    assert not [attribute for attribute in page.attributes if attribute == "style" or attribute.startswith("on")]


def test_every_field_has_its_label_and_its_error_is_tied_to_it():
    html = rendered("kit.form_fields(form)", form=HostileForm({"name": "秤"}))
    page = Page(html)
    labelled = {attrs["for"] for tag, attrs in page.tags if tag == "label" and "for" in attrs}
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {"id_name", "id_town"} <= labelled
    (described,) = [attrs["aria-describedby"] for _, attrs in page.tags if attrs.get("id") == "id_name"]
    assert set(described.split()) <= ids
    assert "id_name-error" in described


def test_figures_stand_right_and_the_sort_link_turns_the_order():
    columns = [Column("cost", "原值", "money", "cost"), Column("name", "名称")]
    html = rendered(
        "kit.rows_table(columns, rows, 'c', request, 'cost')", columns=columns, rows=[{"cost": 5, "name": "秤"}]
    )
    assert 'aria-sort="ascending"' in html
    assert "sort=-cost" in html
    assert '<td class="mc-money num">0.05</td>' in html


def test_a_link_of_the_pager_keeps_the_filters():
    html = rendered("kit.pager(request, none, 'abc', 10, 20)")
    (href,) = re.findall(r'rel="next" href="([^"]+)"', html)
    assert "after=abc" in href
    assert "q=" in href
    assert 'rel="prev"' not in html


def test_tiles_are_coloured_by_their_share_of_the_greatest():
    tiles = [Tile("甲", 0, 0, 0, "0"), Tile("乙", 1, 0, 26, "26", "/b"), Tile("丙", 2, 0, 100, "100", "/c")]
    html = rendered("kit.tile_map(tiles, 'c')", tiles=tiles)
    assert re.findall(r'<(?:a|g) class="mc-tile mc-tile-(\d)"', html) == ["0", "2", "4"]
    assert html.count("<a class") == 2


def test_a_map_without_tiles_is_still_a_map():
    assert "<svg" in rendered("kit.tile_map([], 'c')")


def test_a_running_progress_asks_again_and_a_finished_one_stops():
    assert "hx-get" in rendered("kit.progress(1, 2, 'l', poll='/p')")
    assert "hx-get" not in rendered("kit.progress(2, 2, 'l')")
    assert 'max="1"' in rendered("kit.progress(0, 0, 'l')")


def test_a_misspelt_name_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        rendered("no_such_name")


def shell_page(**context):
    request = RequestFactory().get("/desk?x=1")
    source = '{% extends "ui/base.html" %}{% block title %}{{ heading }}{% endblock %}'
    return render(source, request, heading=HOSTILE, **context)


def test_the_frame_shows_who_works_where_and_marks_the_present_page(settings):
    settings.ROOT_URLCONF = __name__
    html = shell_page(
        county_name="偏关县",
        account={"name": HOSTILE, "role": HOSTILE, "logout_url": "/out"},
        nav=[NavGroup(HOSTILE, [NavItem(HOSTILE, "/desk", "home", active=True, count=7), NavItem("册", "/list")])],
        notices=[{"text": HOSTILE, "url": "/n"}],
        messages=[],
        checkpoint=None,
        sample=True,
        search_url="/search",
    )
    page = Page(html)
    assert "<script>alert" not in html
    assert [attrs["href"] for tag, attrs in page.tags if attrs.get("aria-current") == "page"] == ["/desk"]
    assert [attrs["action"] for tag, attrs in page.tags if attrs.get("role") == "search"] == ["/search"]
    assert not [name for name in page.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nothing_from_the_request(name):
    assert "<h1>" in engines["jinja2"].get_template(name).render({})
