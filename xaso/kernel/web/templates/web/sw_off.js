/* The worker is switched off: it takes its copies and itself away. The outbox stays on the phone. */
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (e) {
  e.waitUntil((async function () {
    for (var name of await caches.keys()) if (name.indexOf("xaso {{ root|escapejs }} ") === 0) await caches.delete(name);
    await self.registration.unregister();
    for (var page of await self.clients.matchAll({ type: "window" })) page.navigate(page.url);
  })());
});
