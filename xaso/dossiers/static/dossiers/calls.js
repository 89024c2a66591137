/* The screen of the waiting room: asks every two seconds, shows the newest number large, and speaks
   it from recorded clips (letter, digits, counter). Without clips a chime sounds; when the server is
   away the last numbers stay and the screen says so. */
(function () {
  "use strict";
  var doc = document, root = doc.getElementById("goi");
  if (!root) return;
  var list = doc.getElementById("so"), cut = doc.getElementById("mat-mang"), opener = doc.getElementById("mo-loa");
  var clips = JSON.parse(doc.getElementById("doan-thu").textContent);
  var etag = "", heard = {}, first = true, turn = Promise.resolve(), sound = null;

  function chime() {
    return new Promise(function (done) {
      try {
        sound = sound || new AudioContext();
        if (sound.state === "suspended") sound.resume();
        [784, 1047].forEach(function (pitch, n) {
          var tone = sound.createOscillator(), loud = sound.createGain();
          tone.frequency.value = pitch; loud.gain.value = 0.25;
          tone.connect(loud); loud.connect(sound.destination);
          tone.start(sound.currentTime + n * 0.3); tone.stop(sound.currentTime + n * 0.3 + 0.25);
        });
        doc.documentElement.dataset.loa = sound.state;
      } catch (e) { doc.documentElement.dataset.loa = "khong"; }
      setTimeout(done, 800);
    });
  }
  function play(url) {
    return new Promise(function (done) {
      var clip = new Audio(url), limit = setTimeout(done, 6000);
      clip.onended = clip.onerror = function () { clearTimeout(limit); done(); };
      clip.play().catch(done);
    });
  }
  // "A 012" to counter 3: invite, A, 0, 1, 2, counter, 3. Missing one: nothing half-said is played.
  function keys(call) {
    return ["invite", "letter." + call.letter]
      .concat(call.digits.split("").map(function (d) { return "digit." + d; }))
      .concat(["counter"], call.counter.split("").map(function (d) { return "digit." + d; }));
  }
  function speak(call) {
    var said = keys(call), whole = said.every(function (key) { return clips[key]; });
    root.dataset.noi = call.label + "|" + (whole ? "thu" : "chuong");
    return said.reduce(function (before, key) {
      return before.then(function () { return whole ? play(clips[key]) : undefined; });
    }, chime());
  }
  function line(call, isNew) {
    var row = doc.createElement("li"), label = doc.createElement("b"), where = doc.createElement("span");
    label.textContent = call.label;
    where.textContent = root.dataset.counter.replace("{}", call.counter);
    if (isNew) row.className = "moi";
    row.append(label, where);
    return row;
  }
  function show(calls) {
    if (!calls.length) return;
    list.replaceChildren.apply(list, calls.map(function (call, n) { return line(call, !n && !heard[call.key] && !first); }));
    calls.slice().reverse().forEach(function (call) {
      if (!heard[call.key] && !first) turn = turn.then(function () { return speak(call); });
      heard[call.key] = true;
    });
    first = false;
  }
  function ask() {
    var headers = etag ? { "If-None-Match": etag } : {};
    fetch(root.dataset.url, { headers: headers, credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (answer.status === 304) { cut.hidden = true; return; }
      if (!answer.ok) throw new Error(answer.status);
      etag = answer.headers.get("ETag") || "";
      return answer.json().then(function (data) { cut.hidden = true; show(data.calls); first = false; });
    }).catch(function () { cut.hidden = false; }).then(function () { setTimeout(ask, root.dataset.seconds * 1000); });
  }
  opener.addEventListener("click", function () { chime().then(function () { opener.hidden = true; }); });
  ask();
})();
