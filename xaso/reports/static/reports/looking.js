/* Boxes drawn on a photo, and one key per decision. Without this the grid of cells does the same. */
(function () {
  "use strict";
  var form = document.querySelector("[data-duyet]");
  if (!form) return;
  var parts = Array.from(form.querySelectorAll("[data-muc]")), now = 0;
  var LEAST = 12, STEP = 10; // thousandths of the picture

  // --- drawing: each photo keeps its boxes as [x, y, width, height] in thousandths
  function clamp(n, low, high) { return Math.max(low, Math.min(high, Math.round(n))); }
  function drawer(part) {
    var shot = part.querySelector("[data-hinh]"), kept = part.querySelector("[data-khung]");
    if (!shot || !kept) return;
    var boxes = [], start = null, moving = null, name = part.querySelector("[data-them]").dataset.ten, out = part.querySelector("[data-bo-het]").dataset.bo;
    try { boxes = JSON.parse(kept.value) || []; } catch (_) { boxes = []; }
    part.querySelector("[data-luoi]").hidden = !part.querySelector("[data-luoi] :checked");
    part.querySelector("[data-ve]").hidden = false;
    part.querySelector("[data-khong-ve]").hidden = true;
    shot.classList.add("is-drawing");

    function at(event) {
      var r = shot.getBoundingClientRect();
      return [clamp((event.clientX - r.left) / r.width * 1000, 0, 1000), clamp((event.clientY - r.top) / r.height * 1000, 0, 1000)];
    }
    function place(e, box) {
      e.style.left = box[0] / 10 + "%"; e.style.top = box[1] / 10 + "%";
      e.style.width = box[2] / 10 + "%"; e.style.height = box[3] / 10 + "%";
    }
    function save() {
      kept.value = JSON.stringify(boxes);
      if (boxes.length) choose(part, 2);
    }
    function draw(focused) {
      shot.querySelectorAll(".look__box").forEach(function (e) { e.remove(); });
      boxes.forEach(function (box, n) {
        var e = document.createElement("div"), drop = document.createElement("button"), grip = document.createElement("span");
        e.className = "look__box"; e.dataset.n = n; e.tabIndex = 0;
        e.setAttribute("role", "group");
        e.setAttribute("aria-label", name + " " + (n + 1));
        drop.type = "button"; drop.className = "look__drop"; drop.textContent = "×";
        drop.setAttribute("aria-label", out + " " + (n + 1));
        // The click that follows the tap which made the box lands on it, too: only a press counts.
        drop.addEventListener("pointerdown", function () { drop.dataset.nhan = ""; });
        drop.addEventListener("click", function (event) {
          if (event.detail && drop.dataset.nhan === undefined) return;
          boxes.splice(n, 1);
          draw(-1);
        });
        grip.className = "look__grip";
        e.append(drop, grip);
        place(e, box);
        shot.appendChild(e);
        if (n === focused) e.focus({ preventScroll: true });
      });
      save();
    }
    function add(box) { boxes.push(box); draw(boxes.length - 1); }
    function round(p) { return [clamp(p[0] - 100, 0, 800), clamp(p[1] - 100, 0, 800), 200, 200]; }

    // A mouse or pen draws a box; a finger taps to set one, then moves it or pulls its corner: the
    // page must still scroll under a finger.
    shot.addEventListener("pointerdown", function (event) {
      if (event.button > 0 || event.target.closest("[data-luoi], .look__drop")) return;
      var hit = event.target.closest(".look__box"), p = at(event), box = hit && boxes[hit.dataset.n];
      now = parts.indexOf(part); mark();
      if (hit) moving = { n: +hit.dataset.n, from: p, was: box.slice(), e: hit, grip: event.target.matches(".look__grip") };
      else start = p;
      if (hit || event.pointerType !== "touch") shot.setPointerCapture(event.pointerId);
      if (!hit && event.pointerType !== "touch") event.preventDefault();
    });
    shot.addEventListener("pointermove", function (event) {
      var p = at(event), box, dx, dy;
      if (moving) {
        box = boxes[moving.n]; dx = p[0] - moving.from[0]; dy = p[1] - moving.from[1];
        if (moving.grip) {
          box[2] = clamp(moving.was[2] + dx, LEAST, 1000 - box[0]); box[3] = clamp(moving.was[3] + dy, LEAST, 1000 - box[1]);
        } else {
          box[0] = clamp(moving.was[0] + dx, 0, 1000 - box[2]); box[1] = clamp(moving.was[1] + dy, 0, 1000 - box[3]);
        }
        place(moving.e, box);
      } else if (start && event.pointerType !== "touch") {
        var ghost = shot.querySelector("[data-moi]") || shot.appendChild(Object.assign(document.createElement("div"), { className: "look__box" }));
        ghost.setAttribute("data-moi", "");
        place(ghost, [Math.min(p[0], start[0]), Math.min(p[1], start[1]), Math.abs(p[0] - start[0]), Math.abs(p[1] - start[1])]);
      }
    });
    function end(event) {
      var p = at(event), from = start, was = moving, ghost = shot.querySelector("[data-moi]");
      start = moving = null;
      if (ghost) ghost.remove();
      if (was) { draw(was.n); return; }
      if (!from || event.type !== "pointerup") return;
      if (event.pointerType === "touch") {
        if (Math.abs(p[0] - from[0]) + Math.abs(p[1] - from[1]) < 30) add(round(p));
        return;
      }
      var box = [Math.min(p[0], from[0]), Math.min(p[1], from[1]), Math.abs(p[0] - from[0]), Math.abs(p[1] - from[1])];
      if (box[2] >= LEAST && box[3] >= LEAST) add(box);
    }
    shot.addEventListener("pointerup", end);
    shot.addEventListener("pointercancel", end);
    shot.addEventListener("dragstart", function (event) { event.preventDefault(); });
    shot.addEventListener("keydown", function (event) {
      var e = event.target.closest(".look__box"), way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!e || e.dataset.n === undefined || event.target !== e) return;
      var n = +e.dataset.n, box = boxes[n];
      if (event.key === "Delete" || event.key === "Backspace") { boxes.splice(n, 1); draw(Math.min(n, boxes.length - 1)); }
      else if (way && event.shiftKey) {
        box[2] = clamp(box[2] + way[0] * STEP, LEAST, 1000 - box[0]); box[3] = clamp(box[3] + way[1] * STEP, LEAST, 1000 - box[1]);
        place(e, box); save();
      } else if (way) {
        box[0] = clamp(box[0] + way[0] * STEP, 0, 1000 - box[2]); box[1] = clamp(box[1] + way[1] * STEP, 0, 1000 - box[3]);
        place(e, box); save();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    part.querySelector("[data-them]").addEventListener("click", function () { add([375, 375, 250, 250]); });
    part.querySelector("[data-bo-het]").addEventListener("click", function () { boxes = []; draw(-1); });
    if (boxes.length) draw(-1);
  }

  // --- keys
  function mark() {
    parts.forEach(function (part, n) { part.classList.toggle("is-now", n === now); });
  }
  function go(n) {
    now = Math.max(0, Math.min(parts.length - 1, n));
    mark();
    parts[now].tabIndex = -1;
    parts[now].focus({ preventScroll: true });
    parts[now].scrollIntoView({ block: "center" });
  }
  function choose(part, number) {
    var radio = part.querySelector('[data-so="' + number + '"]');
    if (radio) radio.checked = true;
    return radio;
  }
  var hidden = { t: "child", n: "body", g: "paper" };
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("textarea, select, input[type=text], input:not([type])")) return;
    var key = event.key.toLowerCase(), part = parts[now], reason = part && part.querySelector("[data-ly-do]");
    if (key === "j") go(now + 1);
    else if (key === "k") go(now - 1);
    else if (/^[123]$/.test(key) && choose(part, key)) {
      if (key === "3" && reason && !reason.value) reason.focus();
      else if (!(key === "2" && reason)) go(now + 1);
    } else if (hidden[key] && reason) {
      reason.value = hidden[key];
      choose(part, 3);
      go(now + 1);
    } else return;
    event.preventDefault();
  });
  form.addEventListener("focusin", function (event) {
    var part = event.target.closest("[data-muc]");
    if (part && parts.indexOf(part) !== now) { now = parts.indexOf(part); mark(); }
  });

  // --- words: what is selected in the text is blanked as well
  var cover = form.querySelector("[data-che]"), more = document.getElementById("them");
  if (cover && more) {
    cover.hidden = false;
    cover.addEventListener("mousedown", function (event) { event.preventDefault(); });
    cover.addEventListener("click", function () {
      var said = String(getSelection()).trim();
      if (said) more.value = (more.value.trim() ? more.value.trim() + "\n" : "") + said;
    });
  }
  form.querySelector("[data-phim]").hidden = false;
  parts.filter(function (part) { return part.dataset.anh; }).forEach(drawer);
  mark();
})();
