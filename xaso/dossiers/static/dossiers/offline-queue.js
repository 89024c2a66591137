/* The counter's queue: receptions wait in this browser until the server has acknowledged them.
   The page and its worker share this file; docs/rooms/dossiers-counter.md says how it speaks. */
(function (self) {
  "use strict";
  var WAITS = [5, 30, 120, 600, 1800], PIECE = 65536, OPEN = /^(queued|sending|photos)$/;
  var script = self.document && document.currentScript, home = script && script.dataset.goc || "./";
  var base = self.registration ? registration.scope : new URL(home, location.href).href;
  var radio = self.BroadcastChannel ? new BroadcastChannel("xaso-quay") : null, hear = [], opening = null;

  function open() {
    return opening || (opening = new Promise(function (done, fail) {
      var q = indexedDB.open("xaso-quay", 1);
      q.onupgradeneeded = function () {
        q.result.createObjectStore("queue", { keyPath: "id" });
        q.result.createObjectStore("blobs");
        q.result.createObjectStore("meta");
      };
      q.onsuccess = function () { q.result.onclose = function () { opening = null; }; done(q.result); };
      q.onerror = function () { opening = null; fail(q.error); };
    }));
  }
  // One transaction over everything; done once it is on the disk.
  function tx(work, write) {
    return open().then(function (db) {
      return new Promise(function (done, fail) {
        var t = db.transaction(["queue", "blobs", "meta"], write ? "readwrite" : "readonly", { durability: "strict" }), out = {};
        t.oncomplete = function () { done(out.is); };
        t.onabort = t.onerror = function () { fail(t.error || new Error("aborted")); };
        work(function (name) { return t.objectStore(name); }, out);
      });
    });
  }
  function ask(request, then) { request.onsuccess = function () { then(request.result); }; }
  function key(name) { return base + name; } // two communes of one host share the database
  function meta(name) { return tx(function (s, out) { ask(s("meta").get(key(name)), function (v) { out.is = v; }); }); }
  function setMeta(name, value) { return tx(function (s) { s("meta").put(value, key(name)); }, true); }
  function all() {
    return tx(function (s, out) {
      ask(s("queue").getAll(), function (rows) { out.is = rows.filter(function (i) { return i.base === base; }); });
    });
  }
  function get(id) { return tx(function (s, out) { ask(s("queue").get(id), function (i) { out.is = i; }); }); }
  function blob(id, sha) { return tx(function (s, out) { ask(s("blobs").get(id + "/" + sha), function (b) { out.is = b; }); }); }
  function change(id, edit) {
    return tx(function (s, out) {
      ask(s("queue").get(id), function (item) {
        if (!item) return;
        out.is = item;
        edit(item);
        s("queue").put(item);
        if (!item.body) s("blobs").delete(IDBKeyRange.bound(id + "/", id + "/\uffff"));
      });
    }, true).then(function (item) { tell(); return item; });
  }
  function tell() { if (radio) radio.postMessage(1); hear.forEach(function (f) { f(); }); }

  // The next number of this machine: on the disk before anything is printed with it, never given twice.
  function number() {
    return tx(function (s, out) {
      ask(s("meta").get(key("n")), function (n) { out.is = (n || 0) + 1; s("meta").put(out.is, key("n")); });
    }, true);
  }
  function hex(buffer) { return Array.from(new Uint8Array(buffer), function (b) { return ("0" + b.toString(16)).slice(-2); }).join(""); }
  async function sha(data) { return hex(await crypto.subtle.digest("SHA-256", data)); }
  function pack(buffer) {
    var raw = "";
    new Uint8Array(buffer).forEach(function (b) { raw += String.fromCharCode(b); });
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  // Words and photos in one transaction: both are on the disk, or neither.
  async function enqueue(machine, words, photos, about) {
    var body = JSON.stringify(words), text = new TextEncoder().encode(body);
    var mark = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, machine.pair.privateKey, text);
    var item = { id: crypto.randomUUID(), base: base, kid: machine.kid, body: body, digest: await sha(text), signature: pack(mark), code: words.code,
      title: about.title, slip: about.slip, photos: photos.map(function (p) { return { sha: p.sha, size: p.file.size, type: p.file.type, done: false }; }),
      state: "queued", attempts: 0, next_at: 0, error: "", created_at: Date.now() };
    await tx(function (s) {
      s("queue").add(item);
      photos.forEach(function (p) { s("blobs").put(p.file, item.id + "/" + p.sha); });
    }, true);
    tell();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
    return item;
  }

  var running = null, again = false;
  function drain() {
    again = true;
    running = running || (async function () {
      while (again) { again = false; await (navigator.locks ? navigator.locks.request("xaso-quay", loop) : loop()); }
    })().catch(function () {}).then(function () { running = null; tell(); });
    return running;
  }
  async function fresh() {
    for (var item of await all()) {
      if (item.state === "auth" || item.next_at) await change(item.id, function (i) { i.next_at = 0; if (i.state === "auth") i.state = i.told ? "photos" : "queued"; });
    }
    await look();
    return drain();
  }
  // Words of all first, then photos; one that fails does not hold up the next.
  async function loop() {
    for (;;) {
      var now = Date.now(), due = (await all()).filter(function (i) { return OPEN.test(i.state) && i.next_at <= now; });
      due.sort(function (a, b) { return a.created_at - b.created_at; });
      var item = due.find(function (i) { return !i.told; }) || due[0];
      if (!item) return;
      await (item.told ? sendPhoto(item) : sendWords(item));
    }
  }
  async function call(item, path, init, wait) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, wait);
    init = Object.assign({ redirect: "manual", cache: "no-store", credentials: "same-origin", signal: stop.signal }, init);
    init.headers = Object.assign({ "X-Xaso-Outbox": "1" }, init.headers);
    try {
      var r = await fetch(item.base + "nhan/" + item.id + path, init);
      if (r.type === "opaqueredirect") return { status: 401, said: {} }; // locked: the password first
      if (r.status >= 500 || r.headers.get("X-Xaso") !== "1") return { status: 0 };
      return { status: r.status, said: await r.json() };
    } catch (e) { return { status: 0 }; } finally { clearTimeout(timer); }
  }
  async function sendWords(item) {
    await change(item.id, function (i) { i.state = "sending"; });
    var body = JSON.stringify({ kid: item.kid, body: item.body, signature: item.signature, sent_at: new Date().toISOString() });
    var a = await call(item, "", { method: "PUT", body: body, headers: { "Content-Type": "application/json" } }, 30000);
    return change(item.id, function (i) { if (a.status === 200 || a.status === 201) heard(i, a.said); else usual(i, a); });
  }
  async function sendPhoto(item) {
    var photo = item.photos.find(function (p) { return !p.done; });
    var file = photo && await blob(item.id, photo.sha), at = photo && photo.have || 0;
    if (!file) return change(item.id, function (i) { i.state = "needs_fix"; i.error = "photo"; });
    var piece = file.slice(at, at + PIECE), last = at + piece.size - 1;
    var a = await call(item, "/anh/" + photo.sha, { method: "PUT", body: piece, headers: { "Content-Type": "image/jpeg", "Content-Range": "bytes " + at + "-" + last + "/" + file.size } }, 20000 + piece.size / 2);
    return change(item.id, function (i) {
      if (a.status === 200 || a.status === 202) heard(i, a.said);
      else if (a.status === 416) heard(i, a.said.receipt);
      else usual(i, a);
    });
  }
  // What the server holds now. Only what it acknowledged is called received.
  function heard(i, said) {
    i.told = true;
    i.attempts = i.next_at = 0;
    i.error = "";
    i.photos.forEach(function (p) {
      var m = said.missing.find(function (m) { return m.sha === p.sha; });
      p.done = !m;
      p.have = m ? m.have : p.size;
    });
    i.answer = { state: said.state, official: said.official, due: said.due_text, trusted: said.is_clock_trusted, unanswered: said.unanswered, why: said.why, reason: said.reason, url: said.url };
    var left = i.photos.some(function (p) { return !p.done; });
    i.state = left ? "photos" : said.state === "waiting" ? "photos" : said.state;
    // The server has everything: what was typed about people leaves this machine.
    if (!left && said.state !== "waiting") { delete i.body; delete i.signature; delete i.slip; i.title = { procedure: i.title.procedure }; i.ended_at = Date.now(); }
  }
  function usual(i, a) {
    if (a.status === 401 || a.status === 403 && a.said.code !== "unknown_device") { i.state = "auth"; i.error = a.said.detail || ""; return; }
    if (!a.status || a.status === 408 || a.status === 425 || a.status === 429) {
      i.state = i.told ? "photos" : "queued";
      i.next_at = Date.now() + WAITS[Math.min(i.attempts++, 4)] * 1000 * (0.8 + Math.random() * 0.4);
      return;
    }
    i.state = "needs_fix"; // kept, never dropped
    i.error = a.said.detail || String(a.status);
  }
  // What a human decided about what waited for one.
  async function look() {
    for (var item of await all()) {
      if (item.state !== "conflict") continue;
      var a = await call(item, "?ban=" + item.digest, {}, 15000);
      if (a.status === 200) await change(item.id, function (i) { heard(i, a.said); });
    }
  }
  function retry(id) { return change(id, function (i) { i.state = i.told ? "photos" : "queued"; i.next_at = 0; }).then(drain); }
  function forget(id) { return tx(function (s) { s("queue").delete(id); }, true).then(tell); }
  if (self.registration) self.addEventListener("sync", function (e) {
    e.waitUntil(fresh().then(all).then(function (rows) { if (rows.some(function (i) { return OPEN.test(i.state); })) throw new Error("left"); }));
  });
  self.xasoQuay = { base: base, meta: meta, setMeta: setMeta, all: all, get: get, number: number, sha: sha, enqueue: enqueue, drain: drain, fresh: fresh, retry: retry, forget: forget,
    usable: !!(self.indexedDB && self.crypto && crypto.subtle && crypto.randomUUID), on: function (f) { hear.push(f); if (radio) radio.addEventListener("message", f); } };
})(self);
