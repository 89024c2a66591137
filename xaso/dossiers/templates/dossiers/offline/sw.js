/* The worker of the counter without a network: its page and files from this machine, the queue by itself. */
importScripts("{{ queue|escapejs }}");
(function () {
  "use strict";
  var PAGE = "{{ page|escapejs }}", FILES = {{ files|safe }}, NAME = "xaso-quay " + PAGE + " ", KEPT = NAME + "{{ build }}";
  async function keep(cache, url, isPage) {
    var r = await fetch(url, { cache: isPage ? "no-store" : "default", credentials: "same-origin" });
    if (!r.ok || r.redirected || isPage && r.headers.get("X-Xaso") !== "1") throw new Error(url);
    await cache.put(url, r);
  }
  self.addEventListener("install", function (e) {
    e.waitUntil(caches.open(KEPT).then(function (cache) {
      return Promise.all([keep(cache, PAGE, true)].concat(FILES.map(function (u) { return keep(cache, u); })));
    }).then(function () { return skipWaiting(); }));
  });
  self.addEventListener("activate", function (e) {
    e.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.map(function (n) { return n.indexOf(NAME) === 0 && n !== KEPT && caches.delete(n); }));
    }).then(function () { return clients.claim(); }));
  });
  // Network first, so that a signed-out browser is asked to sign in; the kept page when it is cut.
  async function page(request) {
    var cache = await caches.open(KEPT), late = new Promise(function (done) { setTimeout(done, 3000); });
    try {
      var r = await Promise.race([fetch(request), late]);
      if (r && r.status < 500) return r;
    } catch (e) { /* the cable is cut */ }
    return await cache.match(PAGE) || Response.error();
  }
  self.addEventListener("fetch", function (e) {
    var url = new URL(e.request.url);
    if (e.request.method !== "GET" || url.origin !== location.origin) return;
    if (e.request.mode === "navigate" && url.pathname === PAGE) return e.respondWith(page(e.request));
    if (FILES.indexOf(url.pathname) < 0) return;
    e.respondWith(caches.open(KEPT).then(function (c) { return c.match(url.pathname); }).then(function (r) { return r || fetch(e.request); }));
  });
})();
