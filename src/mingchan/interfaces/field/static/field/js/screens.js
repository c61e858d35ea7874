// Home, the list of an errand, its end.
import * as store from "./store.js";
import { bodyOf, openFile } from "./capsule.js";
import { Trouble, ask, busy, button, field, filePicker, h, head, icon, note, onLeave, show, toast } from "./dom.js";
import { resultFile, save } from "./result.js";
import * as model from "./model.js";
import * as sending from "./sending.js";
import { signaturePad } from "./signature.js";
import { day, figure, moment, t } from "./words.js";

const ROOT = document.body.dataset.root;
export const errandPath = (record) => `#/e/${encodeURIComponent(record.id)}`;
export const linePath = (record, line) => `${errandPath(record)}/l/${encodeURIComponent(line.code)}`;

const TONES = { todo: ["neutral", "还没点"], done: ["good", "已点"], problem: ["warn", "有问题"] };
export const badge = (status) => h("span", { class: `badge ${TONES[status][0]}` }, t(TONES[status][1]));

const bar = (done, total) => h("progress", { value: done, max: Math.max(total, 1), "aria-label": t("进度") });

function logIn() {
  return h("a", { class: "button main", href: `${ROOT}enter/` }, t("登录"));
}

function byErrand(list) {
  const counts = new Map();
  for (const one of list) counts.set(one.errand, (counts.get(one.errand) || 0) + 1);
  return counts;
}

// ---- Home ----

let drawing = 0;

