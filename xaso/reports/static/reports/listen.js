/* The sender's browser agrees to be told, and takes it back. Permission is asked after the button alone. */
(function () {
  "use strict";
  var box = document.querySelector("[data-bao-may]");
  if (!box) return;
  var on = box.querySelector("[data-bat]"), off = box.querySelector("[data-tat]"), said = box.querySelector("[data-noi]");
  function show(state, text) {
    box.hidden = false;
    box.querySelectorAll("[data-khi]").forEach(function (e) { e.hidden = e.dataset.khi.split(" ").indexOf(state) < 0; });
    on.disabled = off.disabled = false;
    said.textContent = text || "";
  }
  var can = self.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!can) {
    // An iPhone can once the page stands on its home screen.
    if (/iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone) show("iphone");
    return;
  }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function isOurs(subscription) {
    var key = subscription.options && subscription.options.applicationServerKey;
    return !key || String(new Uint8Array(key)) === String(bytes(box.dataset.khoa));
  }
  function post(url, body) {
    return fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.the },
      body: JSON.stringify(body)
    }).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) throw new Error(told.detail || answer.status);
        return told.text;
      });
    });
  }
  // A worker of an earlier version does not show messages: the newest one is fetched and takes over first.
  async function worker() {
    var w = navigator.serviceWorker, there = await w.getRegistration(box.dataset.tho);
    there = there || await w.register(box.dataset.tho, { updateViaCache: "none" });
    await there.update().catch(function () {});
    var next = there.installing || there.waiting;
    if (next) await new Promise(function (done) {
      function look() {
        if (next.state === "installed") next.postMessage("skipWaiting");
        if (/activated|redundant/.test(next.state)) done();
      }
      next.addEventListener("statechange", look);
      look();
      setTimeout(done, 10000);
    });
    return there;
  }
  async function subscribe() {
    if (await Notification.requestPermission() !== "granted") return show("cam");
    var there = await worker(), old = await there.pushManager.getSubscription();
    if (old && !isOurs(old)) await old.unsubscribe();
    var now = await there.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.khoa) });
    var text = await post(box.dataset.baoMay, now);
    show("bat", text);
  }
  async function leave() {
    var there = await navigator.serviceWorker.getRegistration(box.dataset.tho);
    var text = await post(box.dataset.thoi, {});
    var now = there && await there.pushManager.getSubscription();
    if (now) await now.unsubscribe().catch(function () {});
    show("tat", text);
  }
  function act(button, work) {
    button.addEventListener("click", function () {
      button.disabled = true;
      said.textContent = "";
      work().catch(function () { show(button === on ? "tat hong" : "bat hong"); });
    });
  }
  act(on, subscribe);
  act(off, leave);
  // What the browser says counts, not what the server remembers.
  (async function () {
    if (Notification.permission === "denied") return show("cam");
    var there = await navigator.serviceWorker.getRegistration(box.dataset.tho);
    var now = there && await there.pushManager.getSubscription();
    var isOn = !!(now && isOurs(now) && box.dataset.dangNghe);
    show(isOn ? "bat" : "tat");
  })().catch(function () { show("tat"); });
})();
