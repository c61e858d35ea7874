// What events mean for the list on the phone. The office decides anew; here it is only shown.
import { t } from "./words.js";

export const LABELS = {
  found: "找到", count: "点数", damaged: "损坏", elsewhere: "在别处", not_found: "没找到", surplus: "盘盈", scan: "扫码记录",
  claim: "认领标签", check: "检查", fault: "故障", signature: "签名", undo: "撤销", finish: "完成",
};
const OF_LINES = new Set(["found", "count", "damaged", "elsewhere", "not_found", "check", "fault"]);
const PROBLEMS = new Set(["damaged", "elsewhere", "not_found", "fault"]);

export const label = (kind) => t(LABELS[kind] || kind);

// Events in force: in their order, without what was undone, refused or given up.
export function inForce(events) {
  const undone = new Set();
  for (const event of events) {
    if (event.kind === "undo" && event.state !== "refused" && event.state !== "dropped") undone.add(event.data.event);
  }
  return events.filter((event) =>
    event.kind !== "undo" && event.state !== "refused" && event.state !== "dropped" && !undone.has(event.id));
}

const said = (value) => ["no", "否", false].includes(value);

function isProblem(event, line) {
  if (PROBLEMS.has(event.kind)) return true;
  if (event.kind === "check") return Object.values(event.data.answers || {}).some(said);
  const told = event.data.quantity;
  return line && line.quantity !== null && line.quantity !== undefined && told !== undefined && Number(told) !== Number(line.quantity);
}

// By asset code: the last word about it, all words about it, and whether it is done or a problem.
export function states(body, events) {
  const lines = new Map((body.lines || []).map((line) => [line.code, line]));
  const found = new Map();
  for (const event of inForce(events)) {
    if (!OF_LINES.has(event.kind) || !event.code) continue;
    const state = found.get(event.code) || { events: [], status: "todo" };
    state.events.push(event);
    state.status = isProblem(event, lines.get(event.code)) ? "problem" : "done";
    found.set(event.code, state);
  }
  return found;
}

export function summary(body, events) {
  const known = states(body, events);
  const counts = { total: (body.lines || []).length, todo: 0, done: 0, problem: 0, surplus: 0 };
  for (const line of body.lines || []) counts[known.get(line.code)?.status || "todo"] += 1;
  const current = inForce(events);
  counts.surplus = current.filter((event) => event.kind === "surplus").length;
  counts.refused = events.filter((event) => event.state === "refused").length;
  counts.finished = current.some((event) => event.kind === "finish");
  counts.signed = current.filter((event) => event.kind === "signature");
  return counts;
}

const plain = (text) => String(text || "").normalize("NFKC").replace(/\s+/g, "").toUpperCase();

const LABEL = /^(?:BQ)?(\d{15})$/;

// A printed label's code without the blanks and dashes between its groups; empty for anything else.
function printed(text) {
  const found = plain(text).replace(/[-—－·_]+/g, "").match(LABEL);
  return found ? `BQ${found[1]}` : "";
}

// The check digits of a printed label (ISO/IEC 7064, MOD 97-10): true for codes of other kinds.
export function isRight(text) {
  const code = printed(text);
  return !code || [...code.slice(2)].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

// What a label may say: a code, or an address with a code in one of its parts.
function candidates(text) {
  const found = [text];
  try {
    const address = new URL(text);
    found.push(...address.pathname.split("/").map(decodeURIComponent), ...address.searchParams.values());
  } catch { /* not an address */ }
  return [...found.map(printed), ...found.map(plain)].filter(Boolean);
}

// {line}, {elsewhere: [code, name, place]} or {text} for a label that nothing here knows.
export function lookUp(body, events, text) {
  const lines = new Map((body.lines || []).map((line) => [plain(line.code), line]));
  const labels = new Map(Object.entries(body.codes || {}).map(([name, code]) => [plain(name), plain(code)]));
  for (const event of inForce(events)) {
    if (event.kind === "claim") labels.set(plain(event.data.label), plain(event.code));
  }
  const others = new Map((body.elsewhere || []).map((other) => [plain(other[0]), other]));
  for (const candidate of candidates(text)) {
    const code = labels.get(candidate) || candidate;
    if (lines.has(code)) return { line: lines.get(code) };
    if (others.has(code)) return { elsewhere: others.get(code) };
  }
  return { text: candidates(text).find((one) => LABEL.test(one)) || String(text).trim() };
}

// Codes that differ from a typed one in a single place or by two exchanged characters.
export function near(body, text) {
  const typed = plain(text);
  if (typed.length < 4) return [];
  const known = [...(body.lines || []).map((line) => line.code), ...Object.keys(body.codes || {})];
  return [...new Set(known)].filter((code) => differsLittle(typed, plain(code))).slice(0, 3);
}

function differsLittle(one, other) {
  if (one === other || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  if (a.length === b.length) {
    return a.slice(1) === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  }
  return a.length > b.length ? a.slice(1) === b : a === b.slice(1);
}

export function matches(line, words) {
  const text = plain([line.name, line.code, line.model, line.serial, line.keeper].join("\n"));
  return plain(words) === "" || words.trim().split(/\s+/).every((word) => text.includes(plain(word)));
}

// Which acts a line offers, unless the capsule says so itself.
export function kindsFor(body, line) {
  const told = body.rules?.kinds;
  if (told) return told.filter((kind) => kind !== "check" || line.checklist);
  if (line.checklist) return ["check", "fault", "not_found"];
  return [line.lot ? "count" : "found", "damaged", "elsewhere", "not_found"];
}

export const needsPhoto = (body, kind) => (body.rules?.photo_for || []).includes(kind);

// Choices stand as plain words, pairs or objects.
export const choices = (body, name) => (body.choices?.[name] || []).map((one) =>
  Array.isArray(one) ? [String(one[0]), String(one[1] ?? one[0])]
    : typeof one === "object" ? [String(one.key ?? one.value), String(one.name ?? one.label)] : [String(one), String(one)]);