export async function home() {
  const turn = ++drawing;
  const account = await sending.current();
  const [records, unsent, name, kept, saved] = await Promise.all([
    store.capsules(), store.unsent(), store.meta("name"), navigator.storage?.persisted?.() ?? false, store.meta("errands"),
  ]);
  const waiting = byErrand(unsent.events);
  const photoIds = unsent.photos;
  const mine = records.filter((record) => !account || record.account === account.id);
  const others = records.filter((record) => account && record.account !== account.id && waiting.has(record.id));
  const own = unsent.events.filter((event) => !account || event.account === account.id);
  const offered = (saved && account && saved.account === account.id ? saved.list : [])
    .filter((errand) => !mine.some((record) => record.kind === errand.kind && record.key === errand.key));
  const taken = await Promise.all(mine.map(async (record) =>
    ({ record, counts: model.summary(bodyOf(record), await store.eventsOf(record.id)) })));

  // Of several drawings begun one after the other only the last is shown, and none over another screen.
  if (turn !== drawing || !/^#?\/?$/.test(location.hash)) return;
  show(
    head(t("明产外业"), { lead: account ? account.name : t("还没有登录"),
      extra: h("a", { class: "round", href: "#/device", "aria-label": t("本机") }, icon("menu")) }),
    h("div", { class: "body" },
      connection(own.length, photoIds.length, account),
      others.map((record) => note("warn", t("本机还有%(name)s登记的 %(n)s 条记录没有上传，请本人登录后上传。",
        { name: record.accountName, n: waiting.get(record.id) }))),
      h("h2", {}, t("手机上的任务")),
      taken.length ? taken.map(({ record, counts }) => errandCard(record, counts, waiting.get(record.id) || 0))
        : h("p", { class: "empty" }, t("还没有领取任务。有信号时在下面领取，或打开从办公电脑下载的任务包文件。")),
      h("h2", {}, t("可以领取的任务")),
      offered.length ? offered.map(offer)
        : h("p", { class: "empty" }, account ? t("没有别的任务。") : t("登录以后可以看到分给您的任务。")),
      fileOpener(),
      kept ? null : note("info", t("请把“明产外业”添加到手机桌面，浏览器就不会清理没有上传的记录。")),
      h("p", { class: "small" }, name ? t("本机：%(name)s", { name }) : h("a", { href: "#/device" }, t("给这台手机起个名字")))));
}

function connection(events, photos, account) {
  const { online, loggedOut, sending: busyNow } = sending.session;
  const told = events || photos
    ? t("还有 %(events)s 条记录、%(photos)s 张照片没有上传", { events, photos }) : t("都已上传");
  const act = async () => {
    await sending.sendAll();
    await home();
    toast(t("上传完毕"));
  };
  return h("section", { class: `state ${events || photos ? "warn" : "good"}`, "data-unsent": events + photos },
    h("div", {}, h("b", {}, told), h("p", {}, loggedOut ? (account ? t("登录已过期，记录都在手机上，登录后接着上传。") : t("登录以后可以领取任务"))
      : online ? t("有网络") : t("没有网络，记录先存在手机上"))),
    loggedOut ? logIn()
      : button(busyNow ? t("正在上传……") : t("上传"), act, { tone: "main", image: "send", disabled: busyNow }));
}

function errandCard(record, counts, waiting) {
  return h("a", { class: "card", href: errandPath(record) },
    h("b", {}, record.title),
    h("p", {}, record.due ? t("%(day)s前完成", { day: day(record.due) }) : "",
      waiting ? h("span", { class: "badge warn" }, t("%(n)s 条未上传", { n: waiting })) : null,
      counts.refused ? h("span", { class: "badge bad" }, t("%(n)s 条被退回", { n: counts.refused })) : null,
      counts.finished ? h("span", { class: "badge good" }, t("已完成")) : null),
    bar(counts.total - counts.todo, counts.total),
    h("p", { class: "small" }, t("已点 %(done)s，共 %(total)s", { done: figure(counts.total - counts.todo), total: figure(counts.total) }),
      counts.problem ? `，${t("有问题 %(n)s", { n: figure(counts.problem) })}` : ""));
}

function offer(errand) {
  return h("section", { class: "card" },
    h("b", {}, errand.title),
    h("p", {}, [errand.where, errand.due ? t("%(day)s前完成", { day: day(errand.due) }) : ""].filter(Boolean).join(" · ")),
    h("p", { class: "small" }, t("已点 %(done)s，共 %(total)s", { done: figure(errand.done), total: figure(errand.total) })),
    button(t("领取到手机"), async () => {
      const { id } = await sending.takeAlong(errand.kind, errand.key);
      toast(t("已存到手机，没有信号也能用"));
      location.hash = `#/e/${encodeURIComponent(id)}`;
    }, { tone: "main", wide: true }));
}

function fileOpener() {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  input.addEventListener("change", async () => {
    if (!input.files[0]) return;
    try {
      const { id, body } = await openFile(input.files[0]);
      if (!(await sending.current())) await store.setMeta({ account: { id: body.issued.account, name: body.issued.name } });
      location.hash = `#/e/${encodeURIComponent(id)}`;
    } catch (error) {
      toast(error.words || t("任务包打不开。"), "bad");
    }
    input.value = "";
  });
  return h("div", {}, filePicker(t("打开任务包文件"), input), h("p", { class: "small" }, t("没有信号时，从办公电脑下载后传到手机")));
}

// ---- This phone ----

export async function device() {
  const [name, key, contact, skew, version, estimate] = await Promise.all([
    store.meta("name"), store.deviceKey(), store.meta("contact"), store.meta("skew"), store.meta("version"),
    navigator.storage?.estimate?.() ?? {},
  ]);
  const input = h("input", { value: name || "", maxlength: 40, placeholder: t("例如：水泉镇 1 号") });
  const off = Math.abs(skew || 0);
  show(head(t("本机"), { back: "#/" }), h("div", { class: "body" },
    field(t("手机名称"), input, t("单位的人凭名称认出这台手机")),
    button(t("保存"), async () => {
      await store.setMeta({ name: input.value.trim() });
      sending.sendSoon(200);
      toast(t("已保存"));
      location.hash = "#/";
    }, { tone: "main", wide: true }),
    h("dl", { class: "facts" },
      h("div", {}, h("dt", {}, t("最近联系")), h("dd", {}, contact ? moment(contact) : t("还没有联系过"))),
      h("div", {}, h("dt", {}, t("时钟")), h("dd", {}, off < 120 ? t("准") : t("与服务器差 %(n)s 分钟，不影响登记", { n: figure(Math.round(off / 60)) }))),
      h("div", {}, h("dt", {}, t("占用空间")), h("dd", {}, `${figure(Math.round((estimate.usage || 0) / 104857.6) / 10)} MB`)),
      h("div", {}, h("dt", {}, t("离线打开")), h("dd", {}, navigator.serviceWorker?.controller ? t("可以") : t("不可以：证书没有受信任，请先在手机上安装单位的证书"))),
      h("div", {}, h("dt", {}, t("设备号")), h("dd", {}, key.slice(0, 8))),
      h("div", {}, h("dt", {}, t("程序版本")), h("dd", {}, version || "—")))));
}

// ---- One errand ----

export async function record(id) {
  const found = await store.capsule(id);
  if (!found) throw new Trouble(t("这项任务不在手机上。"));
  return { record: found, body: bodyOf(found), events: await store.eventsOf(id) };
}

const view = { id: "", words: "", filter: "", open: new Set() };
const FILTERS = [["", "全部"], ["todo", "还没点"], ["done", "已点"], ["problem", "有问题"]];

export async function errand(id) {
  const { record: held, body, events } = await record(id);
  if (view.id !== id) Object.assign(view, { id, words: "", filter: "", open: new Set() });
  const counts = model.summary(body, events);
  const known = model.states(body, events);
  const list = h("div", { class: "lines" });
  const search = h("input", { type: "search", value: view.words, placeholder: t("名称、编号、型号"), "aria-label": t("查找") });
  const redraw = () => list.replaceChildren(...places(held, body, known));
  search.addEventListener("input", () => { view.words = search.value; redraw(); });
  const waiting = events.filter((event) => event.state === "waiting").length;
  const spoiled = await store.refusedPhotos(id);
  show(
    head(held.title, { back: "#/", lead: held.due ? t("%(day)s前完成", { day: day(held.due) }) : "" }),
    h("div", { class: "body with-bar" },
      held.closed ? note("bad", held.closed) : null,
      counts.refused ? h("a", { class: "note bad", href: `${errandPath(held)}/refused` },
        t("有 %(n)s 条记录被退回，点这里处理", { n: counts.refused })) : null,
      spoiled.length ? note("bad", t("有 %(n)s 张照片没有被接受：%(reason)s 请到那几项补拍。",
        { n: spoiled.length, reason: spoiled[0].reason })) : null,
      counts.finished ? note("good", t("已经完成。需要补充时仍可登记，再上传一次。")) : null,
      h("div", { class: "tally" }, bar(counts.total - counts.todo, counts.total),
        h("p", {}, t("已点 %(done)s，共 %(total)s", { done: figure(counts.total - counts.todo), total: figure(counts.total) }),
          waiting ? ` · ${t("%(n)s 条未上传", { n: waiting })}` : "")),
      search,
      h("div", { class: "chips", role: "group", "aria-label": t("筛选") }, FILTERS.map(([key, label]) =>
        h("button", { type: "button", "aria-pressed": String(view.filter === key), onclick: (event) => {
          view.filter = key;
          event.currentTarget.parentNode.querySelectorAll("button").forEach((other) =>
            other.setAttribute("aria-pressed", String(other === event.currentTarget)));
          redraw();
        } }, `${t(label)} ${figure(key ? counts[key] : counts.total)}`))),
      list,
      surpluses(held, events),
      h("div", { class: "row" },
        button(t("导出结果文件"), () => exportResult(held)),
        button(t("重新领取"), async () => {
          await sending.takeAlong(held.kind, held.key);
          toast(t("清单已更新，登记过的都还在"));
          await errand(id);
        }),
        button(t("从手机移除"), () => remove(held), { tone: "quiet" }))),
    h("nav", { class: "bar" },
      h("a", { class: "button", href: `${errandPath(held)}/surplus` }, icon("plus"), h("span", {}, t("盘盈"))),
      h("a", { class: "button main big", href: `${errandPath(held)}/scan` }, icon("scan"), h("span", {}, t("扫码"))),
      h("a", { class: "button", href: `${errandPath(held)}/finish` }, icon("check"), h("span", {}, t("完成")))));
  redraw();
}

const FIRST = 60;

function places(held, body, known) {
  const names = new Map((body.places || []).map((place) => [place.key, place.name]));
  const groups = new Map();
  let shown = 0;
  for (const line of body.lines || []) {
    const status = known.get(line.code)?.status || "todo";
    if ((view.filter && view.filter !== status) || !model.matches(line, view.words)) continue;
    shown += 1;
    if (!groups.has(line.place)) groups.set(line.place, []);
    groups.get(line.place).push([line, status]);
  }
  if (!shown) return [h("p", { class: "empty" }, t("没有符合条件的资产"))];
  const single = groups.size === 1 || Boolean(view.words) || shown <= FIRST;
  return [...groups].map(([key, lines]) => {
    const inside = h("ul", {});
    const fill = () => { if (!inside.childElementCount) more(inside, held, lines, 0); };
    const left = lines.filter(([, status]) => status === "todo").length;
    const box = h("details", { open: single || view.open.has(key) },
      h("summary", {}, h("b", {}, names.get(key) || t("地点不明")),
        h("span", {}, left ? t("还没点 %(n)s", { n: figure(left) }) : t("点完了"))), inside);
    box.addEventListener("toggle", () => {
      if (box.open) { view.open.add(key); fill(); } else view.open.delete(key);
    });
    if (box.open) fill();
    return box;
  });
}

function more(inside, held, lines, from) {
  for (const [line, status] of lines.slice(from, from + FIRST)) {
    inside.append(h("li", {}, h("a", { class: "line", href: linePath(held, line) },
      h("div", {}, h("b", {}, line.name), h("small", {}, [line.code, line.model].filter(Boolean).join(" · "))), badge(status))));
  }
  const rest = lines.length - from - FIRST;
  if (rest > 0) {
    const item = h("li", {}, button(t("再显示 %(n)s 项", { n: Math.min(rest, FIRST) }), () => {
      item.remove();
      more(inside, held, lines, from + FIRST);
    }, { wide: true }));
    inside.append(item);
  }
}

function surpluses(held, events) {
  const found = model.inForce(events).filter((event) => ["surplus", "scan"].includes(event.kind));
  return found.length ? h("section", {}, h("h2", {}, t("清单以外的记录")), found.map((event) => eventRow(held, event,
    event.kind === "surplus" ? `${event.data.name} ${figure(event.data.quantity)}${event.data.unit || ""}` : event.data.text,
    () => errand(held.id)))) : null;
}

const STATES = { waiting: ["warn", "未上传"], sent: ["good", "已上传"], refused: ["bad", "被退回"], dropped: ["neutral", "不再上传"] };

export function eventRow(held, event, text, then) {
  const [tone, words] = STATES[event.state];
  return h("div", { class: "event" },
    h("div", {}, h("b", {}, model.label(event.kind)), text ? ` ${text}` : "",
      h("small", {}, moment(event.at), event.photos.length ? ` · ${t("照片 %(n)s", { n: event.photos.length })}` : "")),
    h("span", { class: `badge ${tone}` }, t(words)),
    then ? button(t("撤销"), async () => {
      await add(held, { kind: "undo", code: event.code, data: { event: event.id } });
      toast(t("已撤销"));
      await then();
    }, { tone: "quiet" }) : null);
}

// Keep an act; when this returns it is on the disk.
export async function add(held, event) {
  const skew = (await store.meta("skew")) || 0;
  const kept = await store.addEvent(held, { ...event, skew });
  sending.sendSoon();
  return kept;
}

async function exportResult(held) {
  const { blob, events, photos } = await resultFile(held);
  const at = new Date();
  const stamp = `${at.getMonth() + 1}-${at.getDate()}-${at.getHours()}${String(at.getMinutes()).padStart(2, "0")}`;
  save(blob, `mingchan-result-${held.kind}-${held.key}-${stamp}.zip`);
  toast(t("已导出 %(events)s 条记录、%(photos)s 张照片，请带到任何一台办公电脑上传", { events, photos }));
}

async function remove(held) {
  if (!(await ask(t("从手机移除这项任务？"), t("已经上传的记录在单位，不受影响。"), t("移除")))) return;
  if (!(await store.removeErrand(held.id))) throw new Trouble(t("还有没上传的记录，不能移除。"));
  location.hash = "#/";
}

// ---- What came back refused ----

export async function refused(id) {
  const { record: held, body, events } = await record(id);
  const lines = new Map((body.lines || []).map((line) => [line.code, line]));
  const list = events.filter((event) => event.state === "refused");
  const act = async (event, changes) => {
    await store.setEvent(event.id, changes);
    sending.sendSoon();
    await refused(id);
  };
  show(head(t("被退回的记录"), { back: errandPath(held) }), h("div", { class: "body" },
    list.length ? list.map((event) => {
      const line = lines.get(event.code);
      return h("section", { class: "card" },
        h("b", {}, `${model.label(event.kind)} ${line ? line.name : event.code || event.data.name || ""}`),
        h("p", { class: "reason" }, event.reason), h("p", { class: "small" }, moment(event.at)),
        h("div", { class: "row" },
          line ? h("a", { class: "button main", href: linePath(held, line) }, t("重新登记")) : null,
          button(t("再传一次"), () => act(event, { state: "waiting", reason: "" })),
          button(t("不要了"), async () => {
            if (await ask(t("不要这条记录？"), event.reason, t("不要了"), { tone: "bad" })) await act(event, { state: "dropped" });
          }, { tone: "quiet" })));
    }) : h("p", { class: "empty" }, t("没有被退回的记录。"))));
}

// ---- The end of an errand ----

export async function finish(id) {
  const { record: held, body, events } = await record(id);
  const counts = model.summary(body, events);
  const pad = signaturePad();
  const roles = model.choices(body, "roles");
  const role = h("select", {}, (roles.length ? roles : [["keeper", t("保管人")], ["counter", t("盘点人")]])
    .map(([key, label]) => h("option", { value: key }, label)));
  const keepers = [...new Set((body.lines || []).map((line) => line.keeper).filter(Boolean))];
  const name = h("input", { maxlength: 30, value: keepers.length === 1 ? keepers[0] : "", autocomplete: "off" });
  show(head(t("完成"), { back: errandPath(held), lead: held.title }), h("div", { class: "body" },
    h("dl", { class: "facts" },
      [["已点", counts.done], ["有问题", counts.problem], ["还没点", counts.todo], ["盘盈", counts.surplus]].map(([label, n]) =>
        h("div", {}, h("dt", {}, t(label)), h("dd", {}, figure(n))))),
    counts.todo ? note("warn", t("还有 %(n)s 项没有点。没找到的请逐项登记“没找到”。", { n: figure(counts.todo) })) : null,
    h("h2", {}, body.rules?.signature ? t("签名（必须）") : t("签名")),
    counts.signed.map((event) => eventRow(held, event, event.data.name, () => finish(id))),
    field(t("身份"), role), field(t("姓名"), name), pad.element,
    button(t("保存签名"), async () => {
      if (!name.value.trim()) throw new Trouble(t("请填写姓名。"));
      if (pad.isEmpty()) throw new Trouble(t("请在框内签名。"));
      await add(held, { kind: "signature", data: { role: role.value, name: name.value.trim(), strokes: pad.strokes() } });
      toast(t("签名已保存"));
      await finish(id);
    }, { wide: true }),
    button(t("完成并上传"), async () => {
      if (body.rules?.signature && !counts.signed.length) throw new Trouble(t("这项任务须先签名。"));
      if (counts.todo && !(await ask(t("还有没点的，确定完成？"), t("还没点 %(n)s", { n: figure(counts.todo) }), t("完成")))) return;
      await add(held, { kind: "finish" });
      toast(t("已完成，有信号时自动上传"));
      location.hash = errandPath(held);
    }, { tone: "main", wide: true })));
}

// What changes while somebody looks: the connection, the number unsent.
export function refreshOn(act) {
  onLeave(sending.watch(() => busy(document.createElement("button"), act)));
}
