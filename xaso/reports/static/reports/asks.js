/* Officials' forms: the questions of the kind chosen above come from the sheet of questions. Without script the form comes back with them. */
(function () {
  "use strict";
  var asks = document.querySelector("[data-hoi]"), sheet = null;
  var form = asks && asks.closest("form");
  if (!form) return;
  async function ask() {
    var code = form.elements.category.value;
    if (asks.dataset.cua === code) return;
    asks.dataset.cua = code;
    sheet = sheet || fetch(asks.dataset.hoi).then(function (r) { return r.ok ? r.text() : ""; });
    var text = await sheet.catch(function () { sheet = null; return ""; });
    if (asks.dataset.cua !== code) return; // another kind was chosen meanwhile
    var all = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-cua]");
    var own = Array.from(all).find(function (e) { return e.dataset.cua === code; });
    asks.replaceChildren.apply(asks, own ? Array.from(document.importNode(own, true).childNodes) : []);
  }
  form.addEventListener("change", function (e) { if (e.target.name === "category") ask(); });
  ask();
})();
