/* The red button: puts the position into the form while it is filled in, never waits for it, and adds
   a better one after sending. Without script the form works all the same. */
(function () {
  "use strict";
  var form = document.getElementById("nguy-hiem"), sent = document.querySelector("[data-vi-tri]");
  if (!navigator.geolocation) return;
  var wanted = { enableHighAccuracy: true, timeout: 60000, maximumAge: 15000 };

  function message(at) {
    var link = document.getElementById("nhan-tin"), kind = form.querySelector("[name=category]:checked");
    if (!link) return;
    var parts = ["NGUYHIEM", kind ? kind.value.replace("HAZARD-", "") : ""];
    if (at) parts.push(at.latitude.toFixed(5) + "," + at.longitude.toFixed(5));
    parts.push(form.elements.uuid.value.slice(0, 8));
    link.href = "sms:" + link.dataset.so + "?body=" + encodeURIComponent(parts.filter(Boolean).join(" "));
  }

  if (form) {
    var last = null;
    navigator.geolocation.watchPosition(function (found) {
      last = found.coords;
      form.elements.lat.value = last.latitude;
      form.elements.lon.value = last.longitude;
      form.elements.accuracy.value = Math.round(last.accuracy);
      message(last);
    }, function () { /* no position: the report goes without */ }, wanted);
    form.addEventListener("change", function () { message(last); });
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
