/* The form without a network: it saves itself while one writes, and sends through the outbox. */
(function () {
  "use strict";
  var box = self.xasoOutbox, doc = document, form = doc.querySelector("form[data-hop-thu-gui]");
  if (!box || !box.usable || !form || !self.DataTransfer || form.querySelector("[aria-invalid=true], .note--do")) return;
  var near = JSON.parse(doc.getElementById("cac-ban").textContent);
  var free = JSON.parse(doc.getElementById("khong-can-cho").textContent);
  var asked = new URLSearchParams(location.search), id = box.uuid(), kept = [], timer = 0, busy = false, keeping = Promise.resolve();
  var began = Date.now(); // the same in every tab that writes this report: its words decide if it is another
  var SKIP = /^(uuid|csrfmiddlewaretoken|da_hoi|giu|tieng-giu|bo_anh|anh|chup|da_xem|gui_anh)$/;

  // The scripts of photos, place and voice: before anything is handed to them.
  function later() { return self.xasoSau ? self.xasoSau() : Promise.resolve(); }
  function note(name, on) { doc.querySelectorAll("[data-bao=" + name + "]").forEach(function (e) { e.hidden = on === false; }); }
  function fields() {
    var out = {};
    new FormData(form).forEach(function (v, k) {
      if (typeof v === "string" && v && !SKIP.test(k)) out[k] = out[k] && k.indexOf("answers.") === 0 ? out[k] + "," + v : v;
    });
    return out;
  }
  function fill(saved) {
    Object.keys(saved || {}).forEach(function (name) {
      var e = form.elements[name];
      if (!e) return;
      if (name.indexOf("answers.") === 0 && !e.tagName) return e.forEach(function (o) { // radios, ticks
        o.checked = saved[name].split(",").indexOf(o.value) >= 0;
      });
      if (e.type === "checkbox") e.checked = e.value === saved[name]; else e.value = saved[name];
    });
    var v = saved && near.find(function (v) { return v.code === saved.village_code; });
    if (v) form.elements.village.value = v.id;
  }
  function title(f) {
    var kind = form.querySelector("[name=category]:checked");
    return (f.text || (kind ? kind.closest("label").innerText : "")).trim().slice(0, 80);
  }
  function isEmpty(f) { return !kept.length && !f.text && !f.category && !f.landmark && !f.phone && !f.name; }

  // --- it saves itself
  function save() {
    clearTimeout(timer);
    form.dataset.dangViet = "";
    timer = setTimeout(write, 400);
  }
  async function write() {
    var f = fields();
    if (busy || isEmpty(f)) return;
    try { await box.draft(id, { kind: "report", base: box.base, created_at: began, fields: f, photos: kept, title: title(f) }); }
    catch (e) { note("day"); }
  }
  // Photos one after the other; a phone that is full keeps the words and says which photo it left.
  function keep() {
    keeping = keeping.then(async function () {
      var files = Array.from(form.elements.anh.files), full = false;
      kept = [];
      for (var f of files) {
        try { kept.push(await box.keepPhoto(id, f)); } catch (e) { full = true; }
      }
      for (var v of voices()) {
        try { kept.push(Object.assign(await box.keepPhoto(id, v.file), { path: "voice" })); } catch (e) { full = true; }
      }
      note("day", full);
      save();
    });
  }
  // What was spoken instead of written.
  function voices() {
    var input = form.elements.tieng, length = form.elements["tieng-giay"];
    return Array.from(input ? input.files : []).map(function (f) {
      return { file: f, seconds: Math.min(120, Math.round(length && length.value) || 0) };
    });
  }
  function speak(file) {
    var input = form.elements.tieng, heard = form.querySelector("[data-thu-am] audio"), given = new DataTransfer();
    if (!input) return;
    given.items.add(file);
    input.files = given.files;
    if (heard) { heard.src = URL.createObjectURL(file); heard.hidden = false; }
  }
  function back(files) { form.dispatchEvent(new CustomEvent("dat-lai", { detail: files })); }
  async function start() {
    var items = await box.all(), want = asked.get("sua");
    var old = items.find(function (i) {
      if (want) return i.id === want && /^(draft|queued|needs_fix)$/.test(i.state) && !i.receipt && !i.first_put_at;
      return i.state === "draft" && i.base === box.base && i.kind === "report";
    });
    if (old) {
      // Taken back from the queue while it is mended, unless it left this very moment.
      old = await box.change(old.id, function (i) {
        if (i.state === "queued" && i.first_put_at) return false;
        if (i.state === "queued") i.state = "draft";
      });
      id = old.id;
      began = old.created_at;
      fill(old.fields);
      ask(old.fields);
      var files = [];
      for (var p of old.photos) {
        var b = await box.blob(id + "/" + p.sha);
        if (b && p.path) speak(new File([b], "ghi-am." + p.type.split("/")[1], { type: p.type }));
        else if (b) files.push(new File([b], p.sha.slice(0, 8) + ".jpg", { type: p.type }));
      }
      if (files.length) { await later(); back(files); }
      note("mo-lai");
    }
    form.elements.uuid.value = id;
    var kind = asked.get("loai");
    if (kind && form.elements.category) { form.elements.category.value = kind; ask(); }
    await box.tx(function (s, out) { // what another program shared with us
      box.ask(s("blobs").getAll(box.range("share")), function (found) { out.is = found; });
      s("blobs").delete(box.range("share"));
    }, true).then(async function (found) { if (found.length) await later(); return found; }).then(function (found) { if (found.length) form.dispatchEvent(new CustomEvent("them-anh", { detail: found })); });
  }
  form.addEventListener("input", save);
  form.addEventListener("change", function (e) { if (e.target.name === "tieng") keep(); else save(); });
  form.addEventListener("anh-doi", keep);
  addEventListener("pagehide", write);
  doc.querySelectorAll("[data-viet-moi]").forEach(function (b) {
    b.addEventListener("click", async function () {
      busy = true;
      await box.remove(id);
      location.replace(location.pathname);
    });
  });
  if (/Zalo|FBAN|FBAV/.test(navigator.userAgent)) note("trong-app");

  // --- what the commune asks about this kind of matter
  var asks = doc.querySelector("[data-hoi]"), sheet;
  async function ask(saved) {
    var code = (form.querySelector("[name=category]:checked") || {}).value || "";
    if (!asks || asks.dataset.cua === code) return;
    asks.dataset.cua = code;
    sheet = sheet || fetch(asks.dataset.hoi).then(function (r) { return r.ok ? r.text() : ""; });
    var text = await sheet.catch(function () { sheet = null; return ""; });
    var all = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-cua]");
    var own = Array.from(all).find(function (e) { return e.dataset.cua === code; });
    if (asks.dataset.cua !== code) return; // another kind was chosen meanwhile
    asks.replaceChildren.apply(asks, own ? Array.from(doc.importNode(own, true).childNodes) : []);
    if (saved) fill(saved);
  }
  function open(e) { // a box that must be filled and is not
    var group = e.type === "radio" && form.elements[e.name];
    return e.required && !(group ? group.value : (e.value || "").trim());
  }
  form.addEventListener("change", function (e) { if (e.target.name === "category") ask(); });

  // --- the same rules as the server's
  function faults(f, body) {
    var out = [], phone = (f.phone || "").replace(/\D/g, "");
    if (!kept.length && !(f.text || "").trim()) out.push("text");
    if (new TextEncoder().encode(JSON.stringify(body)).length > 7900) out.push("long");
    if (!f.category) out.push("category");
    if (free.indexOf(f.category) < 0 && !f.lat && !f.village && !(f.landmark || "").trim()) out.push("place");
    if (asks && Array.from(asks.querySelectorAll("input,select,textarea")).some(open)) out.push("asked");
    if (f.phone && (phone.length < 9 || phone.length > 12)) out.push("phone");
    return out;
  }
  function complain(names) {
    doc.querySelectorAll("[data-loi]").forEach(function (e) { e.hidden = names.indexOf(e.dataset.loi) < 0; });
    if (!names.length) return false;
    var first = doc.querySelector("[data-loi]:not([hidden])"), section = first.closest("section");
    if (location.hash === "#" + section.id) first.scrollIntoView({ block: "center" }); else location.hash = section.id;
    return true;
  }
  function body(f) {
    var v = near.find(function (v) { return String(v.id) === f.village; }), answers = {};
    Object.keys(f).forEach(function (k) { if (k.indexOf("answers.") === 0) answers[k.slice(8)] = f[k]; });
    var place = { village: v ? v.code : "", landmark: (f.landmark || "").trim(), source: f.lat ? "gps" : v ? "village" : "none" };
    if (f.lat) { place.lat = Number(f.lat); place.lon = Number(f.lon); place.accuracy = Number(f.accuracy) || 0; }
    return {
      v: 1, category: f.category, text: (f.text || "").trim(), place: place, lang: "vie", answers: answers,
      contact: { name: (f.name || "").trim(), phone: (f.phone || "").trim(), anonymous: !!f.anonymous }, captured_at: new Date(began).toISOString()
    };
  }
  form.addEventListener("submit", async function (e) {
    e.preventDefault();
    if (busy) return;
    busy = true;
    await later();
    while (form.hasAttribute("aria-busy")) await new Promise(function (go) { setTimeout(go, 50); });
    await keeping;
    var f = fields(), said = body(f);
    if (complain(faults(f, said))) { busy = false; return; }
    form.setAttribute("aria-busy", "true");
    try {
      var item = await box.enqueue({
        id: id, kind: "report", body: said, photos: Array.from(form.elements.anh.files), voices: voices(), fields: f, title: title(f),
        severity: /^HAZARD/.test(f.category) ? "hazard" : "", later: 3000
      });
      location.href = form.dataset.hopThuGui + "?moi=" + item.id;
    } catch (x) {
      busy = false;
      form.removeAttribute("aria-busy");
      note("day");
      location.hash = "chup";
    }
  });
  form.addEventListener("input", function () { doc.querySelectorAll("[data-loi]").forEach(function (e) { e.hidden = true; }); });
  start().catch(function () {});
})();
