// Forms of acts: what was seen of a thing, a thing that stands on no list, a checklist.
import { Trouble, button, field, h, toast } from "./dom.js";
import * as model from "./model.js";
import { photoField, position } from "./photo.js";
import { add } from "./screens.js";
import { t } from "./words.js";

const number = (input) => {
  const text = input.value.trim().replace(",", ".");
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) throw new Trouble(t("请填写数量。"));
  return Number(text);
};

const condition = (body) => {
  const known = model.choices(body, "conditions");
  return known.length ? h("select", {}, h("option", { value: "" }, t("不改")), known.map(([key, text]) => h("option", { value: key }, text))) : null;
};

const area = (value = "") => h("textarea", { rows: 2, maxlength: 500, value });
const figureInput = (value) => h("input", { inputmode: "decimal", value, autocomplete: "off" });

// A form of one act. `parts` draws its fields and gives back how they are read.
function form(held, body, kind, code, about, parts, then) {
  const withPosition = Boolean(body.rules?.position);
  const needed = model.needsPhoto(body, kind);
  const pictures = photoField(about, { needed, withPosition });
  const { fields, read } = parts;
  return h("form", { class: "act", onsubmit: (event) => event.preventDefault() },
    fields, pictures.element,
    button(t("保存"), async () => {
      const data = read();
      if (needed && !pictures.photos.length) throw new Trouble(t("请先拍照。"));
      for (const [key, value] of Object.entries(data)) if (value === "" || value === null) delete data[key];
      if (withPosition && position.now) data.position = position.now;
      await add(held, { kind, code, data, photos: pictures.photos });
      toast(t("已存在手机上"));
      await then(kind);
    }, { tone: "main", wide: true, image: "check" }));
}

const PARTS = {
  found: (body, line) => {
    const state = condition(body), words = area();
    return { fields: [state ? field(t("状况"), state) : null, field(t("备注"), words)],
      read: () => ({ condition: state ? state.value : "", note: words.value.trim() }) };
  },
  count: (body, line) => {
    const amount = figureInput(""), words = area();
    return { fields: [field(`${t("点到的数量")}${line.unit ? `（${line.unit}）` : ""}`, amount), field(t("备注"), words)],
      read: () => ({ quantity: number(amount), note: words.value.trim() }) };
  },
  damaged: () => told(t("坏在哪里"), t("请写明坏在哪里。")),
  not_found: () => told(t("怎么找的、问了谁"), t("请写明找过哪里、问过谁。")),
  elsewhere: (body, line) => {
    const where = h("select", {}, h("option", { value: "" }, t("清单以外的地方")),
      (body.places || []).filter((place) => place.key !== line?.place).map((place) => h("option", { value: place.key }, place.name)));
    const words = area();
    return { fields: [field(t("现在在哪里"), where), field(t("说明"), words)],
      read: () => {
        if (!where.value && !words.value.trim()) throw new Trouble(t("请写明在哪里。"));
        return { place: where.value, text: words.value.trim() || where.selectedOptions[0].textContent };
      } };
  },
  fault: (body) => {
    const known = model.choices(body, "severities");
    const what = area();
    const severity = h("select", {}, (known.length ? known : [["minor", t("一般")], ["major", t("严重")], ["danger", t("危险")]])
      .map(([key, text]) => h("option", { value: key }, text)));
    return { fields: [field(t("什么故障"), what), field(t("程度"), severity)],
      read: () => {
        if (!what.value.trim()) throw new Trouble(t("请写明什么故障。"));
        return { what: what.value.trim(), severity: severity.value };
      } };
  },
  check: (body, line) => checklist((body.checklists || []).find((one) => one.key === line.checklist)),
};

function told(label, missing) {
  const words = area();
  return { fields: [field(label, words)], read: () => {
    if (!words.value.trim()) throw new Trouble(missing);
    return { note: words.value.trim() };
  } };
}

function checklist(list) {
  if (!list) return { fields: [], read: () => { throw new Trouble(t("任务包里没有这张检查表，请重新领取。")); } };
  const answers = new Map();
  const fields = list.items.map((item) => {
    if (item.answer !== "yes_no") {
      const input = item.answer === "number" ? figureInput("") : h("input", { maxlength: 200 });
      answers.set(item.key, () => (item.answer === "number" ? number(input) : input.value.trim()));
      return field(item.text, input);
    }
    let chosen = "";
    answers.set(item.key, () => {
      if (!chosen) throw new Trouble(t("还没有回答：%(item)s", { item: item.text }));
      return chosen;
    });
    const group = h("div", { class: "yes-no", role: "group", "aria-label": item.text });
    for (const [key, label] of [["yes", t("是")], ["no", t("否")]]) {
      group.append(h("button", { type: "button", "aria-pressed": "false", class: key, onclick: (event) => {
        chosen = key;
        group.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === event.currentTarget)));
      } }, label));
    }
    return h("div", { class: "question" }, h("span", {}, item.text), group);
  });
  return { fields: [h("p", { class: "small" }, list.title), ...fields], read: () => ({
    checklist: list.key, answers: Object.fromEntries([...answers].map(([key, get]) => [key, get()])),
  }) };
}

export function actForm(held, body, line, kind, then) {
  return form(held, body, kind, line.code, `${line.name} ${line.code}`, PARTS[kind](body, line), then);
}

export function otherForm(held, body, [code, name], then) {
  const where = h("select", {}, (body.places || []).map((place) => h("option", { value: place.key }, place.name)));
  const words = area();
  return form(held, body, "elsewhere", code, `${name} ${code}`, {
    fields: [field(t("在哪里看到的"), where), field(t("说明"), words)],
    read: () => ({ place: where.value, text: words.value.trim() || t("在这里看到") }),
  }, then);
}

export function surplusForm(held, body, then) {
  const name = h("input", { maxlength: 100 }), model_ = h("input", { maxlength: 100 });
  const unit = h("input", { maxlength: 10, value: t("台") }), amount = figureInput("1");
  const where = h("select", {}, (body.places || []).map((place) => h("option", { value: place.key }, place.name)));
  const words = area();
  return form(held, body, "surplus", "", t("盘盈"), {
    fields: [field(t("名称"), name), field(t("型号"), model_),
      h("div", { class: "row" }, field(t("数量"), amount), field(t("单位"), unit)), field(t("在哪里"), where), field(t("备注"), words)],
    read: () => {
      if (!name.value.trim()) throw new Trouble(t("请填写名称。"));
      const quantity = number(amount);
      if (!quantity) throw new Trouble(t("请填写数量。"));
      return { name: name.value.trim(), model: model_.value.trim(), unit: unit.value.trim(), quantity,
        place: where.value, note: words.value.trim() };
    },
  }, then);
}
