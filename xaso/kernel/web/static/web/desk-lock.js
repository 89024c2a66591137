/* Xã Số – a desk that several officials share: after ten idle minutes the page is covered and the
   session locked; the password uncovers it, with everything typed still there. */
(function () {
  "use strict";
  var doc = document, box = doc.getElementById("khoa-man"), form = box.querySelector("form");
  var word = form.querySelector("[type=password]"), minutes = 10, last = Date.now();
  var token = form.querySelector("[name=csrfmiddlewaretoken]").value;

  function send(url, data) {
    return fetch(url, { method: "POST", body: data, redirect: "manual", headers: { "X-CSRFToken": token } });
  }

  function cover() {
    if (box.open) return;
    box.showModal();
    word.focus();
    send(box.dataset.khoa, new FormData()).catch(function () { /* the server locks by its own clock */ });
  }

  function say(name) {
    form.querySelectorAll(".err").forEach(function (e) { e.hidden = !e.matches("[data-" + name + "]"); });
  }

  ["keydown", "pointerdown", "wheel", "touchstart"].forEach(function (name) {
    addEventListener(name, function () { if (!box.open) last = Date.now(); }, { capture: true, passive: true });
  });
  // A timer sleeps with the computer; the clock does not.
  function look() { if (Date.now() - last > minutes * 60000) cover(); }
  setInterval(look, 5000);
  doc.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  box.addEventListener("cancel", function (e) { e.preventDefault(); });

  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var data = new FormData(form);
    word.value = "";
    send(form.action, data).then(function (answer) {
      if (answer.type !== "opaqueredirect") { say("sai"); word.focus(); return; }
      say("");
      last = Date.now();
      box.close();
    }, function () { say("mang"); });
  });
})();
