// Lets the day page open where there is no network: the last one that was read, and nothing else.
// It goes when somebody signs out, is signed out, or the day is over. Tokens are not kept.

const SHELF = "day-page";
const PAGE = "/work/today";
const KEPT_MS = 16 * 60 * 60 * 1000;

async function read(request) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic") await keep(shelf, request, answer.clone());
    else if (request.mode === "navigate") await caches.delete(SHELF); // signed out, or not for them
    return answer;
  } catch (failure) {
    const kept = await shelf.match(nameOf(request));
    if (kept && Date.now() - Number(kept.headers.get("X-Kept")) < KEPT_MS) return kept;
    await caches.delete(SHELF);
    throw failure;
  }
}

async function keep(shelf, request, answer) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept", String(Date.now()));
  if (request.mode !== "navigate") {
    await shelf.put(nameOf(request), new Response(await answer.blob(), { headers }));
    return;
  }
  const page = await answer.text();
  const without = page.replace(/(name="csrf_token" value=")[^"]*/g, "$1");
  await shelf.put(PAGE, new Response(without, { headers }));
}

function nameOf(request) {
  return request.mode === "navigate" ? PAGE : request.url;
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && address.pathname === PAGE;
  const isPart = address.pathname.startsWith("/static/") || address.pathname.endsWith("/theme.css");
  if (isPage || isPart) event.respondWith(read(request));
});
