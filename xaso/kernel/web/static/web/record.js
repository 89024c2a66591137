/* A box that records: <div data-thu-am> with a file input, a button, an <audio>, a status line.
   Without a recorder the file input stays, and the phone's own recorder opens from it. */
(function () {
  "use strict";
  var kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  if (!navigator.mediaDevices || !window.MediaRecorder || !window.DataTransfer) return;
  var kind = kinds.find(function (k) { return MediaRecorder.isTypeSupported(k); });
  if (!kind) return;
  document.querySelectorAll("[data-thu-am]").forEach(function (box) {
    var input = box.querySelector("input[type=file]"), button = box.querySelector("[data-thu]");
    var heard = box.querySelector("audio"), said = box.querySelector("[role=status]");
    var most = parseInt(box.dataset.thuAm, 10) || 120, recorder = null, clock = null;
    if (!input || !button) return;
    button.hidden = false;
    input.classList.add("vh");

    function say(words) { if (said) said.textContent = words || ""; }
    function done(parts, seconds) {
      var type = kind.split(";")[0], ending = type === "audio/mp4" ? "m4a" : type.split("/")[1];
      var file = new File(parts, "ghi-am." + ending, { type: type }), given = new DataTransfer();
      given.items.add(file);
      input.files = given.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      var length = box.querySelector("[data-giay]");
      if (length) length.value = seconds;
      if (heard) { heard.src = URL.createObjectURL(file); heard.hidden = false; }
      say(box.dataset.xong && box.dataset.xong.replace("%s", seconds));
    }
    function stop() { if (recorder && recorder.state !== "inactive") recorder.stop(); }
    function start(stream) {
      var parts = [], began = Date.now();
      recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 16000 });
      recorder.ondataavailable = function (e) { if (e.data.size) parts.push(e.data); };
      recorder.onstop = function () {
        clearInterval(clock);
        stream.getTracks().forEach(function (t) { t.stop(); });
        button.setAttribute("aria-pressed", "false");
        done(parts, Math.max(1, Math.round((Date.now() - began) / 1000)));
      };
      clock = setInterval(function () {
        var seconds = Math.round((Date.now() - began) / 1000);
        say(box.dataset.dang && box.dataset.dang.replace("%s", seconds));
        if (seconds >= most) stop();
      }, 500);
      recorder.start(1000);
      button.setAttribute("aria-pressed", "true");
    }
    button.addEventListener("click", function () {
      if (recorder && recorder.state === "recording") return stop();
      navigator.mediaDevices.getUserMedia({ audio: true }).then(start, function () {
        say(box.dataset.khong);
        input.classList.remove("vh");
      });
    });
  });
})();
