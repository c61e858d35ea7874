// Keeps the program of the field for days without a signal. One cache is one version: it is filled whole, every file
// by its digest, or not at all. A new version waits until the person asks for it.
"use strict";

const NAME = "mingchan-field-%NAME%";
const KEPT = new Map(%KEPT%);

async function keep(cache, address, digest) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("not there: " + address);
  const body = await answer.clone().arrayBuffer();
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const found = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== digest) throw new Error("another version: " + address);
  await cache.put(address, answer);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    try {
      for (const [address, digest] of KEPT) await keep(cache, address, digest);
    } catch (error) {
      await caches.delete(NAME);
      throw error;
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("mingchan-field-") && name !== NAME) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin || !KEPT.has(address.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(address.pathname)) || fetch(event.request);
  })());
});
