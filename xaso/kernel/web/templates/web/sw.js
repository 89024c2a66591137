{% load static %}/* The worker of one commune's pages: they open without a network, and the outbox sends itself. */
importScripts("{% static "web/outbox.js" %}");
{% if push %}self.xasoPush = {{ push|safe }};
importScripts("{% static "web/pushed.js" %}");
{% endif %}(function () {
  "use strict";
  var ROOT = "{{ root|escapejs }}", NAME = "xaso " + ROOT + " ", KEPT = NAME + "{{ build }}";
  var PAGES = NAME + "pages", PICTURES = NAME + "pictures", box = self.xasoOutbox;
  var SHELLS = {{ shells|safe }}, FILES = {{ files|safe }}, SHARE = "{{ share|escapejs }}", SWITCH = "{{ switch|escapejs }}";
  // Officials' pages, programs' doors, live pages: never kept.
  var NEVER = /^(can-bo|api|open311|epcis|ogc|ioc|dang-nhap|dang-xuat|tai-khoan|live)(\/|$)/;
  var HASHED = /\.[0-9a-f]{12}\.\w+$/, MOST_PAGES = 60, MOST_PICTURES = 40, PICTURE = 390000; // 40 x 390 kB = 15 MB

  // Ours, and no sign-in page of a hotel's network.
  function ours(r) { return r.ok && r.type === "basic" && !r.redirected && r.headers.get("X-Xaso") === "1"; }
  function isPublic(r) { return /public/.test(r.headers.get("Cache-Control")); }
  async function keep(cache, url, mode) {
    var r = await fetch(url, { cache: mode, credentials: "same-origin" });
    if (mode === "default" ? !r.ok || /html/.test(r.headers.get("Content-Type")) : !ours(r)) throw new Error(url);
    await cache.put(url, r);
  }
  async function refresh() {
    var cache = await caches.open(KEPT);
    await Promise.all(Object.values(SHELLS).map(function (url) { return keep(cache, url, "no-cache").catch(function () {}); }));
  }
  async function trim(name, most) {
    var cache = await caches.open(name), keys = await cache.keys();
    for (var k of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(k);
  }
  async function put(name, key, r, most) {
    var cache = await caches.open(name);
    await cache.delete(key);
    await cache.put(key, r);
    await trim(name, most);
  }
  function late() { return new Promise(function (done) { setTimeout(done, 3000); }); }

  self.addEventListener("install", function (e) {
    e.waitUntil(caches.open(KEPT).then(function (cache) {
      return Promise.all(Object.values(SHELLS).map(function (u) { return keep(cache, u, "reload"); })
        .concat(FILES.map(function (u) { return keep(cache, u, "default"); })));
    }));
  });
  self.addEventListener("activate", function (e) {
    e.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.map(function (n) {
        return n.indexOf(NAME) === 0 && n !== KEPT && n !== PAGES && n !== PICTURES && caches.delete(n);
      }));
    }).then(function () { return clients.claim(); }));
  });
  self.addEventListener("message", function (e) { if (e.data === "skipWaiting") skipWaiting(); });
  self.addEventListener("sync", function (e) {
    e.waitUntil(box.fresh().then(box.all).then(function (items) {
      // The browser tries again later when something is left.
      if (items.some(function (i) { return /^(queued|sending|text_sent)$/.test(i.state); })) throw new Error("left");
    }));
  });

  // A page as it was kept, with the moment it was.
  async function stamped(r) {
    var at = new Date(r.headers.get("Date") || Date.now()).toISOString(), head = new Headers(r.headers);
    head.delete("Content-Encoding");
    head.delete("Content-Length");
    return new Response((await r.text()).replace("<html", '<html data-luu="' + at + '"'), { headers: head });
  }
  async function page(e, path) {
    var kept = await caches.open(KEPT), shell = path in SHELLS && await kept.match(SHELLS[path]);
    if (shell && path !== ROOT) {
      e.waitUntil(keep(kept, SHELLS[path], "no-cache").catch(function () {}));
      return shell;
    }
    var key = path === ROOT ? ROOT : e.request.url, answer = null;
    var net = fetch(e.request).then(function (r) {
      if (ours(r) && isPublic(r)) e.waitUntil(put(PAGES, key, r.clone(), MOST_PAGES));
      return r;
    });
    e.waitUntil(net.catch(function () {}));
    try { answer = await Promise.race([net, late()]); } catch (x) { answer = null; }
    if (answer && answer.status < 500) return answer;
    var saved = await (await caches.open(PAGES)).match(key) || path === ROOT && await kept.match(ROOT);
    if (saved) return stamped(saved);
    try { return answer || await net; } catch (x) { return kept.match("{{ offline|escapejs }}"); }
  }
  async function file(request) {
    var kept = await caches.open(KEPT), found = await kept.match(request);
    if (found) return found;
    var r = await fetch(request);
    if (r.ok && HASHED.test(r.url) && !/html/.test(r.headers.get("Content-Type"))) kept.put(request, r.clone());
    return r;
  }
  async function picture(e) {
    var found = await (await caches.open(PICTURES)).match(e.request), r = found || await fetch(e.request);
    if (ours(r) && isPublic(r) && Number(r.headers.get("Content-Length") || PICTURE) <= PICTURE) e.waitUntil(put(PICTURES, e.request, r.clone(), MOST_PICTURES));
    return r;
  }
  // Photos from the gallery: into the form's box, then to the form.
  async function share(e) {
    var given = (await e.request.formData()).getAll("anh");
    await box.tx(function (s) { given.forEach(function (f, n) { s("blobs").put(f, "share/" + n); }); }, true);
    return Response.redirect("{{ form|escapejs }}", 303);
  }
  // Another language: the kept forms are of the old one.
  async function changed(e) {
    var r = await fetch(e.request), cache = await caches.open(KEPT);
    for (var url of Object.values(SHELLS)) if (url !== ROOT) await cache.delete(url);
    e.waitUntil(refresh());
    return r;
  }
  self.addEventListener("fetch", function (e) {
    var r = e.request, url = new URL(r.url), path = url.pathname;
    if (url.origin !== location.origin || r.headers.has("range")) return;
    if (r.method === "POST" && path === SHARE) return e.respondWith(share(e));
    if (r.method === "POST" && path === SWITCH) return e.respondWith(changed(e));
    if (r.method !== "GET") return;
    if (/^(style|script|font)$/.test(r.destination) || HASHED.test(path)) return e.respondWith(file(r));
    if (path.indexOf(ROOT) !== 0 || NEVER.test(path.slice(ROOT.length))) return;
    if (r.mode === "navigate") e.respondWith(page(e, path));
    else if (r.destination === "image") e.respondWith(picture(e));
  });
})();
