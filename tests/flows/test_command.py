"""A county kept from the command line alone: import, figures, proof, backup, and a raw edit that is found."""

import json
import sqlite3
from pathlib import Path

import openpyxl
import psycopg
import pytest

from tests.flows.running import ROOT, County, environment_for

SAMPLES = ROOT / "tests" / "samples"
REGISTER = next(SAMPLES.glob("*资产明细表*.xlsx"))
TRUTH = json.loads(next(SAMPLES.glob("资产明细表-truth.json")).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def imported(county: County) -> dict[str, object]:
    """The sample workbook brought in by `mingchan import`."""
    return json.loads(county.command("import", REGISTER, "--on", "2020-04-15", "--json").stdout)


def _sum(name: str) -> int:
    return sum(sheet[name] for sheet in TRUTH["sheets"].values())


def test_a_preview_changes_no_figure(county: County) -> None:
    before = county.command("report", "totals", "--json").stdout
    shown = json.loads(county.command("import", REGISTER, "--preview", "--json").stdout)
    assert shown["state"] == "READY"
    assert shown["errors"] == []
    assert county.command("report", "totals", "--json").stdout == before


def test_the_figures_equal_the_workbook(county: County, imported: dict[str, object]) -> None:
    assert imported["state"] == "APPLIED"
    totals = json.loads(county.command("report", "totals", "--json").stdout)
    assert totals["count"] == _sum("rows")
    assert totals["quantity_milli"] == _sum("quantity") * 1000
    assert totals["cost_fen"] == _sum("amount_fen")


def test_the_books_equal_the_register(county: County, imported: dict[str, object]) -> None:
    totals = json.loads(county.command("report", "totals", "--json").stdout)
    assert totals["ledger_fen"] == totals["cost_fen"]


def test_the_same_file_is_refused_a_second_time(county: County, imported: dict[str, object]) -> None:
    again = county.command("import", REGISTER, check=False)
    assert again.returncode == 1
    assert again.stderr.strip()
    told = county.command("import", REGISTER, "--json", check=False)
    assert told.returncode == 1
    answer = json.loads(told.stdout)
    assert answer["reason"] == "already_applied"
    assert (answer["batch"], answer["link"]) == (imported["batch"], imported["link"])


@pytest.mark.parametrize(
    "words",
    [
        ["impor"],
        ["import"],
        ["import", "nothing.xlsx"],
        ["import", "."],
        ["import", REGISTER, "--on", "2999-01-01"],
        ["import", REGISTER, "--accept", "some"],
        ["report", "sums"],
        ["serve", "--port", "high"],
        [],
    ],
)
def test_wrong_use_ends_with_two(county: County, words: list[str | Path]) -> None:
    done = county.command(*words, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unknown_account_may_not_import(county: County) -> None:
    assert county.command("import", REGISTER, "--as", "nobody", check=False).returncode == 1


def test_a_role_without_the_right_may_not_import(county: County) -> None:
    done = county.command("import", REGISTER, "--as", "audit", "--json", check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["reason"] == "not_allowed"


def _next_version(folder: Path) -> Path:
    """The sample workbook as it would come back: one price is another."""
    workbook = openpyxl.load_workbook(REGISTER)
    sheet = workbook["县级公共服务中心"]
    name = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "LED全彩显示屏")
    cell = next(cell for cell in sheet[name.row] if str(cell.value).startswith("强力巨彩"))
    cell.value = "强力巨彩 P3"
    path = folder / REGISTER.name
    workbook.save(path)
    return path


def test_the_next_version_is_applied_only_as_far_as_differences_are_accepted(
    county: County, imported: dict[str, object], tmp_path: Path
) -> None:
    path = _next_version(tmp_path)
    shown = json.loads(county.command("import", path, "--preview", "--json").stdout)
    (row,) = shown["differences"]["rows"]
    assert shown["differences"]["counts"] == {"changed": 1, "added": 0, "gone": 0}
    assert [(change["old"], change["new"]) for change in row["changes"]] == [("强力巨彩 P2.5 12㎡", "强力巨彩 P3")]
    refused = county.command("import", path, "--json", check=False)
    assert (refused.returncode, json.loads(refused.stdout)["reason"]) == (1, "differences")
    assert "changed 1" in county.command("import", path, "--accept", "added,gone", check=False).stdout
    done = json.loads(county.command("import", path, "--accept", "all", "--json").stdout)
    assert (done["state"], done["result"]["corrected"]) == ("APPLIED", 1)


@pytest.mark.parametrize(
    "words",
    [["report", "totals"], ["verify"], ["import", REGISTER], ["demo"], ["accounts"], ["backup"], ["serve"]],
    ids=lambda words: words[0],
)
def test_before_init_every_command_says_so_and_makes_nothing(tmp_path: Path, words: list[str | Path]) -> None:
    home = tmp_path / "home"
    county = County(home, environment_for(home, "sqlite://"))
    tmp_path.joinpath("home").mkdir()
    done = county.command(*words, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == ["The database is not ready. Run: mingchan init"]
    assert list(home.iterdir()) == []


def test_a_backup_holds_the_register(county: County, imported: dict[str, object], tmp_path: Path) -> None:
    made = json.loads(county.command("backup", "--to", tmp_path, "--json").stdout)
    assert made["facts"]["tables"]["assets_asset"] == _sum("rows")
    assert Path(made["folder"]).parent == tmp_path


def test_a_raw_edit_is_named(county: County, imported: dict[str, object]) -> None:
    """The last test of this county: it breaks it."""
    assert json.loads(county.command("verify", "--json").stdout)["verdict"] == "INTACT"
    statement = "UPDATE assets_asset SET cost_fen = cost_fen + 1 WHERE id = (SELECT MIN(id) FROM assets_asset)"
    if county.environment["DATABASE_URL"].startswith("sqlite"):
        database = sqlite3.connect(county.home / "mingchan.sqlite3")
        database.execute(statement)
        database.commit()
        database.close()
    else:
        with psycopg.connect(county.environment["DATABASE_URL"]) as connection:
            connection.execute(statement)
    verdict = county.command("verify", "--json", check=False)
    assert verdict.returncode == 1
    findings = json.loads(verdict.stdout)["findings"]
    assert [(finding["obj"].split(":")[0], finding["field"]) for finding in findings] == [("asset", "cost_fen")]
