// What the phone keeps: capsules, events, photographs. A promise here is settled when the disk has it, not before.
const NAME = "mingchan-field";
const STRICT = { durability: "strict" };
let opening = null;

const KEPT = ["waiting", "refused"];

function open() {
  opening ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("meta");
      db.createObjectStore("capsules", { keyPath: "id" });
      const events = db.createObjectStore("events", { keyPath: "id" });
      events.createIndex("errand", ["errand", "seq"]);
      events.createIndex("state", "state");
      const photos = db.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("errand", "errand");
      photos.createIndex("state", "state");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

const answer = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// Runs `work` in one transaction and waits for its commit.
async function within(stores, mode, work) {
  const db = await open();
  const change = db.transaction(stores, mode, STRICT);
  const done = new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onabort = () => reject(change.error || new Error("aborted"));
    change.onerror = () => reject(change.error);
  });
  let result;
  try {
    result = await work((name) => change.objectStore(name));
  } catch (error) {
    try { change.abort(); } catch { /* it ended already */ }
    done.catch(() => {});
    throw error;
  }
  await done;
  return result;
}

export const meta = (key) => within(["meta"], "readonly", (at) => answer(at("meta").get(key)));
export const setMeta = (values) => within(["meta"], "readwrite", async (at) => {
  for (const [key, value] of Object.entries(values)) at("meta").put(value, key);
});

export async function deviceKey() {
  return within(["meta"], "readwrite", async (at) => {
    const found = await answer(at("meta").get("device"));
    if (found) return found;
    const made = crypto.randomUUID();
    at("meta").put(made, "device");
    return made;
  });
}

export const capsules = () => within(["capsules"], "readonly", (at) => answer(at("capsules").getAll()));
export const capsule = (id) => within(["capsules"], "readonly", (at) => answer(at("capsules").get(id)));
export const putCapsule = (record) => within(["capsules"], "readwrite", (at) => answer(at("capsules").put(record)));

export const eventsOf = (errand) => within(["events"], "readonly", (at) =>
  answer(at("events").index("errand").getAll(IDBKeyRange.bound([errand, 0], [errand, Infinity]))));

// One act with its photographs: number, event and pictures are kept together or not at all.
export function addEvent(record, { kind, code = "", data = {}, photos = [], skew = 0 }) {
  const { id: errand, kind: group, key } = record;
  const counter = `seq|${group}|${key}`;
  return within(["meta", "events", "photos"], "readwrite", async (at) => {
    const seq = ((await answer(at("meta").get(counter))) || 0) + 1;
    const event = {
      id: crypto.randomUUID(), errand, account: record.account, seq, kind, code, data,
      at: new Date().toISOString(), skew, photos: photos.map((photo) => photo.sha256), state: "waiting", reason: "",
    };
    at("meta").put(seq, counter);
    at("events").add(event);
    for (const photo of photos) {
      const name = `${group}|${key}|${photo.sha256}`;
      if (!(await answer(at("photos").getKey(name)))) {
        at("photos").put({
          id: name, errand, account: record.account, group, key, sha256: photo.sha256, bytes: photo.bytes,
          size: photo.bytes.byteLength, small: photo.small, state: "waiting", reason: "",
        });
      }
    }
    return event;
  });
}

export const settle = (answers) => within(["events"], "readwrite", async (at) => {
  for (const { id, taken, reason } of answers) {
    const event = await answer(at("events").get(id));
    if (event) at("events").put({ ...event, state: taken ? "sent" : "refused", reason: reason || "" });
  }
});

export const setEvent = (id, changes) => within(["events"], "readwrite", async (at) => {
  const event = await answer(at("events").get(id));
  if (event) at("events").put({ ...event, ...changes });
});

// Names of an errand's photographs; the pictures themselves are read one by one, a weak phone holds few at once.
export const photoNamesOf = (errand) => within(["photos"], "readonly", (at) =>
  answer(at("photos").index("errand").getAllKeys(errand)));
export const photo = (id) => within(["photos"], "readonly", (at) => answer(at("photos").get(id)));

// Which photographs wait, without their bytes in memory all at once.
export const waitingPhotos = () => within(["photos"], "readonly", (at) =>
  answer(at("photos").index("state").getAllKeys("waiting")));

// Photographs of an errand that the county can't use, each with the reason.
export const refusedPhotos = (errand) => within(["photos"], "readonly", async (at) =>
  (await answer(at("photos").index("state").getAll("refused"))).filter((one) => one.errand === errand));

// A photograph that arrived keeps its small picture only.
export const settlePhoto = (id, state, reason = "") => within(["photos"], "readwrite", async (at) => {
  const found = await answer(at("photos").get(id));
  if (found) at("photos").put({ ...found, state, reason, bytes: state === "sent" ? null : found.bytes });
});

export const waitingEvents = () => within(["events"], "readonly", (at) =>
  answer(at("events").index("state").getAll("waiting")));

export async function unsent() {
  const [events, photos] = await Promise.all([
    within(["events"], "readonly", async (at) =>
      (await Promise.all(KEPT.map((state) => answer(at("events").index("state").getAll(state))))).flat()),
    within(["photos"], "readonly", (at) => answer(at("photos").index("state").getAllKeys("waiting"))),
  ]);
  return { events, photos };
}

// An errand leaves the phone only when nothing of it is unsent.
export const removeErrand = (errand) => within(["capsules", "events", "photos"], "readwrite", async (at) => {
  const [events, photos] = await Promise.all([
    answer(at("events").index("errand").getAll(IDBKeyRange.bound([errand, 0], [errand, Infinity]))),
    answer(at("photos").index("errand").getAll(errand)),
  ]);
  if (events.some((one) => KEPT.includes(one.state)) || photos.some((one) => one.state === "waiting")) return false;
  events.forEach((event) => at("events").delete(event.id));
  photos.forEach((one) => at("photos").delete(one.id));
  at("capsules").delete(errand);
  return true;
});
