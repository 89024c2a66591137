/* The checking page: the code after # or a typed or scanned one, against keys this phone keeps. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("kiem"), box = form.elements.ma, tools = self.xasoCode;
  var words = doc.getElementById("loi").dataset, KEPT = "xaso khoa " + form.dataset.khoa;
  function el(id) { return doc.getElementById(id); }

  function kept() {
    try { return JSON.parse(localStorage.getItem(KEPT)); } catch (e) { return null; }
  }
  async function keys() {
    try {
      var answer = await fetch(form.dataset.khoa, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.status);
      var fresh = await answer.json();
      try { localStorage.setItem(KEPT, JSON.stringify(fresh)); } catch (e) { /* a full or closed store */ }
      return { found: fresh, old: false };
    } catch (e) { return { found: kept(), old: true }; }
  }
  function day(text) {
    var at = new Date(text);
    if (isNaN(at) || !/^\d{4}-\d\d-\d\d/.test(text)) return text;
    var opts = { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" };
    if (text.length > 10) { opts.hour = "2-digit"; opts.minute = "2-digit"; }
    return at.toLocaleString(doc.documentElement.lang || "vi", opts);
  }
  function show(tone, title, text, rows) {
    ["xanh", "cam", "do"].forEach(function (t) { el("kq-" + t).hidden = t !== tone; });
    var card = el("kq-" + tone);
    card.querySelector("h2").textContent = title;
    card.querySelector("p").textContent = text;
    var list = el("kq-dong");
    list.replaceChildren();
    (rows || []).forEach(function (row) {
      var div = doc.createElement("div"), dt = doc.createElement("dt"), dd = doc.createElement("dd");
      dt.textContent = row[0];
      dd.textContent = row[1];
      div.append(dt, dd);
      list.append(div);
    });
    list.hidden = !(rows && rows.length);
  }
  function rows(code, key) {
    var said = [[words.ma, code.code]];
    Object.keys(code.facts).forEach(function (f) { if (words["f" + f]) said.push([words["f" + f], day(String(code.facts[f]))]); });
    said.push([words.luc, day(code.at.toISOString())]);
    if (key) said.push([words.noi, key.name]);
    return said;
  }
  async function check(text) {
    var code = tools.read(text);
    if (!code) return show("cam", words.hong, words.hongText);
    var got = await keys();
    if (!got.found) return show("cam", words.chua, words.chuaText, rows(code));
    var answer = await tools.check(code, got.found.keys), when = got.old ? " " + words.cu.replace("{n}", day(got.found.as_of)) : "";
    if (answer.genuine) return show("xanh", words.that, words.thatText.replace("{ai}", answer.key.name) + when, rows(code, answer.key));
    if (answer.why === "unknown" && got.old) return show("cam", words.chua, words.chuaText, rows(code));
    if (answer.why === "lost" || answer.why === "outside") return show("cam", words.ngo, words[answer.why], rows(code, answer.key));
    show("do", words.gia, words.giaText);
  }
  function fromAddress() { if (location.hash.length > 20) { box.value = decodeURIComponent(location.hash.slice(1)); check(box.value); } }

  // Without the browser's own cryptography (plain http) the form asks the server instead.
  if (!tools || !tools.usable) return;
  form.addEventListener("submit", function (e) { e.preventDefault(); check(box.value); });
  self.addEventListener("hashchange", fromAddress);
  fromAddress();
  keys(); // kept for the day without a network

  // Scanning, where the browser can.
  var button = el("quet"), video = el("ong-kinh"), stream = null;
  if (!("BarcodeDetector" in self) || !navigator.mediaDevices) return;
  button.hidden = false;
  function stop() { if (stream) stream.getTracks().forEach(function (t) { t.stop(); }); stream = null; video.hidden = true; }
  button.addEventListener("click", async function () {
    if (stream) return stop();
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); }
    catch (e) { return show("cam", words.hong, words.khongQuet); }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    var detector = new BarcodeDetector({ formats: ["qr_code"] });
    (async function look() {
      if (!stream) return;
      var found = await detector.detect(video).catch(function () { return []; });
      if (found.length) { stop(); box.value = found[0].rawValue; return check(box.value); }
      setTimeout(look, 200);
    })();
  });
})();
