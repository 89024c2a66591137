/* The area of a rule is drawn by tapping its corners; the box with its coordinates stays the one that is sent. */
(function () {
  "use strict";
  var box = document.querySelector("[data-khu-vuc]");
  var field = box && document.getElementById(box.dataset.o), about = document.getElementById("quanh-day");
  if (!field || !about) return;
  var shown = box.querySelector("[data-ve]"), said = box.querySelector("[role=status]");
  var whole = box.closest("details"), map = null, begun = false, area = null, other = null, corners = [];
  about = JSON.parse(about.textContent);
  box.hidden = false;

  function load(tag, facts) {
    return new Promise(function (done, fail) {
      var e = Object.assign(document.createElement(tag), facts);
      e.onload = done;
      e.onerror = fail;
      document.head.appendChild(e);
    });
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function pair(at) { return [Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))]; }
  function tell() {
    var n = corners.length;
    said.textContent = n > 2 ? box.dataset.xong.replace("{n}", n) : n ? box.dataset.thieu : box.dataset.trong;
    box.querySelectorAll("button").forEach(function (b) { b.disabled = !n && !other; });
  }
  function draw() {
    var at = corners.map(function (c) { return c.getLatLng(); });
    area.setLatLngs(at);
    tell();
    return at;
  }
  function write() {
    var ring = draw().map(pair);
    field.value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [ring.concat([ring[0]])] }) : "";
  }
  function corner(at) {
    var icon = L.divIcon({ className: "luat__goc", iconSize: [28, 28] });
    var made = L.marker(at, { draggable: true, icon: icon, keyboard: true, title: String(corners.length + 1) }).addTo(map);
    made.on("drag", draw).on("dragend", write);
    corners.push(made);
  }
  function clear() {
    corners.forEach(function (c) { c.remove(); });
    corners = [];
    if (other) other.remove();
    other = null;
  }
  // One ring of corners can be changed; a hole or several pieces are shown, and drawn anew.
  function read() {
    clear();
    var found = null, ring;
    try { found = JSON.parse(field.value); } catch (e) { return draw(); }
    if (found && found.type === "FeatureCollection") found = found.features[0];
    if (found && found.type === "Feature") found = found.geometry;
    ring = found && found.type === "Polygon" && found.coordinates.length === 1 && found.coordinates[0];
    if (ring && ring.length < 100) ring.slice(0, -1).forEach(function (p) { corner([p[1], p[0]]); });
    else if (found) other = L.geoJSON(found, { style: { color: colour("--cam-ink"), weight: 3 }, interactive: false }).addTo(map);
    draw();
  }
  function begin() {
    map = L.map(shown, { attributionControl: false });
    var border = about.border && L.geoJSON(about.border, {
      interactive: false, style: { color: colour("--cham"), weight: 2, fillColor: colour("--xanh-tint"), fillOpacity: 1 }
    }).addTo(map);
    var villages = about.villages.map(function (v) {
      return L.circleMarker([v.lat, v.lon], { radius: 5, weight: 1, color: "#fff", fillColor: colour("--cham"), fillOpacity: 1, interactive: false })
        .bindTooltip(v.name, { permanent: true, direction: "right", className: "luat__ten" }).addTo(map);
    });
    area = L.polygon([], { color: colour("--cam-ink"), weight: 3, interactive: false }).addTo(map);
    var all = L.featureGroup(villages.concat(border ? [border] : []));
    if (all.getBounds().isValid()) map.fitBounds(all.getBounds().pad(0.05));
    else map.setView([21.9, 103.2], 8);
    map.on("click", function (e) { if (other) clear(); corner(e.latlng); write(); });
    read();
  }
  async function open() {
    if (!whole.open || begun) return;
    begun = true; // a box that is open from the start tells so once more
    try {
      if (!window.L) {
        await load("link", { rel: "stylesheet", href: box.dataset.kieu });
        await load("script", { src: box.dataset.thuVien });
      }
      begin();
    } catch (e) {
      box.hidden = true; // the coordinates can still be pasted
    }
  }
  box.querySelector("[data-lui]").addEventListener("click", function () {
    if (corners.length) corners.pop().remove();
    write();
  });
  box.querySelector("[data-xoa]").addEventListener("click", function () { clear(); write(); });
  field.addEventListener("change", function () { if (map) read(); });
  whole.addEventListener("toggle", open);
  open();
})();
