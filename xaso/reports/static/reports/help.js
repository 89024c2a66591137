/* Asks only what the choice above needs; without script everything is shown. */
(function () {
  "use strict";
  var form = document.getElementById("gui-ho");
  if (!form) return;
  function chosen(name) {
    var on = document.querySelector("[name=" + name + "]:checked");
    return on ? on.value : "";
  }
  function hide(id, is) { var e = document.getElementById(id); if (e) e.hidden = is; }
  function show() {
    form.hidden = chosen("whose") === "self";
    hide("to-giay", chosen("method") !== "paper");
    hide("loi-noi", chosen("method") === "paper");
    var phone = document.getElementById("id_phone").closest(".field");
    phone.hidden = /^(helper|slip)$/.test(chosen("reach"));
  }
  document.addEventListener("change", show);
  show();
})();
