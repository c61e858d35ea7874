import pytest
from mingchan.register.handover.tests import factories as f
pytestmark = pytest.mark.usefixtures("sample_county")
def test_it():
    from mingchan.foundation.evidence import services as ev
    ids = f.cards(3)
    h = f.handed_over(ids)
    assert h.state == "EXECUTED"
    from mingchan.foundation.ledger.models import Voucher
    for v in Voucher.objects.filter(source=f"handover:{h.pk}"):
        print(v.summary, v.total_fen, v.book.name)
    r = ev.verify()
    print(r.lines() if not r.ok else "")
    assert r.ok
