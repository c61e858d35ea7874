"""Forms of the portal: a report, an objection, following up. Few fields, plain words, pictures only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mingchan.oversight.complaints.choices import Kind

MOST_PHOTO_BYTES = 8 * 1024 * 1024
MOST_BODY_BYTES = 20 * 1024 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")

Town = tuple[str, str, list[tuple[str, str]]]


class PictureField(forms.FileField):
    """One photograph as (name, bytes), None without one. What is no picture or too large is told at once."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
            help_text=_("每张不超过 8 MB；照片中的拍摄地点等信息会自动去掉。请不要拍到别人的脸和证件。"),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        if not found:
            return None
        if found.size > MOST_PHOTO_BYTES:
            raise forms.ValidationError(_t("照片太大：请选小一些的，每张不超过 8 MB。"))
        content = found.read()
        if not content.startswith(_PICTURES):
            raise forms.ValidationError(_t("这不是照片：请选 JPG、PNG 或 WebP 图片。"))
        return str(found.name), content


def _text(label: Any, help_text: Any, most: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, min_length=5, widget=forms.Textarea({"rows": 6})
    )


def _name() -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "name"})
    return forms.CharField(label=_("您的姓名"), max_length=30, required=False, widget=widget)


def _contact() -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "tel", "inputmode": "tel"})
    return forms.CharField(
        label=_("您的电话"),
        max_length=60,
        required=False,
        widget=widget,
        help_text=_("只用来核实情况和答复您，加密保存，不公开。"),
    )


class ReportForm(forms.Form):
    """What somebody saw: an idle or damaged thing, misuse, or something else."""

    kind = forms.ChoiceField(label=_("什么情况"), choices=Kind.choices, widget=forms.RadioSelect)
    asset = forms.CharField(
        label=_("资产编号"), max_length=40, required=False, help_text=_("印在资产标签上；没有标签就写明在哪里。")
    )
    division = forms.ChoiceField(label=_("哪个村"), required=False)
    place = forms.CharField(
        label=_("具体地点"), max_length=120, required=False, help_text=_("例如：村委会一楼电商站点")
    )
    text = _text(_("情况说明"), _("看到了什么、大概从什么时候开始。"))
    photo = PictureField(_("照片"))
    second = PictureField(_("第二张照片"))
    name = _name()
    contact = _contact()

    def __init__(self, *args: Any, towns: Sequence[Town], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", _t("不清楚，或不在村里"))]
        for code, name, villages in towns:
            choices.append((name, [(code, _t("%(town)s（乡镇）") % {"town": name}), *villages]))
        self.fields["division"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (self.errors or given.get("asset") or given.get("division") or given.get("place")):
            self.add_error("place", _t("请填资产编号，或选哪个村，或写明地点。"))
        return given


class ObjectionForm(forms.Form):
    """An objection to a notice."""

    text = _text(_("您的意见"), _("哪一条不同意、为什么。写得越具体，越容易核实。"), most=4000)
    photo = PictureField(_("照片"))
    name = _name()
    contact = _contact()


class FollowForm(forms.Form):
    """Number and code of a report or an objection."""

    number = forms.CharField(label=_("编号"), max_length=60)
    code = forms.CharField(label=_("查询码"), max_length=30, widget=forms.TextInput({"autocomplete": "off"}))


class CertificateForm(forms.Form):
    """Number and code of a certificate."""

    number = forms.CharField(label=_("证书编号"), max_length=60, help_text=_("证书上方的编号，如 2020-1 或全文"))
    token = forms.CharField(label=_("校验码"), max_length=40, help_text=_("二维码下方的字母和数字"))
