/* The map comes on tap; the list is there before it and without it. */
(function () {
  "use strict";
  var button = document.querySelector("[data-ban-do]"), box = document.getElementById("ban-do");
  var fault = document.getElementById("ban-do-loi"), map = null;
  if (!button) return;
  button.hidden = false;

  function load(tag, facts) {
    return new Promise(function (done, fail) {
      var e = Object.assign(document.createElement(tag), facts);
      e.onload = done;
      e.onerror = fail;
      document.head.appendChild(e);
    });
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function draw(data) {
    map = L.map(box, { preferCanvas: true, zoomControl: true, attributionControl: false });
    var border = data.border && L.geoJSON(data.border, {
      interactive: false, style: { color: colour("--cham"), weight: 2, fillColor: colour("--xanh-tint"), fillOpacity: 1 }
    }).addTo(map);
    var dots = L.geoJSON(data, {
      pointToLayer: function (f, at) {
        var n = f.properties.n, done = /answered|closed/.test(f.properties.state || "");
        return L.circleMarker(at, {
          radius: Math.min(22, 7 + 3 * Math.sqrt(n)), weight: 2, color: "#fff",
          fillColor: colour(done ? "--xanh" : "--cam-ink"), fillOpacity: 0.9
        });
      },
      onEachFeature: function (f, layer) {
        var a = document.createElement(f.properties.url ? "a" : "b");
        a.textContent = f.properties.title || String(f.properties.n);
        if (f.properties.url) a.href = f.properties.url;
        layer.bindPopup(a);
        layer.bindTooltip(f.properties.title || f.properties.n + " phản ánh");
      }
    }).addTo(map);
    var area = border || dots;
    if (area.getBounds().isValid()) {
      map.fitBounds(area.getBounds());
      map.setMaxBounds(area.getBounds().pad(0.3));
      map.setMinZoom(map.getZoom() - 1);
    } else box.hidden = true;
  }
  async function open() {
    box.hidden = false;
    fault.hidden = true;
    try {
      if (!window.L) {
        await load("link", { rel: "stylesheet", href: button.dataset.kieu });
        await load("script", { src: button.dataset.thuVien });
      }
      var reply = await fetch(button.dataset.banDo);
      if (!reply.ok) throw new Error(reply.status);
      draw(await reply.json());
    } catch (e) {
      box.hidden = true;
      fault.hidden = false;
    }
  }
  button.addEventListener("click", function () {
    var on = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", on);
    if (map) box.hidden = !on;
    else if (on) open();
  });
})();
