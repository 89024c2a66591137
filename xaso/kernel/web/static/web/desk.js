/* Xã Số – officials' screens: keys in the inbox, and what htmx needs under a strict policy. */
(function () {
  "use strict";
  var doc = document;

  // Bàn việc: J/K or arrows move, Enter opens (links do that already), / searches.
  addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || /INPUT|SELECT|TEXTAREA/.test(e.target.tagName)) return;
    var search = doc.querySelector("[type=search]");
    if (e.key === "/" && search) { e.preventDefault(); search.focus(); return; }
    var jobs = Array.from(doc.querySelectorAll(".job"));
    var step = /^(j|ArrowDown)$/.test(e.key) ? 1 : /^(k|ArrowUp)$/.test(e.key) ? -1 : 0;
    var at = jobs.indexOf(doc.activeElement);
    if (!step || !jobs.length || (at < 0 && e.key.length > 1)) return;
    e.preventDefault();
    jobs[Math.max(0, Math.min(jobs.length - 1, at + step))].focus();
  });

  // A fragment brings the symbols it draws; the page keeps one of each.
  doc.addEventListener("htmx:oobBeforeSwap", function (e) {
    if (e.target.id !== "hinh") return;
    Array.from(e.detail.fragment.querySelectorAll("symbol")).forEach(function (s) {
      if (doc.getElementById(s.id)) s.remove();
    });
  });

  // A fragment cannot bring a <style>: its computed rules come as data and are added here.
  var sheet = new CSSStyleSheet(), known = {};
  doc.adoptedStyleSheets = doc.adoptedStyleSheets.concat(sheet);
  doc.addEventListener("htmx:afterSettle", function () {
    doc.querySelectorAll("i[data-kieu]").forEach(function (e) {
      e.dataset.kieu.split("\n").forEach(function (rule) {
        if (rule && !known[rule]) { known[rule] = true; sheet.insertRule(rule, sheet.cssRules.length); }
      });
      e.remove();
    });
  });

  // The server did not answer at all: say so where refusals are said.
  function silent() {
    var place = doc.getElementById("bao"), text = doc.getElementById("bao-mat-mang");
    if (place && text) place.replaceChildren(text.content.cloneNode(true));
  }
  doc.addEventListener("htmx:sendError", silent);
  doc.addEventListener("htmx:timeout", silent);
})();
