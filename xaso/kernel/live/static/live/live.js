/* Live pages: <body data-live="address that answers {url}">. Fires the event "live" on document
   with {topic, data}; topic "reload" means: fetch everything. Without a stream it asks every 30 s. */
(function () {
  var where = document.querySelector('[data-live]');
  if (!where || !window.EventSource || !window.fetch) return;
  var tries = 0, stream, timer, waits = [1, 2, 5, 10, 20, 40, 60];

  function tell(topic, data) {
    document.dispatchEvent(new CustomEvent('live', { detail: { topic: topic, data: data || {} } }));
  }
  function state(on) {
    document.documentElement.setAttribute('data-live-state', on ? 'on' : 'off');
    document.dispatchEvent(new CustomEvent('live-state', { detail: on }));
  }
  function again() {
    if (stream) { stream.close(); stream = null; }
    state(false);
    clearTimeout(timer);
    // A tenth more or less, so that many screens do not come back in the same moment.
    timer = setTimeout(open, waits[Math.min(tries++, waits.length - 1)] * 1000 * (0.9 + Math.random() / 5));
  }
  function open() {
    fetch(where.getAttribute('data-live'), { credentials: 'same-origin', cache: 'no-store' })
      .then(function (answer) { if (!answer.ok) throw answer.status; return answer.json(); })
      .then(function (found) {
        stream = new EventSource(found.url);
        stream.onopen = function () { tries = 0; state(true); tell('reload'); };
        stream.onmessage = function (e) { var m = JSON.parse(e.data); tell(m.topic, m.data); };
        stream.addEventListener('reload', function () { tell('reload'); });
        // A pass is good for a minute: coming back needs a fresh one, so never let the browser retry.
        stream.onerror = again;
      })
      .catch(again);
  }
  setInterval(function () { if (!stream || stream.readyState !== 1) tell('poll'); }, 30000);
  addEventListener('online', function () { tries = 0; again(); });
  state(false);
  open();
})();
