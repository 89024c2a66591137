/* The red button: puts the position into the form while it is filled in, never waits for it, sends through
   the phone's outbox (which keeps it without a network) and adds a better position afterwards.
   Without script the form works all the same. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("nguy-hiem"), sent = doc.querySelector("[data-vi-tri]"), box = self.xasoOutbox;
  var wanted = { enableHighAccuracy: true, timeout: 60000, maximumAge: 15000 }, last = null, WAIT = 6000, busy = false;

  function kind() { return form.querySelector("[name=category]:checked"); }
  function message() {
    var link = doc.getElementById("nhan-tin"), chosen = kind();
    if (!link) return;
    var parts = ["NGUYHIEM", chosen ? chosen.value.replace("HAZARD-", "") : ""];
    if (last) parts.push(last.latitude.toFixed(5) + "," + last.longitude.toFixed(5));
    parts.push(form.elements.uuid.value.slice(0, 8));
    link.href = "sms:" + link.dataset.so + "?body=" + encodeURIComponent(parts.filter(Boolean).join(" "));
  }
  function body(chosen) {
    var near = form.elements.village.selectedOptions[0], code = near && near.dataset.ma || "";
    var place = { village: code, source: last ? "gps" : code ? "village" : "none" };
    if (last) { place.lat = last.latitude; place.lon = last.longitude; place.accuracy = Math.round(last.accuracy); }
    return { v: 1, category: chosen.value, place: place, lang: "vie", captured_at: new Date().toISOString() };
  }
  // Received, or kept: whichever is known first; a slow network is waited for on the outbox page.
  async function leave(id) {
    var end = Date.now() + WAIT, item;
    do {
      item = await box.get(id);
      if (!item) break;
      if (item.receipt) return (location.href = form.dataset.daNhan.replace("0", item.receipt.code));
      if (/needs_fix|auth|gone/.test(item.state) || item.last_error) break;
      await new Promise(function (go) { setTimeout(go, 100); });
    } while (Date.now() < end);
    location.href = form.dataset.hopThuGui + "?moi=" + id;
  }
  // The phone is full and keeps nothing: straight to the commune, once.
  async function direct(chosen) {
    try {
      var r = await fetch(box.base + "api/v1/reports/" + form.elements.uuid.value, {
        method: "PUT", headers: { "Content-Type": "application/json", "X-Xaso-Outbox": "1" },
        body: JSON.stringify(Object.assign({ sent_at: new Date().toISOString() }, body(chosen)))
      });
      if (!r.ok) throw new Error(r.status);
      location.href = form.dataset.daNhan.replace("0", (await r.json()).code);
    } catch (e) {
      form.removeAttribute("aria-busy");
      doc.getElementById("dang-gui").hidden = true;
      doc.getElementById("khong-gui").hidden = false;
      busy = false;
    }
  }
  function listen() {
    form.elements.uuid.value = form.elements.uuid.value || box.uuid();
    form.addEventListener("submit", async function (e) {
      var chosen = kind();
      if (!chosen && !form.elements.csrfmiddlewaretoken) { // kept on the phone: nobody else can say it
        e.preventDefault();
        return (doc.getElementById("chua-chon").hidden = false);
      }
      if (!chosen) return;
      e.preventDefault();
      if (busy) return;
      busy = true;
      form.setAttribute("aria-busy", "true");
      doc.getElementById("dang-gui").hidden = false;
      try {
        var item = await box.enqueue({
          id: form.elements.uuid.value, kind: "report", severity: "hazard", body: body(chosen),
          title: chosen.closest("label").innerText.trim(), fields: { category: chosen.value }
        });
        await leave(item.id);
      } catch (x) { await direct(chosen); }
    });
  }

  if (form) {
    if (box && box.usable) listen();
    form.addEventListener("change", function () { doc.getElementById("chua-chon").hidden = true; message(); });
    message();
  }
  if (!navigator.geolocation) return;
  if (form) {
    navigator.geolocation.watchPosition(function (found) {
      last = found.coords;
      form.elements.lat.value = last.latitude;
      form.elements.lon.value = last.longitude;
      form.elements.accuracy.value = Math.round(last.accuracy);
      message();
    }, function () { /* no position: the report goes without */ }, wanted);
  }
  if (sent) {
    navigator.geolocation.getCurrentPosition(function (found) {
      fetch(sent.dataset.viTri, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ lat: found.coords.latitude, lon: found.coords.longitude, accuracy: Math.round(found.coords.accuracy) })
      }).catch(function () { /* the alarm rings without it */ });
    }, function () { /* refused: nothing to add */ }, wanted);
  }
})();
