"""Numbers (编号): one after another in a county and year, given under lock."""

from mingchan.oversight.jointwork.models import Series


def next_serial(county: str, kind: str, year: int) -> int:
    """The next number of a kind of paper."""
    Series.objects.get_or_create(county=county, kind=kind, year=year)
    series = Series.objects.select_for_update().get(county=county, kind=kind, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
