/* Asks, while somebody writes, whether the same was reported; sending never waits for it. */
(function () {
  "use strict";
  var box = document.querySelector("[data-giong]"), form = box && box.closest("form");
  if (!form || !window.fetch) return;
  var asked = "", timer = null;

  // "Me too" goes straight to the commune; nothing else may take this sending over.
  document.addEventListener("submit", function (e) {
    if (e.submitter && e.submitter.hasAttribute("data-cung-gap")) e.stopPropagation();
  }, true);

  function said() {
    var all = new FormData(form), sent = new URLSearchParams();
    ["category", "village", "landmark", "lat", "lon", "accuracy", "text"].forEach(function (name) {
      if (all.get(name)) sent.append(name, all.get(name));
    });
    return sent;
  }
  async function ask() {
    var now = said();
    if (!now.get("category") || !(now.get("lat") || now.get("village"))) return;
    if (now.toString() === asked) return;
    asked = now.toString();
    try {
      var reply = await fetch(box.dataset.giong, { method: "POST", body: now, credentials: "same-origin" });
      var html = reply.ok ? await reply.text() : "";
      if (now.toString() === asked) box.innerHTML = html;
    } catch (e) { asked = ""; }
  }
  function soon() { clearTimeout(timer); timer = setTimeout(ask, 700); }
  form.addEventListener("change", soon);
  form.addEventListener("input", soon);
  soon();
})();
