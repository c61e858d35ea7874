// Capsules: checked before they are kept, parsed once.
import * as store from "./store.js";
import { Trouble } from "./dom.js";
import { t } from "./words.js";

const encoder = new TextEncoder();
const parsed = new Map();

export async function sha256(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

async function isSigned(text, signature, publicKey) {
  const way = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("spki", fromBase64(publicKey), way, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, fromBase64(signature), encoder.encode(text));
}

// The text of a capsule, when it is whole and the county signed it. A phone that never spoke with the county can only
// check that the text is whole.
async function check({ text, digest, signature }) {
  if (typeof text !== "string" || (await sha256(encoder.encode(text))) !== digest) {
    throw new Trouble(t("任务包不完整，请重新领取。"));
  }
  const publicKey = await store.meta("public_key");
  let right = !publicKey;
  try {
    right ||= await isSigned(text, signature, publicKey);
  } catch { /* not a signature at all */ }
  if (!right) throw new Trouble(t("任务包不是本县系统发出的，不能使用。"));
  const body = JSON.parse(text);
  if (body.format !== "mingchan-capsule-1" || !body.issued) throw new Trouble(t("任务包的格式不认识，请更新程序。"));
  return body;
}

// Keep a capsule. Events of the errand that are on the phone stay, whichever capsule they were made from.
export async function keep(issued) {
  const body = await check(issued);
  const id = `${body.issued.account}|${body.kind}|${body.key}`;
  await store.putCapsule({
    id, account: body.issued.account, accountName: body.issued.name, kind: body.kind, key: body.key, title: body.title,
    due: body.due || "", total: (body.lines || []).length, text: issued.text, digest: issued.digest,
    signature: issued.signature, takenAt: new Date().toISOString(), closed: "",
  });
  return { id, body };
}

export async function openFile(file) {
  let issued;
  try {
    issued = JSON.parse(await file.text());
  } catch {
    throw new Trouble(t("这不是任务包文件。"));
  }
  if (!issued || issued.format !== "mingchan-capsule-file-1") throw new Trouble(t("这不是任务包文件。"));
  return keep(issued);
}

export function bodyOf(record) {
  if (!parsed.has(record.digest)) {
    parsed.clear();
    parsed.set(record.digest, JSON.parse(record.text));
  }
  return parsed.get(record.digest);
}
