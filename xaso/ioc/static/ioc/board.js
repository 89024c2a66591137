/* The wall: fetches the board's snapshot when told of a change, else every half minute; keeps the
   last picture when the server is away, says how old it is, and tries again until it is back. */
(function () {
  "use strict";
  var doc = document, html = doc.documentElement, set = doc.getElementById("bang");
  if (!set) return;
  var chip = doc.getElementById("tuoi"), text = chip.querySelector("span");
  var clock = doc.getElementById("dong-ho"), day = doc.getElementById("ngay");
  var url = set.dataset.anh, beat = +set.dataset.nhip * 1000, missing = +set.dataset.cuSau * 60000;
  var etag = set.dataset.etag, asOf = Date.parse(set.dataset.luc), skew = 0;
  var cut = false, fails = 0, timer = 0, busy = false, queued = false;
  var store = "xaso-bang:" + url;

  // A screen that boots while the server is away gets a page that waits (browsers allow it on https).
  if (set.dataset.giu && navigator.serviceWorker) {
    navigator.serviceWorker.register(set.dataset.giu).catch(function () {});
  }

  function each(selector, f, root) { Array.prototype.forEach.call((root || doc).querySelectorAll(selector), f); }
  function fill(pattern) {
    var values = Array.prototype.slice.call(arguments, 1);
    return pattern.replace(/\{\}/g, function () { return values.shift(); });
  }
  function now() { return Date.now() + skew; }
  function hour(ms) {
    return new Intl.DateTimeFormat("vi", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" }).format(ms).replace(/^0(?=\d)/, "");
  }
  function age(ms) {
    var s = Math.max(0, Math.round(ms / 1000));
    if (s < 60) return fill(chip.dataset.giay, s);
    if (s < 3600) return fill(chip.dataset.phut, Math.floor(s / 60));
    return fill(chip.dataset.gio, Math.floor(s / 3600));
  }

  // Computed styles come as data (a strict policy refuses them in markup): add them by hand.
  var sheet = new CSSStyleSheet();
  doc.adoptedStyleSheets = doc.adoptedStyleSheets.concat(sheet);
  function styles(root) {
    each("[data-kieu]", function (e) {
      e.dataset.kieu.split("\n").forEach(function (rule) { if (rule) sheet.insertRule(rule, sheet.cssRules.length); });
      e.remove();
    }, root);
    each("svg[hx-swap-oob]", function (e) { e.remove(); }, root);
  }

  // A hazard nobody took yet: two tones every five seconds, as far as the browser lets a page sound.
  var sound = null;
  function ring() {
    if (!doc.querySelector("[data-chuong]")) return;
    try {
      sound = sound || new AudioContext();
      if (sound.state === "suspended") sound.resume();
      [880, 660].forEach(function (pitch, n) {
        var tone = sound.createOscillator(), loud = sound.createGain();
        tone.frequency.value = pitch; loud.gain.value = 0.3;
        tone.connect(loud); loud.connect(sound.destination);
        tone.start(sound.currentTime + n * 0.35); tone.stop(sound.currentTime + n * 0.35 + 0.3);
      });
      html.dataset.chuong = sound.state;
    } catch (e) { html.dataset.chuong = "khong"; /* the banner remains */ }
  }
  setInterval(ring, 5000);

  function times() { each("[data-luc]", function (e) { if (e !== set) e.textContent = hour(asOf); }); }
  function show(parts, quiet) {
    while (sheet.cssRules.length > 200) sheet.deleteRule(0);
    each("[data-phan]", function (place) {
      var fresh = parts[place.dataset.phan];
      if (fresh === undefined || place.was === fresh) return;
      place.was = fresh;
      place.innerHTML = fresh;
      styles(place);
      if (quiet) return;
      place.classList.remove("vua-doi");
      void place.offsetWidth;
      place.classList.add("vua-doi");
    });
    times();
    ring();
  }

  function mood() {
    var old = now() - asOf, state = "tot", words = fill(chip.dataset.moi, age(old));
    if (cut) { state = old > missing ? "mat" : "cu"; words = fill(chip.dataset.mat, hour(asOf)); }
    else if (old > missing) { state = "mat"; words = fill(chip.dataset.cu, hour(asOf), age(old)); }
    else if (old > 2 * beat + 5000) { state = "cu"; words = fill(chip.dataset.cu, hour(asOf), age(old)); }
    html.dataset.tuoi = state;
    chip.className = "chip chip--" + { tot: "xanh", cu: "cam", mat: "do" }[state];
    chip.querySelector("use").setAttribute("href", cut ? "#i-wifi-off" : state === "tot" ? "#i-circle-check" : "#i-triangle-alert");
    if (text.textContent !== words) text.textContent = words;
  }
  function tick() {
    var at = now();
    clock.textContent = hour(at);
    var d = new Intl.DateTimeFormat("vi", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" }).format(at);
    if (day.textContent !== d) day.textContent = d;
    var h = +hour(at).split(":")[0];
    html.dataset.dem = h >= 21 || h < 6 ? "co" : "";
    mood();
  }

  function later(ms, told) { clearTimeout(timer); timer = setTimeout(function () { fetchIt(told); }, ms); }
  function jitter(ms) { return ms * (0.9 + Math.random() * 0.2); }
  function fetchIt(told) {
    if (busy) { queued = told || queued; return; }
    busy = true;
    var stop = new AbortController(), guard = setTimeout(function () { stop.abort(); }, 10000);
    fetch(url + (told ? "?moi=" + encodeURIComponent(told) : ""), {
      headers: etag ? { "If-None-Match": '"' + etag + '"' } : {}, credentials: "same-origin", cache: "no-store", signal: stop.signal
    }).then(function (r) {
      if (r.status === 403) { gone(); throw new Error("403"); }
      if (r.status !== 200 && r.status !== 304) throw new Error(String(r.status));
      if (!r.headers.get("X-Xaso-As-Of")) throw new Error("not our server");
      skew = Date.parse(r.headers.get("X-Xaso-Now")) - Date.now();
      asOf = Date.parse(r.headers.get("X-Xaso-As-Of"));
      var wait = +r.headers.get("X-Xaso-Again");
      if (r.status === 304) return { wait: wait };
      etag = (r.headers.get("ETag") || "").replace(/^W\//, "").replace(/"/g, "");
      return r.json().then(function (body) { return { wait: wait, parts: body.parts }; });
    }).then(function (got) {
      cut = false; fails = 0;
      doc.getElementById("het").hidden = true;
      if (got.parts) { show(got.parts); keep(got.parts); } else times();
      mood();
      if (got.wait) later(got.wait + 20, told); else later(jitter(beat));
    }).catch(function () {
      fails += 1; cut = true; mood();
      later(jitter(Math.min(60000, 1000 * Math.pow(2, Math.min(fails, 6)))));
    }).then(function () {
      clearTimeout(guard); busy = false;
      if (queued && !cut) { var next = queued; queued = false; fetchIt(next); }
    });
  }

  function gone() { doc.getElementById("het").hidden = false; }
  function keep(parts) {
    try { localStorage.setItem(store, JSON.stringify({ asOf: asOf, etag: etag, parts: parts })); } catch (e) { /* full or private: the page itself is the copy */ }
  }
  function recall() {
    try {
      var kept = JSON.parse(localStorage.getItem(store) || "null");
      if (!kept || kept.asOf <= asOf) return false;
      asOf = kept.asOf; etag = kept.etag;
      show(kept.parts, true);
      return true;
    } catch (e) { return false; /* unreadable or forbidden: the page's own picture serves */ }
  }

  // live.js tells of changes as they are committed; the poll above is what remains without it.
  doc.addEventListener("live", function (e) {
    var d = e.detail.data || {};
    // Screens that name the same change share one look into the database.
    if (e.detail.topic !== "poll") fetchIt(d.id ? d.id + "." + d.version : "lai." + Date.now());
  });

  // The screen stays on, no pixel stays lit for ever, and a long-lived page is renewed at night.
  function awake() {
    if (navigator.wakeLock && doc.visibilityState === "visible") navigator.wakeLock.request("screen").catch(function () {});
  }
  doc.addEventListener("visibilitychange", function () { awake(); if (doc.visibilityState === "visible") fetchIt(); });
  addEventListener("online", function () { fetchIt(); });
  var step = 0, wall = doc.querySelector(".wall");
  setInterval(function () {
    step = (step + 1) % 4;
    wall.style.transform = "translate(" + [0, 2, 2, 0][step] + "px," + [0, 0, 2, 2][step] + "px)";
  }, 60000);
  var born = Date.now();
  setInterval(function () {
    if (!cut && Date.now() - born > 20 * 3600000 && /^3:/.test(hour(now()))) location.reload();
  }, 600000);

  var first = {};
  each("[data-phan]", function (e) { e.was = ""; first[e.dataset.phan] = e.innerHTML; });
  styles(doc);
  if (!recall()) keep(first);
  times(); tick(); awake();
  setInterval(tick, 1000);
  later(1000);
})();
