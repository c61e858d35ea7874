"""Forms of the field (外业): a result file brought to a desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ResultForm(forms.Form):
    """A result file from a phone."""

    file = forms.FileField(label=_("结果文件"), max_length=200)
