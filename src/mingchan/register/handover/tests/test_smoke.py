import pytest

from mingchan.register.handover.models import Line
from mingchan.register.handover.tests import factories as f

pytestmark = pytest.mark.usefixtures("sample_county")


def test_it(log_in):
    ids = f.cards(3)
    h = f.checking(ids)
    c = log_in("bureau_clerk")
    line = Line.objects.filter(handover=h).first()
    for p in [
        "",
        "new/",
        f"new/?selected={ids[0]}",
        f"{h.pk}/",
        f"{h.pk}/edit/",
        f"{h.pk}/pick/",
        f"{h.pk}/check/",
        f"{h.pk}/sign/",
        f"{h.pk}/paper/",
    ]:
        r = c.get("/handover/" + p)
        assert r.status_code == 200, (p, r.status_code, r.content.decode()[-2000:])
        if p.endswith("paper/"):
            open("/tmp/ho.pdf", "wb").write(r.content)
    r = c.post(
        f"/handover/{h.pk}/check/{line.pk}/",
        {"result": "DIFFERS", "counted": "1", "condition": "损坏"},
        headers={"HX-Request": "true"},
    )
    assert r.status_code == 200
    print(r.content.decode())
    r = c.get(f"/assets/{ids[0]}/?tab=rights")
    assert "偏移交" in r.content.decode()
    r = c.get("/assets/")
    assert "拟定移交" in r.content.decode()
