// The start: routes, the worker that keeps the program, new versions, the connection.
import * as store from "./store.js";
import { button, h, head, leave, note, show, toast } from "./dom.js";
import * as lines from "./lines.js";
import * as screens from "./screens.js";
import * as sending from "./sending.js";
import { t } from "./words.js";

const ROOT = document.body.dataset.root;
const ROUTES = [
  [/^#?\/?$/, screens.home],
  [/^#\/device$/, screens.device],
  [/^#\/e\/([^/]+)$/, screens.errand],
  [/^#\/e\/([^/]+)\/scan$/, lines.scan],
  [/^#\/e\/([^/]+)\/surplus$/, lines.surplus],
  [/^#\/e\/([^/]+)\/finish$/, screens.finish],
  [/^#\/e\/([^/]+)\/refused$/, screens.refused],
  [/^#\/e\/([^/]+)\/l\/([^/]+)$/, lines.line],
  [/^#\/e\/([^/]+)\/label\/([^/]+)$/, lines.label],
];

let drawing = Promise.resolve();

// One screen after the other, so that a slow one never covers the one that was asked for after it.
function route() {
  drawing = drawing.then(draw);
  return drawing;
}

async function draw() {
  leave();
  for (const [pattern, screen] of ROUTES) {
    const found = location.hash.match(pattern);
    if (!found) continue;
    try {
      await screen(...found.slice(1).map(decodeURIComponent));
      if (screen === screens.home) screens.refreshOn(screens.home);
      document.getElementById("screen").dataset.ready = location.hash || "#/";
    } catch (error) {
      if (!error.words) console.warn(error);
      show(head(t("打不开"), { back: "#/" }), h("div", { class: "body" }, note("bad", error.words || String(error))));
    }
    return;
  }
  location.replace("#/");
}

async function keepProgram() {
  if (!("serviceWorker" in navigator)) return;
  try {
    const kept = await navigator.serviceWorker.register(`${ROOT}sw.js`, { scope: ROOT, updateViaCache: "none" });
    const offer = (worker) => {
      if (!worker || !navigator.serviceWorker.controller) return;
      document.body.append(h("div", { class: "update" }, t("有新版本"), button(t("更新"), () => {
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
        worker.postMessage("take over");
      }, { tone: "main" })));
    };
    if (kept.waiting) offer(kept.waiting);
    kept.addEventListener("updatefound", () => {
      const worker = kept.installing;
      worker?.addEventListener("statechange", () => { if (worker.state === "installed") offer(worker); });
    });
  } catch (error) {
    console.warn(error);
  }
}

async function speak() {
  try {
    await sending.contact();
    const { account } = sending.session;
    const { events, photos } = await store.unsent();
    if (events.some((event) => event.account === account.id && event.state === "waiting") || photos.length) await sending.sendAll();
    if (sending.session.latest) await store.setMeta({ version: sending.session.latest });
  } catch (error) {
    if (!error.words) console.warn(error);
  }
}

window.addEventListener("hashchange", route);
window.addEventListener("online", () => { sending.session.online = true; speak(); });
window.addEventListener("offline", () => { sending.session.online = false; if (/^#?\/?$/.test(location.hash)) route(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && navigator.onLine) sending.sendSoon(); });

(async () => {
  try {
    await store.deviceKey();
  } catch {
    show(note("bad", t("这个浏览器不能保存记录（可能是无痕模式），请换一个浏览器。")));
    return;
  }
  navigator.storage?.persist?.().catch(() => {});
  await route();
  keepProgram();
  if (navigator.onLine) await speak();
})().catch((error) => toast(String(error), "bad"));
