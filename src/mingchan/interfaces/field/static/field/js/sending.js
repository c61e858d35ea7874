// Speaking with the county: who is logged in, which errands there are, sending exactly once.
import * as store from "./store.js";
import { keep } from "./capsule.js";
import { Trouble } from "./dom.js";
import { t } from "./words.js";

const ROOT = document.body.dataset.root;
const AT_ONCE = 100;
const PIECE = 256 * 1024;
const WAIT = 30000;

export const session = { account: null, online: navigator.onLine, token: "", errands: [], loggedOut: false, sending: false };
const watchers = new Set();
export const watch = (act) => { watchers.add(act); return () => watchers.delete(act); };
const changed = () => watchers.forEach((act) => act());

export class Offline extends Trouble {}
export class LoggedOut extends Trouble {}
class Refused extends Trouble {}

async function ask(path, { method = "GET", json, bytes } = {}) {
  const began = Date.now();
  let answer;
  try {
    answer = await fetch(ROOT + path, {
      method, redirect: "manual", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(WAIT),
      headers: {
        ...(session.token && method !== "GET" ? { "X-CSRFToken": session.token } : {}),
        ...(json ? { "Content-Type": "application/json" } : bytes ? { "Content-Type": "application/octet-stream" } : {}),
      },
      body: json ? JSON.stringify(json) : bytes,
    });
  } catch {
    session.online = false;
    throw new Offline(t("现在没有网络，记录都在手机上，有信号时再上传。"));
  }
  session.online = true;
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    session.loggedOut = true;
    throw new LoggedOut(t("登录已过期，请重新登录。记录都在手机上，不会丢。"));
  }
  let body = null;
  try {
    body = await answer.json();
  } catch { /* an error page */ }
  if (body && body.now) await clock(began, Date.now(), body.now);
  if (answer.ok && body) return body;
  if (answer.status >= 500 || (answer.ok && !body)) throw new Offline(t("服务器暂时没有应答，稍后再传。"));
  const trouble = new Refused(body?.error || (answer.status === 403 ? t("您没有这项权限。") : t("服务器没有接受。")));
  trouble.status = answer.status;
  throw trouble;
}

// How far this clock stands off, in seconds; both ways of the journey are taken to last equally long.
async function clock(began, ended, now) {
  const skew = Math.round(((began + ended) / 2 - Date.parse(now)) / 1000);
  session.skew = skew;
  await store.setMeta({ skew, contact: new Date(ended).toISOString() });
}

// A token may have been renewed meanwhile: a refused message is sent once more with a new one.
async function send(path, options) {
  if (!session.token) await whoAmI();
  try {
    return await ask(path, options);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error;
    await whoAmI();
    return ask(path, options);
  }
}

async function whoAmI() {
  const state = await ask("state/");
  session.token = state.token;
  session.loggedOut = false;
  session.account = state.account;
  await store.setMeta({ account: state.account, public_key: state.public_key });
  session.latest = state.version;
}

async function about() {
  const { events, photos } = await store.unsent();
  return {
    device: await store.deviceKey(), name: (await store.meta("name")) || "", unsent: events.length + photos.length,
    skew: (await store.meta("skew")) || 0, version: (await store.meta("version")) || "",
  };
}

// Speak with the county: learn who is logged in and what there is to take along.
export async function contact() {
  try {
    await whoAmI();
    const answer = await send("contact/", { method: "POST", json: await about() });
    session.errands = answer.errands;
    await store.setMeta({ errands: { account: session.account.id, list: answer.errands } });
  } finally {
    changed();
  }
}

export async function takeAlong(kind, key) {
  const issued = await send(`capsules/${kind}/${key}/`, { method: "POST", json: await about() });
  return keep(issued);
}

// Send everything of whoever is logged in: events first, in pieces, then photographs. What fails stays and is sent
// again; the county takes each once.
export async function sendAll() {
  if (session.sending) return;
  session.sending = true;
  changed();
  try {
    await whoAmI();
    const mine = (await store.capsules()).filter((record) => record.account === session.account.id);
    for (const record of mine) await sendEvents(record);
    await sendPhotos();
    await contact();
  } finally {
    session.sending = false;
    changed();
  }
}

async function sendEvents(record) {
  const waiting = (await store.eventsOf(record.id)).filter((event) => event.state === "waiting");
  for (let start = 0; start < waiting.length; start += AT_ONCE) {
    const events = waiting.slice(start, start + AT_ONCE).map(plain);
    let answer;
    try {
      answer = await send(`events/${record.kind}/${record.key}/`, {
        method: "POST",
        json: {
          format: "mingchan-batch-1", ...(await about()), account: record.account, worker: record.accountName,
          capsule: record.digest, events,
        },
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await note(record, error.words);
      return;
    }
    await note(record, "");
    await store.settle(answer.answers);
    for (const digest of answer.photos) {
      await store.settlePhoto(`${record.kind}|${record.key}|${digest}`, "sent");
    }
    changed();
  }
}

async function note(record, words) {
  const current = await store.capsule(record.id);
  if (current && (current.closed || "") !== words) await store.putCapsule({ ...current, closed: words });
}

export const plain = ({ id, seq, kind, at, skew, code, data, photos }) => ({ id, seq, kind, at, skew, code, data, photos });

async function sendPhotos() {
  for (const id of await store.waitingPhotos()) {
    const photo = await store.photo(id);
    if (!photo || photo.account !== session.account.id) continue;
    try {
      await sendPhoto(photo);
      await store.settlePhoto(id, "sent");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 403 || error.status === 404) continue;
      await store.settlePhoto(id, "refused", error.words);
    }
    changed();
  }
}

// In pieces, from where the county says it stopped.
async function sendPhoto(photo) {
  const path = `photos/${photo.group}/${photo.key}/${photo.sha256}/`;
  let { received, complete } = await send(path, {});
  let steps = 0;
  while (!complete) {
    if (++steps > 200) throw new Offline(t("照片传不上去，稍后再传。"));
    const piece = photo.bytes.slice(received, received + PIECE);
    ({ received, complete } = await send(`${path}?offset=${received}&size=${photo.size}`, { method: "PUT", bytes: piece }));
  }
}

// The account whose errands are shown: who is logged in, else who was last.
export async function current() {
  return session.account || (await store.meta("account")) || null;
}

let later = 0;
// Soon after something new, when there is a signal and somebody is logged in.
export function sendSoon(delay = 1500) {
  clearTimeout(later);
  later = setTimeout(() => {
    if (navigator.onLine && !session.loggedOut) sendAll().catch(() => changed());
  }, delay);
}
