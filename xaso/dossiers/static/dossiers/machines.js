/* Make this browser a counter machine: its private key is made here and cannot be taken out. */
(function () {
  "use strict";
  var form = document.getElementById("dang-ky"), box = self.xasoQuay, code = self.xasoCode, mine = document.getElementById("may-nay");
  if (!box || !box.usable || !code.usable) return;
  form.addEventListener("submit", async function (e) {
    e.preventDefault();
    var machine = await box.meta("machine"), kids = form.dataset.may.split(" ");
    if (!machine || kids.indexOf(machine.kid) >= 0) { // a key that was registered before is never used twice
      var pair = await code.makeKey(), jwk = await code.publicHalf(pair);
      machine = { pair: pair, jwk: jwk, kid: await code.keyId(jwk) };
      await box.setMeta("machine", machine);
    }
    form.elements.khoa.value = JSON.stringify(machine.jwk);
    form.submit();
  });
  box.meta("machine").then(function (machine) {
    var row = machine && document.querySelector('[data-kid="' + machine.kid + '"]');
    if (!row) return;
    row.querySelector("[data-day]").hidden = false;
    if (row.dataset.dung === "1") { mine.hidden = false; form.hidden = true; }
  });
})();
