/* Asks only what the choice above needs; without script everything is shown. */
(function () {
  "use strict";
  var form = document.getElementById("gui-ho");
  if (!form) return;
  function chosen(name) {
    var on = document.querySelector("[name=" + name + "]:checked");
    return on ? on.value : "";
  }
  function show() {
    form.hidden = chosen("whose") === "self";
    document.getElementById("to-giay").hidden = chosen("method") !== "paper";
    document.getElementById("loi-noi").hidden = chosen("method") === "paper";
    var phone = document.getElementById("id_phone").closest(".field");
    phone.hidden = /^(helper|slip)$/.test(chosen("reach"));
  }
  document.addEventListener("change", show);
  show();
})();
