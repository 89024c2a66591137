/* Photos leave the phone small: 1,280 px, JPEG, at most 300 kB; one at a time, so that a cheap phone can bear it. */
(function () {
  "use strict";
  var MOST = 6, CAP = 300 * 1000, RAW = 8 * 1024 * 1024;
  // Longest side and quality, until it is at most 300 kB: leaves and gravel need the later ones.
  var STEPS = [[1280, 0.7], [1280, 0.6], [1280, 0.5], [1024, 0.55], [1024, 0.45], [800, 0.45], [640, 0.4]];

  function draw(bitmap, side) {
    var scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  function blob(canvas, quality) {
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); });
  }
  // Smaller steps until it fits; a picture the browser cannot read goes as it is.
  async function shrink(file) {
    var bitmap;
    try { bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }); }
    catch (e) { return file; }
    var canvas = null, found = null;
    for (var step of STEPS) {
      if (!canvas || Math.max(canvas.width, canvas.height) > step[0]) canvas = draw(canvas || bitmap, step[0]);
      if (bitmap.width) bitmap.close();
      found = await blob(canvas, step[1]);
      if (!found || found.type !== "image/jpeg") return file;
      if (found.size <= CAP) break;
    }
    if (found.size >= file.size) return file;
    return new File([found], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }

  document.querySelectorAll("[data-thu-nho]").forEach(function (input) {
    var shown = document.getElementById(input.dataset.thuNho), kept = [], wrong = "";
    var camera = document.querySelector('[data-chup="' + input.id + '"]');
    var said = document.getElementById(input.id + "-noi");

    function put() {
      var box = new DataTransfer();
      kept.forEach(function (f) { box.items.add(f); });
      input.files = box.files;
      if (!shown) return;
      shown.textContent = "";
      kept.forEach(function (f, n) {
        var img = new Image(110, 110), drop = document.createElement("button"), one = document.createElement("span");
        img.alt = f.name;
        img.src = URL.createObjectURL(f);
        img.onload = function () { URL.revokeObjectURL(img.src); };
        drop.type = "button";
        drop.textContent = "×";
        drop.setAttribute("aria-label", (shown.dataset.bo || "").replace("{n}", n + 1));
        drop.addEventListener("click", function () { kept.splice(n, 1); put(); });
        one.append(img, drop);
        shown.appendChild(one);
      });
      if (said) said.textContent = (kept.length ? kept.length + "/" + MOST + " · " + size() : "") + wrong;
      wrong = "";
      input.form.dispatchEvent(new Event("anh-doi"));
    }
    function size() {
      var all = kept.reduce(function (sum, f) { return sum + f.size; }, 0);
      return Math.round(all / 1024) + " kB";
    }
    async function take(files) {
      input.form.setAttribute("aria-busy", "true");
      for (var f of files) {
        if (kept.length >= MOST) break;
        f = await shrink(f);
        // What the browser could not read goes as it is, but not without end.
        if (f.size > RAW) wrong = " " + ((said && said.dataset.lon) || ""); else kept.push(f);
      }
      input.form.removeAttribute("aria-busy");
      put();
    }
    if (!window.createImageBitmap || !window.DataTransfer) return;
    // Photos kept on the phone come back; those from the gallery are made small first.
    input.form.addEventListener("dat-lai", function (e) { kept = e.detail.slice(0, MOST); put(); });
    input.form.addEventListener("them-anh", function (e) { take(e.detail); });
    input.addEventListener("change", function () { take(Array.from(input.files)); });
    function snapped() {
      var files = Array.from(camera.files);
      camera.value = "";
      take(files);
    }
    if (camera) camera.addEventListener("change", snapped);
    // Chosen while this script was still on its way.
    if (camera && camera.files.length) snapped();
    else if (input.files.length) take(Array.from(input.files));
  });
})();
