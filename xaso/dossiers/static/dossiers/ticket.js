/* A machine in kiosk mode prints without asking; pages of the queue go on by themselves, in view only. */
(function () {
  "use strict";
  var next = document.querySelector("[data-back]");
  if (document.querySelector(".ticket") && (location.hash === "#in" || window.matchMedia("(display-mode: fullscreen), (display-mode: standalone)").matches)) window.print();
  if (!next) return;
  setTimeout(function go() {
    if (document.hidden) { setTimeout(go, 2000); return; }
    location.replace(next.dataset.back);
  }, next.dataset.seconds * 1000);
})();
