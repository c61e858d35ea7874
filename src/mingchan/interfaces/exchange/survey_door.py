"""The door of surveys (调查表之门): the same pages of the import, for whoever brings in surveys and nothing else (3.2).

A third party holds no right over the county's imports. Behind this door stand only batches that are surveys.
"""

from inspect import unwrap
from typing import Any

from mingchan.interfaces.exchange import permissions, views
from mingchan.kernel.ui.page import page


def _seen(view: Any) -> Any:
    return page(permissions.VIEW_SURVEY)(unwrap(view))


def _done(view: Any, *methods: str) -> Any:
    return page(permissions.IMPORT_SURVEY, methods=methods or ("POST",))(unwrap(view))


batches = _seen(views.batches)
batch = _seen(views.batch)
progress_fragment = _seen(views.progress_fragment)
issues = _seen(views.issues)
coloured = _seen(views.coloured)
upload = _done(views.upload)
correct = _done(views.correct)
rows = _done(views.rows)
columns = _done(views.columns, "GET", "POST")
sheets = _done(views.sheets)
confirm_survey = _done(views.confirm_survey)
stop = _done(views.stop)
restart = _done(views.restart)
discard = _done(views.discard)
