/* Xã Số – the few behaviours every page shares. Pages work without it. */
(function () {
  "use strict";
  var doc = document, html = doc.documentElement;
  function all(selector, root) { return Array.from((root || doc).querySelectorAll(selector)); }
  html.classList.add("js");

  // Chữ to: the form does it by itself; here it happens without a new page.
  function big(on) {
    if (on) html.dataset.text = "to"; else delete html.dataset.text;
    all("[data-chu-to]").forEach(function (b) { b.setAttribute("aria-pressed", on); });
  }
  if (/(^|; )chu=/.test(doc.cookie)) big(/(^|; )chu=to/.test(doc.cookie));
  all("[data-chu-to]").forEach(function (b) {
    b.addEventListener("click", function (e) {
      var on = html.dataset.text !== "to";
      e.preventDefault();
      big(on);
      doc.cookie = "chu=" + (on ? "to" : "vua") + ";path=/;max-age=31536000;samesite=lax";
    });
  });

  // Scripts that are of no use before somebody touches the page come then: `data-sau` names them.
  var later = null;
  self.xasoSau = function () {
    return later = later || Promise.all(all("[data-sau]").map(function (e) {
      return e.dataset.sau.split(" ").reduce(function (before, src) { // in their order
        return before.then(function () {
          return new Promise(function (done) {
            var s = doc.createElement("script");
            s.src = src;
            s.onload = s.onerror = done;
            doc.head.appendChild(s);
          });
        });
      }, Promise.resolve());
    }));
  };
  if (doc.querySelector("[data-sau]")) ["pointerdown", "keydown", "input", "change", "hashchange"].forEach(function (kind) {
    addEventListener(kind, self.xasoSau, { capture: true, once: true, passive: true });
  });

  // Nghe: what villagers recorded, in the language this phone chose (`data-tieng`), else in
  // Vietnamese, else the phone's own voice.
  var voice = window.speechSynthesis;
  function clip(button) {
    var said = JSON.parse(button.dataset.tieng || "{}"), mine = null;
    try { mine = localStorage.getItem("tieng"); } catch (e) { /* no storage: Vietnamese */ }
    return said[mine] || said.vie || "";
  }
  function read(button) {
    var part = doc.getElementById(button.dataset.nghe) || doc.querySelector("main");
    var words = new SpeechSynthesisUtterance(part.innerText);
    words.lang = html.lang === "en" ? "en" : "vi-VN";
    words.onend = function () { button.setAttribute("aria-pressed", "false"); };
    voice.speak(words);
  }
  function play(button, on, src) {
    if (!button.clip || button.src !== src) { button.clip = new Audio(src); button.src = src; }
    button.clip.onended = function () { button.setAttribute("aria-pressed", "false"); };
    if (on) button.clip.play(); else button.clip.pause();
  }
  all("[data-nghe]").forEach(function (b) {
    b.hidden = !(clip(b) || voice);
    b.addEventListener("click", function () {
      var on = b.getAttribute("aria-pressed") !== "true", src = clip(b);
      b.setAttribute("aria-pressed", on);
      if (voice) voice.cancel();
      if (src) return play(b, on, src);
      if (on) read(b);
    });
  });
  all("[data-chon-tieng]").forEach(function (b) {
    b.addEventListener("click", function () {
      try { localStorage.setItem("tieng", b.dataset.chonTieng); } catch (e) { return; }
      all("[data-chon-tieng]").forEach(function (x) { x.setAttribute("aria-pressed", x === b); });
      if (b.dataset.mau) new Audio(b.dataset.mau).play();
    });
  });

  // Mất mạng
  function net() { all("[data-mat-mang]").forEach(function (e) { e.hidden = navigator.onLine; }); }
  addEventListener("online", net); addEventListener("offline", net); net();

  all("[data-in-giay]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { print(); });
  });

  // One thing per screen: <form data-tung-buoc> with <section id>; a plain long form without script.
  var walk = doc.querySelector("[data-tung-buoc]");
  if (walk) {
    var steps = all("section", walk);
    var show = function (focus) {
      // A step that came back with an error is the one to look at.
      var wrong = steps.findIndex(function (s) { return s.querySelector("[aria-invalid=true],.err:not([hidden])"); });
      var at = steps.findIndex(function (s) { return "#" + s.id === location.hash; });
      if (at < 0) at = Math.max(0, wrong);
      steps.forEach(function (s, i) { s.hidden = i !== at; });
      if (!focus) return;
      var title = steps[at].querySelector("h1,h2");
      if (title) { title.tabIndex = -1; title.focus(); }
      scrollTo(0, 0);
    };
    addEventListener("hashchange", function () { show(true); });
    // What the browser refuses must be seen, even on a step that is folded away.
    walk.addEventListener("invalid", function (e) {
      var s = e.target.closest("section");
      if (s && s.hidden) { steps.forEach(function (x) { x.hidden = x !== s; }); }
    }, true);
    show(false);
  }

  // Phone: bring the current entry into view in the sideways menu.
  var here = doc.querySelector(".rail [aria-current]"), nav = here && here.parentNode;
  if (nav && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - 16;
})();
