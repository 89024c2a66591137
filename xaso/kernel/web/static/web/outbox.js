/* The outbox: what people send waits on the phone until the server has acknowledged it.
   Pages and the worker share this file; docs/rooms/reports-outbox.md says how it speaks. */
(function (self) {
  "use strict";
  var WAITS = [5, 30, 120, 600, 1800, 3600], LEASE = 60000, TEXT = 30000, PHOTO = 20000;
  var OPEN = /^(queued|sending|text_sent)$/;
  var script = self.document && document.currentScript;
  var base = self.registration ? registration.scope : new URL(script.dataset.goc, location.href).href;
  var piece = 65536, opening = null, hear = [];
  var radio = self.BroadcastChannel ? new BroadcastChannel("outbox") : null;

  // --- the database: `outbox` holds items, `blobs` their photos by "id/sha", `meta` the lease.
  function open() {
    return opening || (opening = new Promise(function (done, fail) {
      var q = indexedDB.open("xaso", 1);
      q.onupgradeneeded = function () {
        q.result.createObjectStore("outbox", { keyPath: "id" });
        q.result.createObjectStore("blobs");
        q.result.createObjectStore("meta");
      };
      q.onsuccess = function () {
        q.result.onversionchange = function () { q.result.close(); };
        q.result.onclose = function () { opening = null; };
        done(q.result);
      };
      q.onerror = function () { opening = null; fail(q.error); };
    }));
  }
  // One transaction over everything; done once it is on the disk.
  function tx(work, write) {
    return open().then(function (db) {
      return new Promise(function (done, fail) {
        var t = db.transaction(["outbox", "blobs", "meta"], write ? "readwrite" : "readonly", { durability: "strict" });
        var out = {}, store = function (name) { return t.objectStore(name); };
        t.oncomplete = function () { done(out.is); };
        t.onabort = t.onerror = function () { fail(t.error || new Error("aborted")); };
        work(store, out);
      });
    });
  }
  function ask(request, then) { request.onsuccess = function () { then(request.result); }; }
  function get(id) { return tx(function (s, out) { ask(s("outbox").get(id), function (i) { out.is = i; }); }); }
  function all() { return tx(function (s, out) { ask(s("outbox").getAll(), function (i) { out.is = i; }); }); }
  function blob(key) { return tx(function (s, out) { ask(s("blobs").get(key), function (b) { out.is = b; }); }); }
  function range(id) { return IDBKeyRange.bound(id + "/", id + "/\uffff"); }
  // As one; `edit` may return false to leave it.
  function change(id, edit, fresh) {
    return tx(function (s, out) {
      ask(s("outbox").get(id), function (item) {
        out.is = item;
        if (!item && !fresh) return;
        item = item || { v: 1, id: id, photos: [], attempts: 0, next_at: 0, created_at: Date.now(), base: base };
        if (edit(item) === false) return;
        out.is = item;
        s("outbox").put(item);
      });
    }, true).then(function (item) { tell(); return item; });
  }
  function remove(id) {
    return tx(function (s) { s("outbox").delete(id); s("blobs").delete(range(id)); }, true).then(tell);
  }
  function tell() {
    if (radio) radio.postMessage(1);
    hear.forEach(function (f) { f(); });
  }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }
  async function sha(data) { return hex(await crypto.subtle.digest("SHA-256", data)); }
  // The server's canonical form: NFC, keys sorted, no blanks.
  function canon(v) {
    if (typeof v === "string") return JSON.stringify(v.normalize());
    if (Array.isArray(v)) return "[" + v.map(canon).join() + "]";
    if (!v || typeof v !== "object") return JSON.stringify(v);
    return "{" + Object.keys(v).sort().map(function (k) { return canon(k) + ":" + canon(v[k]); }).join() + "}";
  }
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 15 | 64; b[8] = b[8] & 63 | 128;
    return hex(b.buffer).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // --- photos
  async function redraw(file, side, quality) {
    var map = await createImageBitmap(file, { imageOrientation: "from-image" });
    var k = Math.min(1, side / Math.max(map.width, map.height));
    var w = Math.round(map.width * k), h = Math.round(map.height * k), c;
    if (self.OffscreenCanvas) c = new OffscreenCanvas(w, h);
    else { c = document.createElement("canvas"); c.width = w; c.height = h; }
    c.getContext("2d").drawImage(map, 0, 0, w, h);
    map.close();
    var kind = { type: "image/jpeg", quality: quality };
    var made = await (c.convertToBlob ? c.convertToBlob(kind) : new Promise(function (done) { c.toBlob(done, kind.type, quality); }));
    if (!made || made.type !== kind.type) throw new Error("no JPEG here");
    return made;
  }
  // One at a time, so that a full phone loses none that is there.
  async function keepPhoto(id, file) {
    var digest = await sha(await file.arrayBuffer()), key = id + "/" + digest;
    await tx(function (s) {
      ask(s("blobs").getKey(key), function (known) { if (!known) s("blobs").put(file, key); });
    }, true);
    return { sha: digest, size: file.size, type: file.type || "image/heic", state: "waiting", have: 0 };
  }

  // --- what pages ask for
  function draft(id, given) {
    return change(id, function (item) {
      if (item.state && item.state !== "draft" && item.state !== "needs_fix") return false;
      Object.assign(item, given, { touched_at: Date.now() });
      item.state = item.state || "draft";
    }, true);
  }
  // given: as docs/rooms/reports-outbox.md says
  async function enqueue(given) {
    var id = given.id || uuid(), photos = [], body = Object.assign({}, given.body);
    async function add(file, more) {
      var p = Object.assign(await keepPhoto(id, file), more);
      if (!photos.some(function (o) { return o.sha === p.sha; })) photos.push(p);
    }
    for (var file of given.photos || []) await add(file);
    body.photos = photos.map(function (p) { return { sha256: p.sha, bytes: p.size }; });
    for (var v of given.voices || []) {
      await add(v.file, { path: "voice" });
      body.voice = [{ sha256: photos[photos.length - 1].sha, bytes: v.file.size, seconds: v.seconds }];
    }
    var said = await sha(new TextEncoder().encode(canon(body)));
    var item = await change(id, function (item) {
      if (item.state && item.state !== "draft" && item.state !== "needs_fix") return false;
      Object.assign(item, {
        kind: given.kind || "report", of: given.of, body: body, body_hash: said, photos: photos, state: "queued", attempts: 0,
        next_at: given.later ? Date.now() + given.later : 0, last_error: "", first_put_at: null, queued_at: Date.now(), title: given.title || "",
        severity: given.severity || "", fields: given.fields, base: base
      }, given.more);
    }, true);
    // another tab sent other words under this key
    if (item.body_hash !== said) return enqueue(Object.assign({}, given, { id: uuid() }));
    if (!given.later) wake(); // a page that is left at once leaves the sending to the next
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
    return item;
  }
  function retry(id) {
    return change(id, function (item) {
      if (item.state === "needs_fix" || item.state === "auth") item.state = item.receipt ? "text_sent" : "queued";
      item.photos.forEach(function (p) { if (p.state === "bad") p.state = "waiting"; });
      item.next_at = 0;
    }).then(wake);
  }
  function leaveBad(id) {
    return change(id, function (item) {
      item.photos = item.photos.filter(function (p) { return p.state !== "bad"; });
      settle(item);
    });
  }
  function wake() {
    var ready = self.registration ? Promise.resolve(registration) : (navigator.serviceWorker || {}).ready;
    if (ready) ready.then(function (r) { return r.sync.register("outbox"); }).catch(function () {});
    return drain();
  }

  async function fresh() {
    for (var item of await all()) {
      if (item.next_at && item.last_error !== "wait") await change(item.id, function (i) { i.next_at = 0; });
    }
    return drain();
  }

  // --- one drainer at a time
  var running = null, again = false;
  function drain() {
    again = true;
    running = running || (async function () {
      while (again) { again = false; await alone(loop); }
    })().catch(function () {}).then(function () { running = null; tell(); });
    return running;
  }
  async function alone(work) {
    if (navigator.locks) return navigator.locks.request("xaso-drain", work);
    var mine = uuid();
    if (await lease(mine)) return work(function () { return lease(mine); }).finally(function () { return lease(mine, 0); });
  }
  function lease(mine, until) {
    return tx(function (s, out) {
      ask(s("meta").get("lease"), function (l) {
        out.is = !l || l.by === mine || l.until < Date.now();
        if (out.is) s("meta").put({ by: mine, until: until === 0 ? 0 : Date.now() + LEASE }, "lease");
      });
    }, true);
  }
  async function loop(renew) {
    for (;;) {
      if (typeof renew === "function" && !await renew()) return;
      var step = next(await all());
      if (!step) return;
      await (step.photo ? sendPhoto(step.item, step.photo) : sendText(step.item));
    }
  }
  // Hazards first, then the words of all, then photos, the smallest first.
  function next(items) {
    var now = Date.now(), photos = [];
    var due = items.filter(function (i) { return OPEN.test(i.state) && i.next_at <= now; });
    var words = due.filter(function (i) { return !i.receipt; }).sort(function (a, b) {
      return (b.severity === "hazard") - (a.severity === "hazard") || a.created_at - b.created_at;
    });
    if (words.length) return { item: words[0] };
    due.forEach(function (i) {
      i.photos.forEach(function (p) { if (p.state === "waiting") photos.push({ item: i, photo: p }); });
    });
    return photos.sort(function (a, b) { return a.photo.size - b.photo.size; })[0];
  }
  async function call(item, path, init, wait) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, wait);
    init = Object.assign({ redirect: "manual", cache: "no-store", credentials: "same-origin", signal: stop.signal }, init);
    init.headers = Object.assign({ "X-Xaso-Outbox": "1" }, item.head, init.headers);
    var r = null;
    try {
      r = await fetch(item.base + "api/v1/reports/" + (item.of || item.id) + path, init);
      var wait = Number(r.headers.get("Retry-After"));
      if (r.status >= 500) return { status: r.status, wait: wait }; // ours, or of the proxy before us
      // A sign-in page of some Wi-Fi answers too, but not as we do.
      if (r.headers.get("X-Xaso") !== "1") return { status: 0, why: "portal" };
      return { status: r.status, said: await r.json(), wait: wait };
    } catch (e) {
      return { status: 0, why: "net" };
    } finally { clearTimeout(timer); }
  }
  async function sendText(item) {
    await change(item.id, function (i) { i.state = "sending"; i.first_put_at = i.first_put_at || Date.now(); });
    var body = JSON.stringify(Object.assign({}, item.box ? await opened(item.box) : item.body, { sent_at: new Date().toISOString() }));
    var a = await call(item, item.way || (item.of ? "/additions/" + item.id : ""), { method: "PUT", body: body, headers: { "Content-Type": "application/json" } }, TEXT);
    return change(item.id, function (i) {
      if (a.status === 200 || a.status === 201) return received(i, a.said);
      if (a.status === 409 && a.said.receipt) { received(i, a.said.receipt); i.state = "conflict"; return; }
      usual(i, a);
    });
  }
  // What a helper wrote for others lies sealed under a key that never leaves this browser.
  async function opened(box) {
    var key = await tx(function (s, out) { ask(s("meta").get("key"), function (k) { out.is = k; }); });
    try { return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data))); } catch (e) { return {}; }
  }
  function received(i, said) {
    i.receipt = { code: said.code, track_url: said.track_url, due: said.due_text };
    i.received_at = Date.now();
    i.attempts = i.next_at = 0;
    i.last_error = "";
    delete i.fields;
    delete i.box;
    if (i.body) delete i.body.contact; // who sent it is no longer needed on a shared phone
    heard(i, said);
    settle(i);
  }
  // What the server has of each photo.
  function heard(i, said) {
    i.photos.forEach(function (p) {
      var m = said.missing.find(function (m) { return m.sha === p.sha; });
      if (m) p.have = m.have; else if (!p.own) p.state = "done";
      p.unsure = false;
    });
  }
  function settle(i) {
    var has = function (s) { return i.photos.some(function (p) { return p.state === s; }); };
    i.state = has("waiting") ? "text_sent" : has("bad") ? "needs_fix" : "sent";
  }
  function usual(i, a) {
    var s = a.status;
    if (!s || s === 408 || s === 425 || s === 429 || s >= 500) {
      i.last_error = a.why || (s === 429 ? "wait" : "server");
      i.state = i.receipt ? "text_sent" : "queued";
      var wait = a.wait || WAITS[Math.min(i.attempts, 5)] * (0.8 + Math.random() * 0.4);
      i.next_at = Date.now() + wait * 1000;
      i.attempts++;
      piece = Math.max(16384, piece / 2);
    } else if (s === 410) i.state = "gone";
    else if (s === 401 || s === 403) { i.state = "auth"; i.last_error = a.said.detail; }
    else {
      i.state = "needs_fix";
      i.first_put_at = null; // refused: the server holds nothing of it
      i.last_error = Object.values(a.said.errors || { "": [a.said.detail] }).map(function (e) { return [].concat(e).join(" "); }).join(" ");
    }
  }
  async function sendPhoto(item, photo) {
    var key = item.id + "/" + photo.sha, file = await blob(key);
    function edit(work) {
      return change(item.id, function (i) {
        var p = i.photos.find(function (p) { return p.sha === photo.sha; });
        return p && work(p, i);
      });
    }
    if (!file) return edit(function (p, i) { p.state = "bad"; settle(i); });
    if (photo.unsure) { // after a cut: the server may have more than it could say
      var r = await call(item, "", {}, TEXT);
      if (r.status !== 200 && r.status !== 404) return edit(function (p, i) { usual(i, r); });
      if (r.status === 200) return edit(function (p, i) { heard(i, r.said); settle(i); });
    }
    var at = Math.min(photo.have, file.size - 1), part = file.slice(at, at + piece), from = Date.now();
    var head = { "Content-Type": photo.type, "Content-Range": "bytes " + at + "-" + (at + part.size - 1) + "/" + file.size };
    var a = await call(item, "/" + (photo.path || "photos") + "/" + photo.sha, { method: "PUT", body: part, headers: head }, PHOTO + part.size / 2);
    if (a.status === 202 && Date.now() - from < 2000) piece = Math.min(1 << 20, piece * 2);
    if (a.status === 413 || a.status === 415 || a.status === 422) return mend(item, photo, file, a, edit);
    var after = await edit(function (p, i) {
      if (a.status === 200 || a.status === 201) p.state = "done";
      else if (a.status === 202) p.have = at + part.size;
      else if (a.status === 416) p.have = ((a.said.receipt.missing.find(function (m) { return m.sha === p.sha; })) || { have: 0 }).have;
      else if (a.status === 404 && !i.again) { i.again = true; i.receipt = null; i.state = "queued"; return; }
      else { p.unsure = true; return usual(i, a); }
      i.attempts = 0;
      i.last_error = "";
      settle(i);
    });
    if (a.status === 200 || a.status === 201) await tx(function (s) { s("blobs").delete(key); }, true);
    return after;
  }
  async function mend(item, photo, file, a, edit) {
    var made = file;
    if (!photo.mended) {
      try { if (a.status !== 422) made = await redraw(file, 1024, 0.5); } catch (e) { made = null; }
    }
    if (photo.mended || !made) {
      return edit(function (p, i) { p.state = "bad"; i.last_error = a.said.detail; settle(i); });
    }
    var kept = await keepPhoto(item.id, made);
    return edit(function (p) { Object.assign(p, kept, { mended: true, own: kept.sha !== p.sha }); });
  }

  self.xasoOutbox = {
    base: base, uuid: uuid, get: get, all: all, blob: blob, change: change, remove: remove, draft: draft,
    keepPhoto: keepPhoto, redraw: redraw, enqueue: enqueue, retry: retry, leaveBad: leaveBad, wake: wake, fresh: fresh,
    drain: drain, tx: tx, ask: ask, range: range,
    usable: !!(self.indexedDB && self.crypto && crypto.subtle && self.fetch && self.AbortController),
    on: function (f) { hear.push(f); if (radio) radio.addEventListener("message", f); }
  };
})(self);
