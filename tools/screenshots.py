"""Pictures of every page at desktop and phone width, from a sample county made for the purpose.

.venv/bin/python tools/screenshots.py              all pages, build/screenshots/<width>/<name>.png
.venv/bin/python tools/screenshots.py assets web   pages whose name begins with one of the words
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests.flows import running  # noqa: E402

TARGET = ROOT / "build" / "screenshots"
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks, at which address, and what to do on the page before."""

    name: str
    role: str
    path: str
    before: Callable[[Page], object] | None = None
    status: int = 200


def first_link(selector: str) -> Callable[[Page], object]:
    """Follow the first link that matches."""

    def follow(page: Page) -> None:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")

    return follow


def open_dialog(name: str) -> Callable[[Page], object]:
    """Open the dialog with the id."""
    return lambda page: page.locator(f"[data-dialog-open='{name}']").first.click()


def _proposed(page: Page) -> None:
    """Choose the first two idle assets and go to the form."""
    for box in page.locator("tbody input[name='selected']").all()[:2]:
        box.check()
    page.locator("[data-bulk] button[type='submit']").first.click()
    page.wait_for_load_state("networkidle")


CLERK, AUDIT, ACCOUNTANT = "bureau_clerk", "audit", "accountant"
SHOTS: tuple[Shot, ...] = (
    Shot("portal-home", "", "/portal/"),
    Shot("portal-town", "", "/portal/p/140932100000/"),
    Shot("portal-village", "", "/portal/p/140932105201/"),
    Shot("portal-search", "", "/portal/search/?q=村"),
    Shot("portal-label", "", "/portal/a/140932-2018-000123"),
    Shot("portal-label-unknown", "", "/portal/a/XX-1", status=404),
    Shot("portal-notices", "", "/portal/notices/"),
    Shot("portal-notice", "", "/portal/notices/", first_link("h3 a")),
    Shot("portal-object", "", "/portal/notices/2020-1/object/"),
    Shot("portal-answers", "", "/portal/answers/"),
    Shot("portal-report", "", "/portal/report/"),
    Shot("portal-follow", "", "/portal/follow/"),
    Shot("portal-plan", "", "/portal/plan/"),
    Shot("portal-phones", "", "/portal/phones/"),
    Shot("portal-certificate", "", "/portal/certificate/"),
    Shot("complaints-list", CLERK, "/complaints/"),
    Shot("complaints-detail", CLERK, "/complaints/1/"),
    Shot("complaints-record", CLERK, "/complaints/new/"),
    Shot("labels-list", CLERK, "/labels/"),
    Shot("labels-missing", CLERK, "/labels/missing/"),
    Shot("labels-batches", CLERK, "/labels/batches/"),
    Shot("labels-print", CLERK, "/labels/print/?selected=1&selected=2&selected=3"),
    Shot("labels-scan", CLERK, "/labels/scan/"),
    Shot("labels-free", CLERK, "/labels/?state=FREE", first_link("tbody a")),
    Shot("labels-live", CLERK, "/labels/?state=LIVE", first_link("tbody a")),
    Shot("labels-change", CLERK, "/labels/asset/2/change/"),
    Shot("labels-card", CLERK, "/assets/2/?tab=rights"),
    Shot("maintenance-orders", CLERK, "/maintenance/"),
    Shot("maintenance-order", CLERK, "/maintenance/", first_link("tbody a")),
    Shot("maintenance-order-accepted", CLERK, "/maintenance/?state=ACCEPTED", first_link("tbody a")),
    Shot("maintenance-report", CLERK, "/maintenance/report/2/"),
    Shot("maintenance-rounds", CLERK, "/maintenance/rounds/"),
    Shot("maintenance-round", CLERK, "/maintenance/rounds/", first_link("tbody a")),
    Shot("maintenance-round-closed", CLERK, "/maintenance/rounds/?state=CLOSED", first_link("tbody a")),
    Shot("maintenance-look", CLERK, "/maintenance/rounds/", first_link("tbody a[href*='rounds/']")),
    Shot("maintenance-plans", CLERK, "/maintenance/plans/"),
    Shot("maintenance-warranties", CLERK, "/maintenance/warranties/"),
    Shot("maintenance-card", CLERK, "/maintenance/", first_link("tbody td:nth-child(2) a")),
    Shot("field-program", "", "/field/"),
    Shot("field-program-home", "town_keeper", "/field/"),
    Shot("field-errands", CLERK, "/field/errands/"),
    Shot("field-devices", CLERK, "/field/devices/"),
    Shot("field-arrivals", CLERK, "/field/arrivals/"),
    Shot("supervision-list", CLERK, "/supervision/"),
    Shot("supervision-finding", CLERK, "/supervision/1/"),
    Shot("supervision-overview", CLERK, "/supervision/overview/"),
    Shot("supervision-goals", CLERK, "/supervision/goals/"),
    Shot("supervision-places", CLERK, "/supervision/places/"),
    Shot("supervision-checks", CLERK, "/supervision/checks/"),
    Shot("supervision-samples", CLERK, "/supervision/samples/"),
    Shot("supervision-sample", CLERK, "/supervision/samples/1/"),
    Shot("web-login", "", "/login/"),
    Shot("web-desk-clerk", CLERK, "/"),
    Shot("web-desk-accountant", ACCOUNTANT, "/"),
    Shot("web-desk-audit", AUDIT, "/"),
    Shot("web-desk-town", "town_keeper", "/"),
    Shot("web-desk-village", "village_keeper", "/"),
    Shot("web-desk-operator", "operator", "/"),
    Shot("web-desk-system-admin", "system_admin", "/"),
    Shot("web-desk-finance", "finance", "/"),
    Shot("web-desk-security-admin", "security_admin", "/"),
    Shot("web-desk-audit-admin", "audit_admin", "/"),
    Shot("web-overview-town", "town_keeper", "/overview/"),
    Shot("web-first-steps", "system_admin", "/first-steps/"),
    Shot("web-password", CLERK, "/password/"),
    Shot("web-refused", "operator", "/books/", status=403),
    Shot("web-not-found", CLERK, "/assets/999999999/", status=404),
    Shot("web-overview", CLERK, "/overview/"),
    Shot("web-overview-head", "county_government", "/overview/"),
    Shot("web-overview-of-town", CLERK, "/overview/?town=140932102"),
    Shot("web-overview-of-site", CLERK, "/overview/?site=1"),
    Shot("web-overview-past", CLERK, "/overview/?day=2021-06-30"),
    Shot("web-overview-wall", "county_government", "/overview/wall/"),
    Shot("web-overview-books", CLERK, "/overview/books/"),
    Shot("web-overview-money", CLERK, "/overview/money/"),
    Shot("depreciation-runs", "accountant", "/depreciation/"),
    Shot("depreciation-prepare", "accountant", "/depreciation/books/1/"),
    Shot("depreciation-run", "accountant", "/depreciation/runs/1/"),
    Shot("depreciation-table", "accountant", "/depreciation/table/"),
    Shot("depreciation-reconciliation", "accountant", "/depreciation/reconciliation/"),
    Shot("depreciation-closing", "accountant", "/ledger/1/closing/"),
    Shot("assets-list", CLERK, "/assets/"),
    Shot("assets-list-searched", CLERK, "/assets/?q=货架"),
    Shot("assets-list-village", "village_keeper", "/assets/"),
    Shot("assets-ledger", CLERK, "/assets/ledger/"),
    Shot("assets-card", CLERK, "/assets/1/"),
    Shot("assets-card-papers", CLERK, "/assets/1/?tab=papers"),
    Shot("assets-card-rights", CLERK, "/assets/1/?tab=rights"),
    Shot("assets-card-origin", CLERK, "/assets/3/?tab=origin"),
    Shot("assets-card-books", ACCOUNTANT, "/assets/1/?tab=books"),
    Shot("assets-card-trace", AUDIT, "/assets/1/?tab=trace"),
    Shot("assets-card-as-of", CLERK, "/assets/1/?on=2020-05-01"),
    Shot("assets-create", CLERK, "/assets/new/"),
    Shot("assets-correct", CLERK, "/assets/1/correct/"),
    Shot("assets-split", CLERK, "/assets/3/split/"),
    Shot("assets-bulk", CLERK, "/assets/bulk/?selected=1&selected=2"),
    Shot("assets-print", CLERK, "/assets/print/?selected=1"),
    Shot("rights-coverage", CLERK, "/rights/"),
    Shot("rights-coverage-as-of", CLERK, "/rights/?on=2020-04-25"),
    Shot("rights-batches", CLERK, "/rights/batches/"),
    Shot("rights-propose", CLERK, "/rights/batches/new/?problem=NO_SUPERVISION&all=1"),
    Shot("rights-propose-start", CLERK, "/rights/batches/new/"),
    Shot("rights-batch-approved", CLERK, "/rights/batches/1/"),
    Shot("rights-batch-waiting", "bureau_head", "/rights/batches/5/"),
    Shot("rights-batch-approve", "bureau_head", "/rights/batches/5/", before=open_dialog("approve")),
    Shot("rights-batch-returned", CLERK, "/rights/batches/6/"),
    Shot("rights-change", CLERK, "/rights/batches/6/change/"),
    Shot("rights-certificates", CLERK, "/rights/certificates/"),
    Shot("rights-certificate", CLERK, "/rights/certificates/1/"),
    Shot("rights-answer", CLERK, "/rights/certificates/1/", before=first_link(".rights-qr a")),
    Shot("rights-ask", "", "/rights/verify/"),
    Shot("rights-unknown", "", "/rights/verify/2020/1/aaaa/", status=404),
    Shot("rights-holders", CLERK, "/rights/holders/"),
    Shot("rights-ledger", CLERK, "/rights/holders/1/"),
    Shot("rights-ledger-shares", CLERK, "/rights/holders/1/?kind=INCOME"),
    Shot("disposal-list", CLERK, "/disposal/"),
    Shot("disposal-propose", CLERK, "/disposal/propose/"),
    Shot("disposal-auctioned", ACCOUNTANT, "/disposal/1/"),
    Shot("disposal-scrapped", ACCOUNTANT, "/disposal/2/"),
    Shot("disposal-in-review", CLERK, "/disposal/3/"),
    Shot("disclosure-list", CLERK, "/notices/"),
    Shot("disclosure-running", CLERK, "/notices/", first_link("table tbody a")),
    Shot("disclosure-corrected", CLERK, "/notices/1/"),
    Shot("disclosure-new", CLERK, "/notices/new/"),
    Shot("disclosure-correct", CLERK, "/notices/2/correct/"),
    Shot("disclosure-lodge", CLERK, "/notices/2/object/"),
    Shot("disclosure-objections", "bureau_reviewer", "/notices/objections/"),
    Shot("disclosure-objection", "bureau_reviewer", "/notices/objections/", first_link("table tbody a")),
    Shot("stocktake-list", CLERK, "/stocktake/"),
    Shot("stocktake-closed", CLERK, "/stocktake/1/"),
    Shot("stocktake-checking", "bureau_reviewer", "/stocktake/2/"),
    Shot("stocktake-new", CLERK, "/stocktake/new/"),
    Shot("stocktake-differences", CLERK, "/stocktake/1/differences/"),
    Shot("stocktake-disagree", "bureau_reviewer", "/stocktake/2/differences/", first_link("table tbody a")),
    Shot("stocktake-sheet", "agriculture", "/stocktake/mine/", first_link("table tbody a")),
    Shot("stocktake-lines", CLERK, "/stocktake/1/lines/"),
    Shot("performance-list", "finance", "/performance/"),
    Shot("performance-confirmed", "finance", "/performance/1/"),
    Shot("performance-failed", "finance", "/performance/2/"),
    Shot("performance-goals", CLERK, "/performance/goals/1/2025/"),
    Shot("performance-fix", "bureau_reviewer", "/performance/rectifications/1/"),
    Shot("performance-results", "finance", "/performance/results/"),
    Shot("performance-score", "evaluator", "/performance/", first_link("table tbody a")),
    Shot("handover-list", CLERK, "/handover/"),
    Shot("handover-create", CLERK, "/handover/new/?selected=1&selected=2"),
    Shot("handover-finished", CLERK, "/handover/1/"),
    Shot("handover-under-way", CLERK, "/handover/2/"),
    Shot("handover-check", "town_keeper", "/handover/2/check/"),
    Shot("handover-check-unticked", "town_keeper", "/handover/2/check/?show=unticked"),
    Shot("handover-sign", "town_keeper", "/handover/2/sign/"),
    Shot("handover-pick", CLERK, "/handover/2/pick/"),
    Shot("handover-edit", CLERK, "/handover/2/edit/"),
    Shot("handover-of-asset", CLERK, "/assets/123/?tab=rights"),
    Shot("sites-list", CLERK, "/sites/"),
    Shot("sites-list-lacking", "town_keeper", "/sites/?doubt=LACKING"),
    Shot("sites-site", CLERK, "/sites/1/"),
    Shot("sites-site-assets", CLERK, "/sites/77/?tab=assets"),
    Shot("sites-site-standard", CLERK, "/sites/77/?tab=standard"),
    Shot("sites-site-history", CLERK, "/sites/77/?tab=history"),
    Shot("sites-site-operator", "operator", "/sites/1/"),
    Shot("sites-create", CLERK, "/sites/new/"),
    Shot("sites-correct", CLERK, "/sites/1/correct/"),
    Shot("sites-state", CLERK, "/sites/1/state/"),
    Shot("sites-holder", CLERK, "/sites/1/holder/"),
    Shot("sites-merge", CLERK, "/sites/77/merge/"),
    Shot("sites-move", CLERK, "/sites/move/?selected=3&selected=4&site=4&on=2020-06-10&reason=调剂"),
    Shot("sites-move-pick", CLERK, "/sites/move/?site=77&q=货架"),
    Shot("sites-lots", CLERK, "/sites/lots/"),
    Shot(
        "sites-spread", CLERK, "/sites/lots/3/?town=140932104000&town=140932105000&kind=VILLAGE_STATION&each=1&fill=1"
    ),
    Shot("funding-overview", CLERK, "/funding/"),
    Shot("funding-appropriations", CLERK, "/funding/appropriations/"),
    Shot("funding-appropriation", CLERK, "/funding/appropriations/1/"),
    Shot("funding-uses", CLERK, "/funding/uses/"),
    Shot("funding-use", CLERK, "/funding/uses/1/"),
    Shot("funding-reconciliation", CLERK, "/funding/reconciliation/"),
    Shot("funding-reconciliation-line", CLERK, "/funding/reconciliation/?by=line"),
    Shot("funding-projects", CLERK, "/funding/projects/"),
    Shot("funding-project", CLERK, "/funding/projects/1/"),
    Shot("funding-project-create", CLERK, "/funding/projects/new/"),
    Shot("funding-project-lines", CLERK, "/funding/projects/1/lines/"),
    Shot("funding-stage", CLERK, "/funding/projects/1/stage/?kind=ACCEPTANCE"),
    Shot("funding-appropriation-create", CLERK, "/funding/appropriations/new/"),
    Shot("funding-use-create", CLERK, "/funding/uses/new/"),
    Shot("tracing-asset", CLERK, "/assets/1/?tab=tracing"),
    Shot("tracing-payments", CLERK, "/tracing/payments/"),
    Shot("tracing-cards", CLERK, "/tracing/cards/"),
    Shot("tracing-proposals", CLERK, "/tracing/proposals/"),
    Shot("tracing-link", CLERK, "/tracing/uses/20/link/"),
    Shot("tracing-flow", CLERK, "/tracing/flow/"),
    Shot("ledger-books", ACCOUNTANT, "/books/"),
    Shot("ledger-trial-balance", ACCOUNTANT, "/books/balance/?month_from=2019-01&month_to=2020-12"),
    Shot("ledger-account-by-book", ACCOUNTANT, "/books/accounts/1601/?month_from=2019-01&month_to=2020-12"),
    Shot("ledger-vouchers", ACCOUNTANT, "/books/vouchers/"),
    Shot("ledger-voucher", ACCOUNTANT, "/books/vouchers/1/"),
    Shot("ledger-general", ACCOUNTANT, "/books/1/accounts/1601/?month_from=2019-01&month_to=2020-12"),
    Shot("ledger-subsidiary", ACCOUNTANT, "/books/1/accounts/160102/lines/?month_from=2019-01&month_to=2020-12"),
    Shot("ledger-periods", ACCOUNTANT, "/books/1/periods/"),
    Shot("exchange-list", CLERK, "/exchange/"),
    Shot("exchange-batch", CLERK, "/exchange/1/"),
    Shot("exchange-issues", CLERK, "/exchange/1/issues/"),
    Shot("exchange-columns", CLERK, "/exchange/1/columns/2/"),
    Shot("survey-list", CLERK, "/survey/"),
    Shot("survey-survey", CLERK, "/survey/1/"),
    Shot("survey-rows", CLERK, "/survey/1/rows/"),
    Shot("survey-row", CLERK, "/survey/1/rows/?way=NONE", before=first_link("main tbody a")),
    Shot("survey-differences", CLERK, "/survey/1/differences/"),
    Shot(
        "survey-difference", CLERK, "/survey/1/differences/?kind=VALUE&settled=open", before=first_link("main tbody a")
    ),
    Shot(
        "survey-difference-decided",
        CLERK,
        "/survey/1/differences/?decision=REGISTER",
        before=first_link("main tbody a"),
    ),
    Shot("survey-decide", CLERK, "/survey/1/decide/?all=1&kind=ONLY_SURVEY"),
    Shot("survey-marks", CLERK, "/survey/1/marks/"),
    Shot("survey-import", "third_party", "/exchange/surveys/"),
    Shot("survey-batch", "third_party", "/exchange/surveys/3/"),
    Shot("evidence-log", AUDIT, "/log/"),
    Shot("evidence-log-filtered", AUDIT, "/log/?obj=asset:1"),
    Shot("evidence-record", AUDIT, "/log/300/"),
    Shot("evidence-verify", AUDIT, "/log/verify/"),
    Shot("evidence-run", "audit_admin", "/log/verify/", before=first_link("main form button")),
    Shot("directory-parties", CLERK, "/people/"),
    Shot("directory-parties-none", CLERK, "/people/?q=不存在"),
    Shot("directory-party", CLERK, "/people/2/"),
    Shot("directory-party-create", CLERK, "/people/new/"),
    Shot("directory-party-correct", CLERK, "/people/2/correct/"),
    Shot("directory-divisions", CLERK, "/people/divisions/"),
    Shot("directory-accounts", "system_admin", "/people/accounts/"),
    Shot("directory-account", "security_admin", "/people/accounts/3/"),
    Shot("directory-account-create", "system_admin", "/people/accounts/new/"),
    Shot("directory-me", CLERK, "/people/me/"),
    Shot("custody-overview", CLERK, "/custody/"),
    Shot("custody-ledger", CLERK, "/custody/ledger/?state=ENDING"),
    Shot("custody-keeper", CLERK, "/custody/", before=first_link("section:has(h2:text-is('管护责任人')) tbody a")),
    Shot("custody-leaver", CLERK, "/custody/", before=first_link("section:has(h2:text-is('离任人员')) tbody a")),
    Shot("custody-mine", "village_keeper", "/custody/mine/"),
    Shot("custody-mine-town", "town_keeper", "/custody/mine/"),
    Shot("custody-assign", CLERK, "/custody/assign/?problem=NO_KEEPER"),
    Shot("custody-asset", CLERK, "/assets/1/?tab=rights"),
    Shot("revival-pool", CLERK, "/revival/"),
    Shot("revival-matching", CLERK, "/revival/matching/"),
    Shot("revival-measures", CLERK, "/revival/measures/"),
    Shot("revival-propose", CLERK, "/revival/", _proposed),
    Shot("revival-done", CLERK, "/revival/1/"),
    Shot("revival-acting", CLERK, "/revival/2/"),
    Shot("revival-effects", "bureau_reviewer", "/revival/effects/"),
    Shot("income-overview", "bureau_head", "/income/"),
    Shot("income-receivables", "bureau_head", "/income/receivables/?state=OVERDUE"),
    Shot("income-receivable", CLERK, "/income/receivables/?state=OVERDUE", before=first_link("tbody td:first-child a")),
    Shot("income-issue", CLERK, "/income/receivables/issue/"),
    Shot("income-receipts", "cashier", "/income/receipts/"),
    Shot("income-receipt", "cashier", "/income/receipts/?credit=1", before=first_link("tbody td:first-child a")),
    Shot("income-receive", "cashier", "/income/receipts/new/"),
    Shot("income-statement", "cashier", "/income/statement/"),
    Shot("income-arrears", CLERK, "/income/arrears/"),
    Shot("income-reminders", CLERK, "/income/reminders/"),
    Shot("income-remittances", "cashier", "/income/remittances/"),
    Shot("income-yields", "bureau_head", "/income/yields/"),
    Shot("income-settlements", "bureau_reviewer", "/income/settlements/"),
    Shot("income-settlement", "bureau_reviewer", "/income/settlements/2020/"),
    Shot("income-reconciliation", "accountant", "/income/reconciliation/"),
    Shot("income-operator", "operator", "/income/receivables/"),
    Shot("workplan-plan", CLERK, "/stages/"),
    Shot("workplan-plan-then", CLERK, "/stages/2020/?on=2020-05-10"),
    Shot("workplan-stage", CLERK, "/stages/2020/rights/"),
    Shot("workplan-missing", CLERK, "/stages/missing/ownership_confirmed/"),
    Shot("workplan-create", CLERK, "/stages/new/?year=2021"),
    Shot("procedures-todo", "bureau_reviewer", "/cases/"),
    Shot("procedures-begin", CLERK, "/cases/new/"),
    Shot("procedures-mine", CLERK, "/cases/mine/"),
    Shot("procedures-case", "bureau_reviewer", "/cases/3/"),
    Shot("procedures-case-agreed", CLERK, "/cases/1/"),
    Shot("procedures-case-returned", CLERK, "/cases/2/"),
    Shot("procedures-procedures", CLERK, "/cases/procedures/"),
    Shot("procedures-procedure", CLERK, "/cases/procedures/disposal/"),
    Shot("procedures-delegations", "bureau_head", "/cases/delegations/"),
    Shot("procedures-days", CLERK, "/cases/days/?year=2026"),
    Shot("policy-plan", CLERK, "/plan/"),
    Shot("policy-clause", CLERK, "/plan/2.2/"),
)


