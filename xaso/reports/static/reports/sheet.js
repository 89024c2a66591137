(function () {
  "use strict";
  var button = document.querySelector("[data-in-phieu]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", function () { window.print(); });
})();
