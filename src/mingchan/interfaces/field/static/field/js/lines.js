// One thing, the scanner, a label nobody knows, a thing on no list.
import { Trouble, button, field, h, head, note, show, toast } from "./dom.js";
import { actForm, otherForm, surplusForm } from "./forms.js";
import * as model from "./model.js";
import { followPosition } from "./photo.js";
import { scanner } from "./camera.js";
import { add, badge, errandPath, eventRow, linePath, record } from "./screens.js";
import { figure, t } from "./words.js";

const CHOICES = {
  found: ["找到了", "good"], count: ["点数量", "good"], damaged: ["坏了", "warn"], elsewhere: ["在别处", "warn"],
  not_found: ["没找到", "bad"], check: ["填检查表", "good"], fault: ["报故障", "warn"],
};

function facts(body, line) {
  const place = (body.places || []).find((one) => one.key === line.place);
  const blind = body.rules?.blind || line.quantity === null || line.quantity === undefined;
  const pairs = [
    ["编号", line.code], ["型号", line.model], ["出厂编号", line.serial], ["地点", place?.name], ["保管人", line.keeper],
    ["数量", blind ? "" : `${figure(line.quantity)}${line.unit || ""}`],
  ];
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([term, value]) =>
    h("div", {}, h("dt", {}, t(term)), h("dd", {}, value))));
}

const told = (body, event) => {
  const { quantity, condition, note: words, text, what, answers } = event.data;
  const named = model.choices(body, "conditions").find(([key]) => key === condition);
  const wrong = answers ? Object.values(answers).filter((value) => value === "no").length : 0;
  return [quantity !== undefined ? figure(quantity) : "", named ? named[1] : "", words, text, what,
    answers ? (wrong ? t("%(n)s 项不合格", { n: wrong }) : t("全部合格")) : ""].filter(Boolean).join("，");
};

export async function line(id, code) {
  const { record: held, body, events } = await record(id);
  const found = (body.lines || []).find((one) => one.code === code);
  if (!found) throw new Trouble(t("清单里没有这件资产。"));
  if (body.rules?.position) followPosition();
  const state = model.states(body, events).get(code);
  const place = h("div", {});
  const again = async () => { location.hash = errandPath(held); };
  const open = (kind) => {
    buttons.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.kind === kind)));
    place.replaceChildren(actForm(held, body, found, kind, again));
    place.scrollIntoView({ block: "nearest" });
  };
  const buttons = h("div", { class: "choices" }, model.kindsFor(body, found).filter((kind) => CHOICES[kind]).map((kind) =>
    h("button", { type: "button", class: CHOICES[kind][1], "data-kind": kind, "aria-pressed": "false", onclick: () => open(kind) },
      t(CHOICES[kind][0]))));
  const past = events.filter((event) => event.code === code && event.kind !== "undo");
  const current = new Set(model.inForce(events).map((event) => event.id));
  show(head(found.name, { back: errandPath(held), extra: badge(state?.status || "todo") }), h("div", { class: "body" },
    facts(body, found), buttons, place,
    past.length ? h("section", {}, h("h2", {}, t("登记过的")), past.map((event) =>
      h("div", { class: current.has(event.id) ? "" : "gone" },
        eventRow(held, event, told(body, event), current.has(event.id) ? () => line(id, code) : null)))) : null));
}

export async function scan(id) {
  const { record: held, body, events } = await record(id);
  const go = (text) => {
    const found = model.lookUp(body, events, text);
    location.hash = found.line ? linePath(held, found.line) : `${errandPath(held)}/label/${encodeURIComponent(text)}`;
  };
  const typed = h("input", { autocomplete: "off", autocapitalize: "characters", placeholder: t("标签上的编号") });
  const advice = h("div", {});
  const look = () => {
    const text = typed.value.trim();
    if (!text) throw new Trouble(t("请输入编号。"));
    if (!model.isRight(text)) throw new Trouble(t("编号输错了：末两位校验码对不上，请核对。"));
    const found = model.lookUp(body, events, text);
    if (!found.text) { go(text); return; }
    const close = model.near(body, text);
    if (!close.length) { go(text); return; }
    advice.replaceChildren(note("warn", t("没有这个编号，是不是："), h("div", { class: "row" },
      close.map((code) => button(code, () => go(code))), button(t("都不是"), () => go(text), { tone: "quiet" }))));
  };
  show(head(t("扫码"), { back: errandPath(held), lead: held.title }), h("div", { class: "body" },
    scanner(go),
    h("form", { class: "typed", onsubmit: (event) => { event.preventDefault(); } },
      field(t("扫不出来时，输入编号"), typed), button(t("查找"), look, { type: "submit" })), advice,
    h("p", { class: "small" }, h("a", { href: errandPath(held) }, t("标签没有了？到清单里按名称找")))));
}

export async function label(id, text) {
  const { record: held, body, events } = await record(id);
  const found = model.lookUp(body, events, text);
  if (found.line) { location.replace(linePath(held, found.line)); return; }
  if (body.rules?.position) followPosition();
  const back = async () => { location.hash = errandPath(held); };
  if (found.elsewhere) {
    const [code, name, where] = found.elsewhere;
    show(head(name, { back: `${errandPath(held)}/scan` }), h("div", { class: "body" },
      note("warn", t("%(code)s 登记在“%(place)s”，不在这份清单里。", { code, place: where })),
      h("h2", {}, t("登记在这里看到它")), otherForm(held, body, found.elsewhere, back)));
    return;
  }
  const results = h("ul", { class: "lines" });
  const search = h("input", { type: "search", placeholder: t("名称、编号、型号"), "aria-label": t("查找") });
  search.addEventListener("input", () => {
    const hits = search.value.trim() ? (body.lines || []).filter((one) => model.matches(one, search.value)).slice(0, 20) : [];
    results.replaceChildren(...hits.map((one) => h("li", {}, h("button", { type: "button", class: "line", onclick: async () => {
      await add(held, { kind: "claim", code: one.code, data: { label: found.text.slice(0, 200) } });
      toast(t("标签已认领"));
      location.hash = linePath(held, one);
    } }, h("div", {}, h("b", {}, one.name), h("small", {}, one.code))))));
  });
  show(head(t("不认识的标签"), { back: `${errandPath(held)}/scan` }), h("div", { class: "body" },
    note("warn", found.text.slice(0, 200)),
    h("h2", {}, t("是清单里的哪一件？")), search, results,
    h("h2", {}, t("都不是")),
    h("a", { class: "button wide", href: `${errandPath(held)}/surplus` }, t("登记盘盈")),
    button(t("只记下这张标签"), async () => {
      await add(held, { kind: "scan", data: { text: text.slice(0, 500) } });
      toast(t("已存在手机上"));
      await back();
    }, { wide: true })));
}

export async function surplus(id) {
  const { record: held, body } = await record(id);
  if (body.rules?.position) followPosition();
  show(head(t("盘盈"), { back: errandPath(held), lead: t("现场有、清单里没有的东西") }), h("div", { class: "body" },
    surplusForm(held, body, async () => { location.hash = errandPath(held); })));
}
