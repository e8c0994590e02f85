/*
 * Keeps the driver's page itself loadable in a dead spot. Made by the build: VERSION and FILES are the page's own files.
 * It never touches /api: what the server says is kept by the page, under its person, or not at all.
 */
const VERSION = "@VERSION@";
const FILES = JSON.parse('@FILES@');
const PAGE = "/driver.html";
const NAME = `songda-driver-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload", credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("songda-driver-") && name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && /^\/driver(\.html)?(\/|$)/.test(url.pathname);
  if (!isPage && !FILES.includes(url.pathname)) return;
  event.respondWith(
    caches
      .open(NAME)
      .then((cache) => cache.match(isPage ? PAGE : url.pathname))
      .then((kept) => kept ?? fetch(request)),
  );
});
