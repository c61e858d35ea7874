// The result of an errand as a file, for the way back without any signal.
import * as store from "./store.js";
import { sha256 } from "./capsule.js";
import { plain } from "./sending.js";
import { Zip } from "./zip.js";

const encoder = new TextEncoder();

export async function resultFile(record) {
  const events = (await store.eventsOf(record.id)).filter((event) => event.state !== "dropped");
  const zip = new Zip();
  const listed = [];
  for (const name of await store.photoNamesOf(record.id)) {
    const photo = await store.photo(name);
    if (!photo?.bytes) continue;
    zip.add(`photos/${photo.sha256}.jpg`, new Uint8Array(photo.bytes));
    listed.push({ sha256: photo.sha256, size: photo.size });
  }
  const text = encoder.encode(JSON.stringify({
    format: "mingchan-result-1", device: await store.deviceKey(), name: (await store.meta("name")) || "",
    account: record.account, worker: record.accountName, errand: { kind: record.kind, key: record.key, title: record.title },
    capsule: record.digest, made_at: new Date().toISOString(), skew: (await store.meta("skew")) || 0,
    events: events.map(plain), photos: listed,
  }));
  zip.add("result.json", text);
  zip.add("manifest.json", encoder.encode(JSON.stringify({ format: "mingchan-manifest-1", sha256: await sha256(text) })));
  return { blob: zip.blob(), events: events.length, photos: listed.length };
}

// Into the downloads of the phone.
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
