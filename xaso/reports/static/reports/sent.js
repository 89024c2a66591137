/* The outbox page: each thing sent or waiting, in words; nothing is called received before it is. */
(function () {
  "use strict";
  var box = self.xasoOutbox, doc = document, list = doc.getElementById("hop-thu");
  if (!box || !box.usable) { doc.getElementById("khong-duoc").hidden = false; return; }
  var isNew = new URLSearchParams(location.search).get("moi"), drawn = "", old = 24 * 3600 * 1000;
  var pictures = {};

  function code(text) { return String(text).replace(/(\d{3})(?=\d)/g, "$1\u00a0"); }
  function put(root, name, text) { root.querySelectorAll("[data-" + name + "]").forEach(function (e) { e.textContent = text; }); }
  function words(name) { return doc.getElementById("loi-" + name).textContent; }
  function photos(item) {
    var all = item.photos.filter(function (p) { return !p.path; });
    return { all: all.length, done: all.filter(function (p) { return p.state === "done"; }).length };
  }
  function about(item) {
    var p = photos(item), said = [];
    if (item.state === "text_sent" && p.all) said.push(words("anh").replace("{d}", p.done).replace("{a}", p.all));
    else if (p.all && /queued|draft|sending/.test(item.state)) said.push(words("co-anh").replace("{a}", p.all).replace("{k}", Math.ceil(item.photos.reduce(function (s, p) { return s + p.size; }, 0) / 1024)));
    if (/queued|text_sent/.test(item.state) && { net: 1, portal: 1, server: 1, wait: 1 }[item.last_error]) said.push(words(item.last_error));
    if (/needs_fix|auth/.test(item.state) && item.last_error) said.push(item.last_error);
    if (item.state === "sent" && item.receipt.due) said.push(words("hen").replace("{h}", item.receipt.due));
    return said.join(" ");
  }
  function share(item) { // of the photos' bytes, what has arrived
    var all = 0, have = 0;
    item.photos.forEach(function (p) { all += p.size; have += p.state === "done" ? p.size : p.have || 0; });
    return all ? Math.round(100 * have / all) : 0;
  }
  function row(item) {
    var one = doc.getElementById("tt-" + item.state).content.firstElementChild.cloneNode(true);
    one.dataset.id = item.id;
    put(one, "ten", item.title || words("khong-ten"));
    put(one, "ma", item.receipt ? code(item.receipt.code) : "");
    put(one, "them", about(item));
    var bar = one.querySelector(".bar");
    if (bar) { bar.style.setProperty("--v", share(item) + "%"); bar.setAttribute("aria-valuenow", share(item)); }
    one.querySelectorAll("[data-viec]").forEach(function (b) {
      var act = b.dataset.viec;
      if (act === "see") b.href = item.receipt.track_url;
      if (act === "slip") b.href = item.receipt.track_url + "giay-hen/";
      if (act === "go_on" || act === "mend") {
        b.href = list.dataset.form + "?sua=" + item.id;
        // Two taps are not mended in the long form.
        b.hidden = !!item.way || !!item.receipt || !!item.first_put_at || item.severity === "hazard" && !item.body.text; // what the server may hold is changed no more
      }
      if (act === "add" || act === "follow") b.hidden = !!item.of || !!item.way;
      if (act === "without") b.hidden = !item.photos.some(function (p) { return p.state === "bad"; });
      if (b.tagName === "BUTTON") b.addEventListener("click", function () { acts[act](item, b); });
    });
    picture(one.querySelector("img"), item);
    same(one, item);
    return one;
  }
  async function picture(img, item) {
    var first = item.photos.find(function (p) { return !p.path; }), key = first && item.id + "/" + first.sha;
    if (!key) return;
    var b = pictures[key] || await box.blob(key);
    if (!b) return;
    pictures[key] = b;
    img.onload = function () { URL.revokeObjectURL(img.src); };
    img.src = URL.createObjectURL(b);
    img.hidden = false;
  }
  function isDanger(item) { return item.severity === "hazard" && !item.receipt && !/draft|gone/.test(item.state); }
  // The text that joins what was sent by SMS to what waits here: kind, place, first letters of its key.
  function joined(item) {
    var p = item.body.place || {};
    return ["NGUYHIEM", item.body.category.replace("HAZARD-", ""), p.lat ? p.lat.toFixed(5) + "," + p.lon.toFixed(5) : "", item.id.slice(0, 8)].filter(Boolean).join(" ");
  }
  function top(item, danger) {
    var name = danger ? "danger" : item && (item.receipt ? item.severity === "hazard" ? "rings" : "received" : "kept");
    doc.querySelectorAll("[data-moi]").forEach(function (e) { e.hidden = e.dataset.moi !== name; });
    if (danger) doc.querySelectorAll("[data-tin]").forEach(function (a) { a.href = "sms:" + a.dataset.tin + "?body=" + encodeURIComponent(joined(danger)); });
    else if (item && item.receipt) {
      var card = doc.querySelector("[data-moi=" + name + "]");
      put(card, "ma", code(item.receipt.code));
      put(card, "hen", item.receipt.due || "");
      card.querySelector("[data-viec=see]").href = item.receipt.track_url;
      var slip = card.querySelector("[data-viec=slip]");
      if (slip) slip.href = item.receipt.track_url + "giay-hen/";
    }
  }
  // What waited was not compared while it was written: now there is a network.
  async function compare(item) {
    if (item.compared || !item.receipt || item.of || item.severity === "hazard" || item.received_at - item.queued_at < 30000) return;
    try {
      var r = await fetch(item.base + "api/v1/reports/" + item.id + "/alike", { headers: { "X-Xaso-Outbox": "1" } });
      var found = r.ok ? (await r.json()).items : [];
      if (r.status < 500) await box.change(item.id, function (i) { i.compared = true; i.alike = found; });
    } catch (e) { /* with the next visit */ }
  }
  function same(one, item) {
    var part = one.querySelector("[data-giong]"), first = part && (item.alike || [])[0];
    if (!first) return;
    part.hidden = false;
    put(part, "viec-kia", first.title);
    part.querySelector("a").href = first.url;
  }
  async function draw() {
    var items = (await box.all()).filter(function (i) { return i.base === box.base; });
    items.sort(function (a, b) { return b.created_at - a.created_at; });
    var look = JSON.stringify(items.map(function (i) { return [i.id, i.state, i.last_error, i.photos, i.receipt, i.first_put_at, i.alike]; }));
    if (look === drawn) return;
    drawn = look;
    top(items.find(function (i) { return i.id === isNew; }), items.find(isDanger));
    list.textContent = "";
    items.forEach(function (i) { list.appendChild(row(i)); });
    list.hidden = !items.length;
    doc.getElementById("trong").hidden = !!items.length;
    var waits = items.filter(function (i) { return !/draft|sent|gone/.test(i.state) || i.state === "text_sent"; });
    items.forEach(compare);
    doc.getElementById("chung").hidden = !waits.length;
    doc.getElementById("lau").hidden = !waits.some(function (i) { return Date.now() - i.created_at > old; });
  }
  var acts = {
    now: function (i) { box.retry(i.id); },
    again: function (i) { box.retry(i.id); },
    without: function (i) { box.leaveBad(i.id); },
    drop: function (i, b) { // a second tap, so that no slip of the finger loses anything
      if (b.dataset.chac) return box.remove(i.id);
      b.dataset.chac = "1";
      b.lastChild.textContent = words(i.first_put_at && !i.receipt ? "chac-co-the" : "chac");
    },
    // Words and photos added to what the commune has, with or without a network.
    add: function (i) {
      more.hidden = false;
      more.dataset.cua = i.id;
      put(more, "ma", code(i.receipt.code));
      more.elements.them.focus();
      more.scrollIntoView({ block: "center" });
    },
    // What was changed after the first sending is added to the report the commune has.
    follow: async function (i) {
      var files = [], b = i.body;
      for (var photo of i.photos) {
        var file = photo.state !== "done" && !photo.path && await box.blob(i.id + "/" + photo.sha);
        if (file) files.push(file);
      }
      await box.enqueue({ kind: "followup", of: i.id, photos: files, title: i.title, body: { v: 1, text: b.text },
        fields: { category: b.category, text: words("bo-sung").replace("{m}", code(i.receipt.code)) + " " + b.text } });
      await box.change(i.id, function (i) { i.state = "sent"; i.photos = []; });
    }
  };
  // --- out to a memory card, to be read in at the counter under the same keys
  async function card() {
    var out = [];
    for (var i of await box.all()) {
      if (i.base !== box.base || /^(draft|sent|gone)$/.test(i.state) || i.of || i.way) continue; // an addition needs its report, a helper's word its phone
      var one = { id: i.id, kind: i.kind, title: i.title, created_at: i.created_at, body: i.body, photos: [] };
      for (var p of i.photos) {
        var file = await box.blob(i.id + "/" + p.sha);
        if (file) one.photos.push({ sha: p.sha, path: p.path || "photos", type: p.type, size: p.size, data: await text(file) });
      }
      out.push(one);
    }
    var made = new Blob([JSON.stringify({ format: "xaso-outbox", v: 1, base: box.base, items: out })], { type: "application/json" });
    var a = doc.createElement("a");
    a.href = URL.createObjectURL(made);
    a.download = "phan-anh-" + new Date().toISOString().slice(0, 10) + ".xaso.json";
    a.click();
    setTimeout(function () { URL.revokeObjectURL(a.href); }, 60000);
  }
  function text(file) {
    return new Promise(function (done, fail) {
      var r = new FileReader();
      r.onload = function () { done(r.result.slice(r.result.indexOf(",") + 1)); };
      r.onerror = function () { fail(r.error); };
      r.readAsDataURL(file);
    });
  }
  async function small(file) {
    try { return await box.redraw(file, 1280, 0.6); } catch (e) { return file; }
  }
  var more = doc.getElementById("bo-sung"), adding = false;
  more.addEventListener("submit", async function (e) {
    e.preventDefault();
    var text = more.elements.them.value.trim(), photos = [];
    if (adding || !text && !more.elements.anh.files.length) return more.elements.them.focus();
    adding = true;
    for (var f of Array.from(more.elements.anh.files).slice(0, 6)) photos.push(await small(f));
    try {
      await box.enqueue({ kind: "followup", of: more.dataset.cua, photos: photos, title: text.slice(0, 80), body: { v: 1, text: text } });
      more.reset();
      more.hidden = true;
    } catch (x) { more.querySelector("[data-day]").hidden = false; }
    adding = false;
  });
  doc.getElementById("gui-het").addEventListener("click", box.fresh);
  doc.getElementById("the-nho").addEventListener("click", card);
  box.on(draw);
  draw().then(box.fresh);
})();
