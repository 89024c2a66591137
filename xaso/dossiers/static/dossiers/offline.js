/* The counter without a network: a form made of the kept package, a signed slip, and the queue in words. */
(function () {
  "use strict";
  var box = self.xasoQuay, code = self.xasoCode, doc = document, words = doc.getElementById("chu").dataset;
  var form = doc.getElementById("don"), state = doc.getElementById("tinh-hinh"), list = doc.getElementById("danh-sach");
  var machine = null, pack = null, chosen = null, photos = {}, HOURS24 = 864e5, DRIFT = 3e5, drawn = "";
  if (!box || !box.usable || !code.usable) { state.textContent = words.chuaMay; return; }

  function el(name, given, inside) {
    var e = doc.createElement(name);
    Object.keys(given || {}).forEach(function (k) { if (k in e && k !== "list") e[k] = given[k]; else e.setAttribute(k, given[k]); });
    [].concat(inside || []).forEach(function (c) { e.append(c); });
    return e;
  }
  function say(name, more) { return Object.keys(more || {}).reduce(function (s, k) { return s.replace("{" + k + "}", more[k]); }, words[name]); }
  function when(at) { return new Date(at).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" }); }
  function money(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, "."); }
  function field(id, label, input) { input.id = id; return el("div", { className: "field" }, [el("label", { htmlFor: id }, label), input]); }

  // --- what the machine keeps: the package, and how its clock compares with the server's
  async function refresh() {
    var before = Date.now(), stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, 8000);
    try {
      var r = await fetch(box.base + "goi.json?may=" + (machine ? machine.kid : ""), { cache: "no-store", redirect: "manual", credentials: "same-origin", signal: stop.signal });
      if (!r.ok || r.headers.get("X-Xaso") !== "1") return;
      var fresh = await r.json(), after = Date.now();
      fresh.got_at = after;
      await box.setMeta("package", fresh);
      // A slow answer says little about the clock; half a minute is well under the five allowed.
      if (fresh.clock && after - before < 30000) await box.setMeta("clock", { token: fresh.clock, at: after, drift: Math.abs(new Date(fresh.as_of) - after) });
    } catch (e) { /* still cut */ } finally { clearTimeout(timer); }
  }
  async function clockNow() {
    var c = await box.meta("clock"), age = c ? Date.now() - c.at : -1;
    return { said: c ? { token: c.token, at: new Date(c.at).toISOString() } : null, counts: !!c && c.drift < DRIFT && age >= 0 && age <= HOURS24 };
  }
  async function show() {
    pack = await box.meta("package");
    var ready = machine && pack && pack.machine.is_in_use, now = await clockNow(), text;
    if (!machine || pack && !pack.machine.name) text = words.chuaMay;
    else if (!pack) text = words.chuaGoi;
    else if (!ready) text = words.thuHoi;
    else text = say(Date.now() - pack.got_at > 6e5 ? "cu" : "moi", { m: pack.machine.name, t: when(pack.got_at) }) + (now.counts ? "" : " " + words.gio);
    state.textContent = text;
    state.className = "note " + (ready ? now.counts ? "note--xanh" : "note--cam" : "note--do");
    if (!ready) state.append(" ", el("a", { href: words.urlMay }, words.moMay));
    if (ready && form.hidden) fill();
    form.hidden = !ready;
  }
  function fill() {
    var choice = doc.getElementById("thu-tuc");
    choice.replaceChildren(el("option", { value: "" }, words.chon));
    pack.procedures.forEach(function (p) { choice.append(el("option", { value: p.code }, p.name)); });
    doc.getElementById("ban").replaceChildren(el("option", { value: "" }, words.khongBan));
    pack.villages.forEach(function (v) { doc.getElementById("ban").append(el("option", { value: v[0] }, v[1])); });
    choose();
  }
  function choose() {
    chosen = pack.procedures.find(function (p) { return p.code === form.elements.procedure.value; });
    photos = {};
    var ours = !!chosen && chosen.is_here, papers = doc.getElementById("giay"), asks = doc.getElementById("hoi"), fees = doc.getElementById("phi");
    doc.querySelectorAll("[data-cua-xa]").forEach(function (e) { e.hidden = !ours; });
    doc.getElementById("in-giup").hidden = !chosen || ours;
    doc.getElementById("goc").textContent = chosen ? ours ? say("laCuaXa", { t: chosen.term }) : say("goc", { s: chosen.system }) : "";
    [papers, asks, fees].forEach(function (e) { e.replaceChildren(); });
    if (!ours) return;
    chosen.papers.forEach(function (p, n) { papers.append(paper(p, n)); });
    chosen.questions.forEach(function (q, n) { asks.append(question(q, n)); });
    chosen.fees.forEach(function (f, n) { fees.append(fee(f, n)); });
    chosen.exemptions.forEach(function (x, n) { fees.append(el("label", { className: "opt" }, [el("input", { type: "checkbox", name: "free_" + x.code, id: "x" + n }), " " + x.group + (x.law ? " (" + x.law + ")" : "")])); });
    total();
  }
  function needed(p) { return p.is_mandatory !== false && !p.condition; }
  function paper(p, n) {
    var shot = el("input", { type: "file", accept: "image/*", className: "input" }), seen = el("p", { className: "small muted" });
    shot.addEventListener("change", async function () {
      delete photos[p.code];
      seen.textContent = "";
      if (!shot.files.length) return;
      try {
        var made = await shrink(shot.files[0]);
        photos[p.code] = { file: made, sha: await box.sha(await made.arrayBuffer()) };
        seen.textContent = Math.ceil(made.size / 1024) + " kB";
      } catch (e) { shot.value = ""; seen.textContent = words.anhHong; }
    });
    return el("fieldset", { className: "quay__paper" }, [
      el("legend", {}, p.name + (needed(p) ? " (" + words.batBuoc + ")" : p.condition ? " (" + p.condition + ")" : "")),
      el("div", {}, [field("p" + n, words.anh, shot), seen]),
      field("c" + n, words.ban, el("input", { type: "number", min: 0, max: 50, className: "input", name: "count_" + p.code })),
      field("m" + n, words.mien, el("input", { className: "input", maxLength: 300, name: "waive_" + p.code }))]);
  }
  function question(q, n) {
    var kinds = { date: "date", number: "number", yes: "checkbox" }, input;
    if (q.kind === "choice") { input = el("select", { className: "input" }, [el("option", { value: "" }, "–")].concat(q.choices.map(function (c) { return el("option", { value: c }, c); }))); }
    else if (q.kind === "long") input = el("textarea", { className: "input", rows: 3, maxLength: 2000 });
    else input = el("input", { type: kinds[q.kind] || "text", className: q.kind === "yes" ? "" : "input", maxLength: 2000 });
    input.name = "q_" + q.code;
    return field("q" + n, q.label + (q.is_mandatory ? " (" + words.batBuoc + ")" : ""), input);
  }
  function fee(f, n) {
    var line = el("div", { className: "row" }, [el("label", { className: "opt" }, [el("input", { type: "checkbox", checked: true, name: "fee_" + f.code }), " " + f.name])]);
    if (f.basis === "per_page" || f.basis === "tiered") line.append(field("t" + n, words.trang, el("input", { type: "number", min: 1, max: 10000, value: 1, className: "input", name: "pages_" + f.code })));
    if (f.basis && f.basis !== "per_case") line.append(field("s" + n, words.soBan, el("input", { type: "number", min: 1, max: 10000, value: 1, className: "input", name: "copies_" + f.code })));
    return line;
  }
  // As the server reckons (fees.py), so that the slip says the same; a difference goes to a human.
  function value(name) { var e = form.elements[name]; return e ? e.type === "checkbox" ? e.checked : e.value.trim() : ""; }
  function many(name) { return Math.max(1, parseInt(value(name), 10) || 1); }
  function holds(x) { var d = today(); return !(x.valid_from && d < x.valid_from || x.valid_to && d > x.valid_to); }
  function today() { return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date()); }
  function price(f) {
    var pages = many("pages_" + f.code), copies = many("copies_" + f.code), amount = f.amount || 0, one = amount;
    if (!f.basis || f.basis === "per_case") return amount;
    if (f.basis === "per_page") one = amount * pages;
    if (f.basis === "tiered") {
      var tiers = f.tiers.slice().sort(function (a, b) { return a.since - b.since; });
      one = tiers.reduce(function (sum, t, k) {
        var last = k + 1 < tiers.length ? Math.min(pages, tiers[k + 1].since - 1) : pages;
        return sum + Math.max(0, last - t.since + 1) * t.amount;
      }, 0);
    }
    return (f.cap ? Math.min(one, f.cap) : one) * copies;
  }
  function bill() {
    var lines = chosen.fees.filter(function (f) { return value("fee_" + f.code) && holds(f); }), best = 0, full = 0;
    lines.forEach(function (f) { full += price(f); });
    chosen.exemptions.filter(function (x) { return value("free_" + x.code) && holds(x); }).forEach(function (x) {
      var fit = lines.filter(function (f) { return !(x.fees || []).length || x.fees.indexOf(f.code) >= 0; });
      var sum = fit.reduce(function (s, f) { return s + price(f); }, 0);
      var saved = x.amount ? Math.min(x.amount, sum) : fit.reduce(function (s, f) { return s + Math.floor(price(f) * (x.percent === undefined ? 100 : x.percent) / 100); }, 0);
      best = Math.max(best, saved);
    });
    return { lines: chosen.fees.filter(function (f) { return value("fee_" + f.code); }), total: full - best };
  }
  function total() { if (chosen && chosen.is_here) doc.getElementById("tong").textContent = money(bill().total); }

  async function shrink(file) {
    var map = await createImageBitmap(file, { imageOrientation: "from-image" }), made = null;
    for (var step of [[1600, 0.7], [1600, 0.6], [1280, 0.6], [1024, 0.5]]) {
      var k = Math.min(1, step[0] / Math.max(map.width, map.height)), canvas = el("canvas", { width: Math.round(map.width * k), height: Math.round(map.height * k) });
      canvas.getContext("2d").drawImage(map, 0, 0, canvas.width, canvas.height);
      made = await new Promise(function (done) { canvas.toBlob(done, "image/jpeg", step[1]); });
      if (made && made.size <= 500000) break;
    }
    map.close();
    if (!made || made.type !== "image/jpeg") throw new Error("no JPEG here");
    return made;
  }

  // --- a reception: checked here, numbered, signed, kept, printed
  function isToCome(number) { // the year of birth within a personal number of twelve digits
    var year = 1900 + Math.floor(+number[3] / 2) * 100 + +number.slice(4, 6);
    return number.length === 12 && year > new Date().getFullYear();
  }
  function faults() {
    var found = [], number = value("id_number").replace(/\s/g, ""), phone = value("phone").replace(/[\s.-]/g, "");
    if (value("name").length < 2) found.push(words.thieuTen);
    if (number && (!/^(\d{9}|\d{12})$/.test(number) || isToCome(number))) found.push(words.saiSo);
    if (phone && !/^(\+?84|0)\d{8,10}$/.test(phone)) found.push(words.saiDt);
    if (chosen.until && today() >= chosen.until) found.push(say("hetHan", { t: chosen.until.split("-").reverse().join("/") }));
    var lacks = chosen.papers.filter(function (p) { return needed(p) && !photos[p.code] && !value("waive_" + p.code); });
    if (lacks.length) found.push(say("thieuGiay", { p: lacks.map(function (p) { return p.name; }).join("; ") }));
    var asks = chosen.questions.filter(function (q) { return q.is_mandatory && q.kind !== "yes" && !value("q_" + q.code); });
    if (asks.length) found.push(say("thieuHoi", { p: asks.map(function (q) { return q.label; }).join("; ") }));
    return found;
  }
  function written(number, now) {
    var sum = bill(), answers = {}, digits = crypto.getRandomValues(new Uint16Array(1))[0] % 10000, phone = value("phone");
    chosen.questions.forEach(function (q) { var v = value("q_" + q.code); if (v) answers[q.code] = String(v === true ? "True" : v); });
    return { v: 1, code: "T-" + machine.kid.toUpperCase() + "-" + number, procedure: chosen.code, frozen: chosen.frozen,
      applicant: { name: value("name"), kind: value("kind"), id_number: value("id_number"), phone: phone, address: value("address"), village: parseInt(value("village"), 10) || null },
      papers: chosen.papers.map(function (p) { return { code: p.code, sha256: photos[p.code] ? photos[p.code].sha : "", name: photos[p.code] ? p.code + ".jpg" : "", count: parseInt(value("count_" + p.code), 10) || 0, waived: value("waive_" + p.code) }; }),
      fees: sum.lines.map(function (f) { return { code: f.code, pages: many("pages_" + f.code), copies: many("copies_" + f.code) }; }),
      free: chosen.exemptions.filter(function (x) { return value("free_" + x.code); }).map(function (x) { return x.code; }),
      total: sum.total, form: answers, sets: 1, note: value("note"), slip: phone ? "" : String(digits).padStart(4, "0"), taken_at: new Date().toISOString(), clerk: pack.clerk.id, clock: now.said };
  }
  async function receive(e) {
    e.preventDefault();
    var wrong = faults(), alarm = doc.getElementById("loi"), button = e.submitter;
    alarm.hidden = !wrong.length;
    alarm.textContent = wrong.join(" ");
    if (wrong.length) return;
    if (button) button.disabled = true;
    try {
      var now = await clockNow(), said = written(await box.number(), now), files = [];
      Object.keys(photos).forEach(function (c) { if (!files.some(function (f) { return f.sha === photos[c].sha; })) files.push(photos[c]); });
      var facts = { received: said.taken_at.slice(0, 16) + "+00:00", offline: said.code };
      if (said.total) facts.total = money(said.total) + " đ";
      var mark = await code.sign(machine.pair, "mau-01", said.code, facts);
      var slip = { code: said.code, procedure: chosen.name, term: chosen.term, who: said.applicant.name, address: said.applicant.address, at: said.taken_at, counts: now.counts, total: said.total, digits: said.slip, mark: mark,
        papers: chosen.papers.filter(function (p, n) { var s = said.papers[n]; return s.sha256 || s.count || s.waived; }).map(function (p) { return p.name; }), clerk: pack.clerk.name, machine: pack.machine.name, commune: pack.commune, check: pack.check };
      await box.enqueue(machine, said, files, { title: { procedure: chosen.name, who: said.applicant.name }, slip: slip });
      form.reset();
      choose();
      print(slip);
      wake();
    } catch (error) {
      alarm.hidden = false;
      alarm.textContent = words.hetCho;
    } finally { if (button) button.disabled = false; }
  }
  function print(s) {
    var page = doc.getElementById("giay-in"), rows = [];
    function row(name, text) { if (text) rows.push(el("dt", {}, words[name]), el("dd", {}, text)); }
    row("pViec", s.procedure); row("pAi", s.who); row("pDc", s.address);
    row(s.mark ? "pGiay" : "pCan", s.papers.join("; ")); row("pLuc", when(s.at)); row("pHan", s.term); row("pSo", s.digits); row("pMay", s.machine);
    if (s.total) row("pTien", money(s.total) + " đ");
    page.replaceChildren(el("p", {}, el("b", {}, s.commune)), el("h1", {}, s.mark ? words.pTen : words.pGiup));
    if (s.code) page.append(el("p", {}, [words.pTam + ": ", el("span", { className: "slip__code" }, s.code)]));
    page.append(el("dl", {}, rows));
    if (!s.mark) page.append(el("p", {}, el("b", {}, say("pThay", { s: s.system }))));
    else {
      page.append(el("p", {}, words.pHen));
      if (!s.counts) page.append(el("p", {}, words.gio));
      page.append(self.xasoQr.svg(s.check + "#" + s.mark), el("p", { className: "small" }, words.pQr));
      page.append(el("div", { className: "slip__signs" }, [el("p", {}, words.pKy), el("p", {}, words.pNhan + (s.clerk ? ": " + s.clerk : ""))]));
      page.dataset.ma = s.mark;
    }
    page.hidden = false;
    page.scrollIntoView();
    self.print();
  }
  function help() {
    print({ procedure: chosen.name, papers: chosen.papers.map(function (p) { return p.name; }), at: Date.now(), term: chosen.term, commune: pack.commune, system: chosen.system, machine: pack.machine.name });
  }

  // --- the queue in words: nothing is called received before the server said so
  function line(i) {
    var a = i.answer || {}, told = [words[i.state] || i.state], acts = [];
    if (a.official) told.push(say("ma", { c: a.official }));
    if (a.due) told.push(say("hen", { t: a.due }));
    if (a.official && a.trusted === false) told.push(words.gioMayChu);
    if (a.unanswered) told.push(say("conHoi", { n: a.unanswered }));
    if (i.state === "conflict") told.push(a.why);
    if (i.state === "refused") told.push(a.reason);
    if (/auth|needs_fix/.test(i.state) && i.error) told.push(i.error);
    if (i.slip) acts.push(act(words.inLai, function () { print(i.slip); }));
    if (a.url) acts.push(el("a", { className: "btn btn--small", href: a.url }, words.xem));
    if (i.state === "conflict") acts.push(el("a", { className: "btn btn--small", href: words.urlXem }, words.xem));
    if (i.state === "auth") acts.push(el("a", { className: "btn btn--small", href: words.urlDangNhap }, words.dangNhap));
    if (i.state === "needs_fix") acts.push(act(words.lai, function () { box.retry(i.id); }));
    if (/received|joined|refused/.test(i.state)) acts.push(act(words.bo, function () { box.forget(i.id); }));
    return el("li", { "data-id": i.id, "data-tt": i.state }, [el("b", {}, i.code), el("span", {}, i.title.procedure), el("span", { className: "quay__state" }, told.join(" · "))].concat(acts));
  }
  function act(label, work) { var b = el("button", { type: "button", className: "btn btn--small" }, label); b.addEventListener("click", work); return b; }
  async function draw() {
    var rows = (await box.all()).sort(function (a, b) { return b.created_at - a.created_at; }), look = JSON.stringify(rows);
    if (look === drawn) return;
    drawn = look;
    list.replaceChildren.apply(list, rows.map(line));
    doc.getElementById("trong").hidden = !!rows.length;
  }
  function wake() {
    navigator.serviceWorker.ready.then(function (r) { return r.sync && r.sync.register("quay"); }).catch(function () {});
    return box.fresh();
  }
  async function back() { await refresh(); await show(); await wake(); }

  form.elements.procedure.addEventListener("change", choose);
  form.addEventListener("input", total);
  form.addEventListener("submit", receive);
  doc.getElementById("in-giup").addEventListener("click", help);
  doc.getElementById("gui").addEventListener("click", back);
  box.on(draw);
  self.addEventListener("online", back);
  self.addEventListener("pageshow", function (e) { if (e.persisted) back(); });
  setInterval(function () { if (!doc.hidden) wake(); }, 60000);
  if (navigator.serviceWorker) navigator.serviceWorker.register(box.base + "sw.js", { scope: box.base }).catch(function () {});
  (async function () {
    machine = await box.meta("machine");
    await draw();
    await show();
    await back();
  })();
})();
