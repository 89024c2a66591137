/* Xã Số – the sender's browser agrees to be told. Permission is asked after the button alone. */
(function () {
  "use strict";
  var box = document.querySelector("[data-nghe]"), button = box.querySelector("button");
  var said = box.querySelector("[data-noi]"), fault = box.querySelector("[data-loi]");
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  box.hidden = false;
  if (!button) return;

  function key(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }

  function worker() {
    return navigator.serviceWorker.getRegistration(box.dataset.tho).then(function (found) {
      return found || navigator.serviceWorker.register(box.dataset.tho);
    }).then(function () { return navigator.serviceWorker.ready; });
  }

  button.addEventListener("click", function () {
    button.disabled = true;
    fault.hidden = true;
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") throw new Error(answer);
      return worker();
    }).then(function (there) {
      return there.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key(box.dataset.khoa) });
    }).then(function (subscription) {
      return fetch(box.dataset.nghe, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value
        },
        body: JSON.stringify(subscription)
      });
    }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (told) {
      said.textContent = told.text;
      button.hidden = true;
    }).catch(function () {
      button.disabled = false;
      fault.hidden = false;
    });
  });
})();
