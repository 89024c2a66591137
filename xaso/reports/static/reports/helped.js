/* A helper's phone: joined once, it seals what is written for others and sends it through the outbox. */
(function () {
  "use strict";
  var box = self.xasoOutbox, doc = document, form = doc.getElementById("form-gui-ho"), given = doc.getElementById("ma-may");
  function show(id) { var e = doc.getElementById(id); if (e) e.hidden = false; }
  if (!box || !box.usable) { show("khong-duoc"); show("chua-noi"); return; }
  var NAME = "helper " + box.base;
  function kept(name) { return box.tx(function (s, out) { box.ask(s("meta").get(name), function (v) { out.is = v; }); }); }

  // --- joined: token and key into the phone, and what this person wrote before goes on
  async function join(told) {
    var key = await kept("key") || await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await box.tx(function (s) { s("meta").put(key, "key"); s("meta").put(told, NAME); }, true);
    for (var item of await box.all()) {
      if (!item.way || item.base !== box.base || item.who !== told.who) continue;
      await box.change(item.id, function (i) {
        i.head = head(told);
        if (i.state === "auth") { i.state = i.receipt ? "text_sent" : "queued"; i.next_at = 0; }
      });
    }
    show("da-noi");
    box.wake();
  }
  function head(told) { return { "X-Xaso-Helper": told.token }; }
  if (given) {
    var told = JSON.parse(given.textContent);
    given.remove();
    join(told).catch(function () { show("khong-duoc"); });
  }
  if (!form) return;

  // --- the form
  var near = JSON.parse(doc.getElementById("cac-ban").textContent), free = JSON.parse(doc.getElementById("khong-can-cho").textContent);
  var began = Date.now(), mine = null, busy = false;
  kept(NAME).then(function (told) {
    mine = told;
    if (!told) return show("chua-noi");
    form.hidden = false;
    if (new Date(told.until) < new Date()) show("het-han");
  });
  function value(name) { var e = form.elements[name]; return e && e.value ? String(e.value).trim() : ""; }
  function ticked(name) { return !!(form.elements[name] && form.elements[name].checked); }
  function body() {
    var v = near.find(function (v) { return String(v.id) === value("village"); }), other = value("whose") === "other";
    var place = { village: v ? v.code : "", landmark: value("landmark"), km_post: value("km_post"), source: value("lat") ? "gps" : v ? "village" : "none" };
    if (value("lat")) { place.lat = Number(value("lat")); place.lon = Number(value("lon")); place.accuracy = Number(value("accuracy")) || 0; }
    var reach = other ? value("reach") : "", calls = /^(own|neighbour)$/.test(reach);
    return {
      v: 1, category: value("category"), text: value("text"), place: place, lang: "vie", captured_at: new Date(began).toISOString(),
      contact: { name: other ? value("name") : "", phone: calls ? value("phone") : "" },
      helped: { whose: other ? "other" : "self", has_agreed: other && ticked("has_agreed"), agreed_in: value("agreed_in") || "vie", reach: reach, may_follow: other && ticked("may_follow") }
    };
  }
  function faults(b, photos) {
    var out = [], h = b.helped, phone = b.contact.phone.replace(/\D/g, "");
    if (!photos.length && !b.text) out.push("text");
    if (new TextEncoder().encode(JSON.stringify(b)).length > 6900) out.push("long");
    if (!b.category) out.push("category");
    if (free.indexOf(b.category) < 0 && b.place.source === "none" && !b.place.landmark) out.push("place");
    if (h.whose === "other" && !h.has_agreed) out.push("agreed");
    if (h.whose === "other" && !h.reach) out.push("reach");
    if (/^(own|neighbour)$/.test(h.reach) && (phone.length < 9 || phone.length > 12)) out.push("phone");
    return out;
  }
  function complain(names) {
    doc.querySelectorAll("[data-loi]").forEach(function (e) { e.hidden = names.indexOf(e.dataset.loi) < 0; });
    var note = doc.getElementById("con-thieu");
    note.hidden = !names.length;
    if (names.length) { note.scrollIntoView({ block: "center" }); note.focus(); }
    return names.length;
  }
  async function sealed(said) {
    var iv = crypto.getRandomValues(new Uint8Array(12)), data = new TextEncoder().encode(JSON.stringify(said));
    return { iv: iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, await kept("key"), data) };
  }
  async function send() {
    while (form.hasAttribute("aria-busy")) await new Promise(function (go) { setTimeout(go, 50); });
    var files = Array.from(form.elements.anh.files), said = body(), id = box.uuid();
    if (complain(faults(said, files))) return;
    said.photos = [];
    for (var f of files) {
      var p = await box.keepPhoto(id, f);
      if (!said.photos.some(function (o) { return o.sha256 === p.sha; })) said.photos.push({ sha256: p.sha, bytes: p.size });
    }
    var kind = form.querySelector("[name=category]:checked").closest("label").innerText.trim();
    await box.enqueue({
      id: id, kind: "report", body: { category: said.category }, photos: files, title: kind.slice(0, 80),
      severity: /^HAZARD/.test(said.category) ? "hazard" : "", later: 1000,
      more: { way: "/helped", head: head(mine), who: mine.who, box: await sealed(said) }
    });
    location.href = form.dataset.den + "?moi=" + id;
  }
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    if (busy) return;
    busy = true;
    send().catch(function () { complain(["full"]); }).then(function () { busy = false; });
  });
})();
