// Keeps the shell on the device, so that it opens with no signal.
//
// One cache per build, filled whole or not at all. A new build is installed beside the old one and waits until the
// page says that the person wants it. Records are never here: they lie in the device's own database.

const BUILD = "__BUILD__";
const FILES = ["__FILES__"];
const PREFIX = "shell-";
const CACHE = PREFIX + BUILD;
// The build before this one stays, for a second window that still shows it.
const BUILDS_KEPT = 2;

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === "GET";
  // Answers of the service are records and may never come from a cache.
  if (!ours || isService(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(shell(request));
  } else {
    event.respondWith(fromAnyBuild(request));
  }
});

function isService(path) {
  return ["/api", "/healthz", "/readyz", "/metrics"].some((root) => path === root || path.startsWith(root + "/"));
}

async function fill() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: half of an old build would be worse than none.
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
}

async function dropOldBuilds() {
  // In the order in which they were made.
  const shells = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = shells.slice(0, Math.max(0, shells.length - (BUILDS_KEPT - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function shell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match("/index.html")) ?? fetch(request);
}

async function fromAnyBuild(request) {
  const own = await caches.open(CACHE);
  return (await own.match(request)) ?? (await caches.match(request)) ?? fetch(request);
}
