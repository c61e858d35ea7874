"""Sheets of labels as a printer gets them: rendered to a picture, every code read back with a scanner and resolved."""

import io
from collections.abc import Sequence
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse

from mingchan.foundation.policy import queries as policy
from mingchan.kernel import papers
from mingchan.register.labels import queries, services
from mingchan.register.labels.models import Label, Link
from mingchan.register.labels.tests.factories import DAY, cards, free, labeller, site
from mingchan.register.labels.views.printing import sheet_of

HOST = "https://mingchan.pianguan.example"
DPI = 300


def read(pdf: bytes) -> list[list[str]]:
    """The texts of the QR codes on each page, as a scanner reads them at the printer's resolution."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        picture = page.render(scale=DPI / 72, grayscale=True).to_pil()
        found.append([code.text for code in zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)])
    return found


def size_of(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in tenths of a millimetre."""
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width / 72 * 254), round(height / 72 * 254)


def sheet(labels: Sequence, layout: str, first: int = 1) -> bytes:
    data = sheet_of(labels, queries.layouts()[layout], first, lambda code: f"{HOST}/labels/s/{code}")
    return papers.render(policy.form("labels"), data, on=date(2020, 7, 6))


@pytest.mark.django_db
@pytest.mark.parametrize("layout", sorted(queries.layouts()))
def test_every_code_on_a_sheet_is_read_back_and_found(sample_county, layout):
    one = queries.layouts()[layout]
    count = one.per_page + 1
    ids = cards(count, site=site(), place="")
    services.for_assets(ids, actor=labeller(), on=DAY)
    labels = queries.to_print(Label.objects.all())
    made = sheet(labels, layout)
    assert size_of(made) == (one.page_width, one.page_height)
    pages = read(made)
    assert [len(page) for page in pages] == [one.per_page, 1]
    texts = [text for page in pages for text in page]
    found = queries.resolve(texts, "140932")
    assert sorted(one.asset_id for one in found.values()) == sorted(ids)


@pytest.mark.django_db
def test_printing_begins_at_the_first_free_place(sample_county):
    free(24)
    pages = read(sheet(queries.to_print(Label.objects.all()), "A4-24", first=5))
    assert [len(page) for page in pages] == [20, 4]


@pytest.mark.django_db
def test_long_names_and_places_stay_on_their_label(sample_county):
    ids = cards(
        3,
        name="农产品质量安全追溯二维码标签打印机及其配套操作台（含安装调试）",
        site=site("窑头乡电子商务综合服务站暨物流快递共配点"),
    )
    services.for_assets(ids, actor=labeller(), on=DAY)
    labels = queries.to_print(Label.objects.all())
    for layout in ("A4-40", "R-50x30"):
        assert sum(map(len, read(sheet(labels, layout)))) == 3


@pytest.mark.django_db
def test_chosen_assets_become_a_sheet_whose_codes_open_their_dossiers(log_in, sample_county):
    ids = cards(3, site=site())
    client = log_in("bureau_clerk")
    page = client.get(reverse("labels:print"), {"selected": ids})
    assert "编制并打印" in page.content.decode()
    answer = client.post(reverse("labels:print"), {"selected": ids, "layout": "A4-24"})
    assert answer["Content-Type"] == "application/pdf"
    [codes] = read(io.BytesIO(b"".join(answer)).read())
    assert len(codes) == 3
    for text in codes:
        opened = client.get(text.removeprefix("http://testserver"))
        asset = Link.objects.get(label__code=text.rsplit("/", 1)[-1]).asset_id
        assert opened["Location"] == reverse("assets:card", args=[asset])