def _log_in(page: Page, address: str, role: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", role)
    page.fill("input[name=password]", running.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def take(browser: Browser, address: str, shots: list[Shot]) -> list[str]:
    """Take the pictures and return what went wrong, page by page."""
    wrong = []
    for folder, (width, height) in WIDTHS.items():
        (TARGET / folder).mkdir(parents=True, exist_ok=True)
        for role in dict.fromkeys(shot.role for shot in shots):
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.on("console", lambda line, errors=errors: errors.append(line.text) if line.type == "error" else None)
            if role:
                _log_in(page, address, role)
            for shot in (shot for shot in shots if shot.role == role):
                errors.clear()
                answer = page.goto(address + shot.path, wait_until="networkidle")
                if shot.before:
                    shot.before(page)
                page.screenshot(path=TARGET / folder / f"{shot.name}.png", full_page=True)
                if answer is None or answer.status != shot.status:
                    wrong.append(f"{shot.name} at {width}: status {answer.status if answer else 'none'}")
                overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if overflow > 0:
                    wrong.append(f"{shot.name} at {width}: {overflow} pixels wider than the window")
                wrong += [f"{shot.name} at {width}: {error}" for error in errors if "status of 4" not in error]
            context.close()
    return wrong


def main() -> int:
    words = sys.argv[1:]
    shots = [shot for shot in SHOTS if not words or any(shot.name.startswith(word) for word in words)]
    with tempfile.TemporaryDirectory(prefix="mingchan-screenshots-") as name:
        home = Path(name)
        county = running.County(home, running.environment_for(home, "sqlite://"))
        county.command("init")
        county.command("demo")
        with running.serving(county) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_browser(), args=ARGUMENTS)
            wrong = take(browser, address, shots)
            browser.close()
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(shots)} pages at {len(WIDTHS)} widths in {TARGET.relative_to(ROOT)}; {len(wrong)} problems")
    return 1 if wrong else 0


def _browser() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for candidate in names if (path := shutil.which(candidate))), None)
    if found is None:
        sys.exit("No Chromium here. Install it: sudo apt install chromium fonts-noto-cjk")
    return found


if __name__ == "__main__":
    sys.exit(main())
