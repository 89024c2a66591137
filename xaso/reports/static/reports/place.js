/* Where am I: runs beside typing, never blocks sending; denied means the list of villages. */
(function () {
  "use strict";
  var button = document.getElementById("dinh-vi"), drop = document.getElementById("bo-vi-tri");
  var said = document.getElementById("vi-tri-noi"), village = document.getElementById("id_village");
  var near = JSON.parse(document.getElementById("cac-ban").textContent);
  var boxes = ["lat", "lon", "accuracy"].map(function (n) { return document.getElementById("id_" + n); });
  var watch = null;

  function set(values) {
    boxes.forEach(function (b, i) { b.value = values[i]; });
    boxes[0].form.dispatchEvent(new Event("input"));
  }
  function km(a, b, c, d) {
    var x = (b - d) * Math.cos((a + c) * Math.PI / 360);
    return Math.hypot(a - c, x) * 111.195;
  }
  function nearest(lat, lon) {
    var best = null;
    near.forEach(function (v) {
      var far = km(lat, lon, v.lat, v.lon);
      if (far < 3 && (!best || far < best.far)) best = { far: far, id: v.id, name: v.name };
    });
    return best;
  }
  function found(at) {
    var c = at.coords, old = parseInt(boxes[2].value, 10);
    if (old && c.accuracy >= old) return;
    set([c.latitude.toFixed(6), c.longitude.toFixed(6), Math.round(c.accuracy)]);
    var by = nearest(c.latitude, c.longitude);
    said.textContent = said.dataset.duoc.replace("%m", Math.round(c.accuracy)) +
      (by ? " " + said.dataset.gan.replace("%b", by.name) : "");
    if (by && village && !village.value) village.value = by.id;
    drop.hidden = false;
  }
  function stop() { if (watch !== null) navigator.geolocation.clearWatch(watch); watch = null; }
  function ask() {
    stop();
    boxes[2].value = "";
    said.textContent = said.dataset.dang;
    watch = navigator.geolocation.watchPosition(found, function () {
      stop();
      if (!boxes[0].value) said.textContent = said.dataset.khong;
    }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
    setTimeout(stop, 20000);
  }
  if (!navigator.geolocation) return;
  button.hidden = false;
  drop.hidden = !boxes[0].value;
  button.addEventListener("click", ask);
  drop.addEventListener("click", function () {
    stop();
    set(["", "", ""]);
    drop.hidden = true;
    said.textContent = said.dataset.bo;
  });
  // On the phone of someone who allowed it before, the place is there without a tap.
  if (navigator.permissions && !boxes[0].value) {
    navigator.permissions.query({ name: "geolocation" }).then(function (p) {
      if (p.state === "granted") ask();
    }, function () {});
  }
})();
