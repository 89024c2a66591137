/* A machine in kiosk mode prints without asking; the page goes back by itself. */
(function () {
  "use strict";
  if (window.matchMedia("(display-mode: fullscreen), (display-mode: standalone)").matches || location.hash === "#in") window.print();
})();
