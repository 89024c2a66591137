/* Without a network: registers the worker, says what waits to be sent, and sends it when it can.
   The outbox itself is fetched only where something waits. */
(function () {
  "use strict";
  var doc = document, script = doc.currentScript.dataset, base = new URL(script.goc, location.href).href;
  var box = null, timer = 0, waits = 0, told = false;
  function all(selector) { return Array.from(doc.querySelectorAll(selector)); }
  function show(selector, on) { all(selector).forEach(function (e) { e.hidden = !on; }); }

  // --- what waits
  function peek() { // without making the database
    return new Promise(function (done) {
      if (!self.indexedDB) return done([]);
      var q = indexedDB.open("xaso", 1);
      q.onupgradeneeded = function () { q.transaction.abort(); };
      q.onerror = function () { done([]); };
      q.onsuccess = function () {
        var r = q.result.transaction("outbox").objectStore("outbox").getAll();
        r.onsuccess = function () { q.result.close(); done(r.result); };
      };
    });
  }
  async function look() {
    var items = await (box ? box.all() : peek()).catch(function () { return []; });
    items = items.filter(function (i) { return !/^(draft|sent|gone)$/.test(i.state); });
    var mine = items.filter(function (i) { return i.base === base; });
    var wrong = mine.filter(function (i) { return /^(needs_fix|conflict|auth)$/.test(i.state); }).length;
    all("[data-cho-gui]").forEach(function (e) { e.textContent = mine.length - wrong; });
    all("[data-can-sua]").forEach(function (e) { e.textContent = wrong; e.parentNode.hidden = !wrong; });
    show("[data-hop-thu]", mine.length && !doc.getElementById("hop-thu")); // the outbox page says more
    waits = items.length;
    clearTimeout(timer);
    if (!waits) return;
    if (!box) return load();
    if (!told) box.wake(); // once for every page view: browsers give up on their own after a few tries
    told = true;
    var soon = Math.min.apply(null, items.map(function (i) { return i.next_at || 0; })) - Date.now();
    timer = setTimeout(go, Math.max(1000, Math.min(60000, soon)));
  }
  function load() {
    if (self.xasoOutbox) return ready();
    var s = doc.createElement("script");
    s.src = script.may;
    s.dataset.goc = script.goc;
    s.onload = ready;
    doc.head.appendChild(s);
  }
  function ready() {
    box = self.xasoOutbox;
    if (!box.usable) return;
    box.on(look);
    look();
    go();
  }
  function go() { if (box && doc.visibilityState !== "hidden") box.drain(); }
  addEventListener("online", function () { if (box) box.fresh(); else look(); });
  addEventListener("pageshow", function (e) { if (e.persisted) look().then(go); });
  doc.addEventListener("visibilitychange", function () { if (box) go(); else look(); });
  look();
  if (self.xasoOutbox) ready();

  // Browsers give no digests on an address without encryption: then nothing is kept, and we say so.
  if (!self.crypto || !crypto.subtle) all("[data-khong-giu]").forEach(function (e) { e.textContent = e.dataset.khongGiu; });

  // --- a page kept on the phone says from when it is
  var kept = doc.documentElement.dataset.luu;
  if (kept) all("[data-ban-luu]").forEach(function (e) {
    var at = new Date(kept), lang = doc.documentElement.lang;
    e.hidden = false;
    e.querySelector("time").textContent = at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" }) + ", " + at.toLocaleDateString(lang);
  });

  // --- the worker; a new one waits while somebody writes, and takes over at once otherwise
  var workers = navigator.serviceWorker;
  if (!workers) return;
  if (!script.tho) {
    workers.getRegistration(base).then(function (r) { if (r && r.scope === base) r.unregister(); });
    return;
  }
  var asked = false;
  function offer(worker) {
    if (!workers.controller) return;
    if (!doc.querySelector("[data-dang-viet]")) return worker.postMessage("skipWaiting");
    show("[data-ban-moi]", true);
    all("[data-ban-moi] button").forEach(function (b) {
      b.onclick = function () { asked = true; worker.postMessage("skipWaiting"); };
    });
  }
  workers.addEventListener("controllerchange", function () { if (asked) location.reload(); });
  addEventListener("load", function () {
    workers.register(script.tho, { scope: base, updateViaCache: "none" }).then(function (r) {
      if (!r) return; // a browser that only pretends
      function watch(w) {
        if (w) w.addEventListener("statechange", function () { if (w.state === "installed") offer(w); });
      }
      if (r.waiting) offer(r.waiting);
      watch(r.installing);
      r.addEventListener("updatefound", function () { watch(r.installing); });
      doc.addEventListener("visibilitychange", function () { if (doc.visibilityState === "visible") r.update().catch(function () {}); });
    }, function () {});
  });
})();
