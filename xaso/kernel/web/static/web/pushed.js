/* The worker's part for messages from the commune: shows them, opens their page, renews the subscription.
   A message says a code, what happened and where to look; what it cannot be read from shows the commune's name. */
(function (self) {
  "use strict";
  var told = self.xasoPush, box = self.xasoOutbox, root = registration.scope;

  function read(data) {
    var said = null;
    try { said = data && data.json(); } catch (e) { said = null; }
    return said && typeof said.title === "string" ? said : { title: told.name };
  }
  // Where a message leads: nowhere but to our own pages.
  function safe(url) {
    try { url = new URL(url || root, root); } catch (e) { return root; }
    return url.origin === location.origin ? url.href : root;
  }
  self.addEventListener("push", function (e) {
    var said = read(e.data);
    e.waitUntil(registration.showNotification(said.title, {
      tag: said.tag || "xaso", renotify: true, icon: told.icon, badge: told.icon, lang: "vi", data: safe(said.url)
    }));
    if (box) e.waitUntil(box.fresh().catch(function () {})); // there is a network: what waits goes, too
  });
  self.addEventListener("notificationclick", function (e) {
    var url = e.notification.data || root;
    e.notification.close();
    e.waitUntil(clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (pages) {
      var open = pages.find(function (p) { return p.url.split("#")[0] === url; });
      return open && open.focus ? open.focus() : clients.openWindow(url);
    }));
  });
  // The browser changed the address it is reached by: the commune learns the new one.
  self.addEventListener("pushsubscriptionchange", function (e) {
    var old = e.oldSubscription, fresh = e.newSubscription;
    var made = fresh ? Promise.resolve(fresh) : registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: told.key });
    e.waitUntil(made.then(function (now) {
      return fetch(told.url, {
        method: "PUT", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-Xaso-Outbox": "1" },
        body: JSON.stringify({ old: old ? old.endpoint : "", now: now })
      });
    }));
  });
})(self);
