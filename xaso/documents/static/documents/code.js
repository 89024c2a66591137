/* Codes of slips (XS1): take apart, check, sign. Plain functions, no page; also for other rooms. */
(function () {
  "use strict";
  var ALGO = { name: "ECDSA", namedCurve: "P-256" }, HASH = { name: "ECDSA", hash: "SHA-256" };
  var SHAPE = /^XS1\.([a-z2-7]{8})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})$/;
  var subtle = self.crypto && self.crypto.subtle;

  function unpack(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4));
    return Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
  }
  function pack(bytes) {
    var raw = "";
    new Uint8Array(bytes).forEach(function (b) { raw += String.fromCharCode(b); });
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function bytes(text) { return new TextEncoder().encode(text); }

  // The parts of a code, or null for what is none.
  function read(text) {
    text = String(text).trim();
    text = text.slice(text.lastIndexOf("#") + 1);
    var found = text.length <= 900 && SHAPE.exec(text);
    if (!found) return null;
    try {
      var said = JSON.parse(new TextDecoder().decode(unpack(found[2])));
      if (typeof said.k !== "string" || typeof said.c !== "string" || !said.t) return null;
      return { kid: found[1], kind: said.k, code: said.c, at: new Date(said.t), facts: said.f || {},
        message: text.slice(0, text.lastIndexOf(".")), signature: unpack(found[3]) };
    } catch (e) { return null; }
  }
  // Whether the key of that name signed it. `keys` as published under kiem-tra/khoa.json.
  async function check(code, keys) {
    var row = keys.find(function (k) { return k.kid === code.kid; });
    if (!row) return { genuine: false, why: "unknown" };
    var jwk = { kty: "EC", crv: "P-256", x: row.jwk.x, y: row.jwk.y };
    var key = await subtle.importKey("jwk", jwk, ALGO, false, ["verify"]);
    if (!await subtle.verify(HASH, key, code.signature, bytes(code.message))) return { genuine: false, why: "changed" };
    if (row.lost) return { genuine: false, why: "lost", key: row };
    var slack = 600000, at = code.at.getTime();
    if (row.to && at > new Date(row.to).getTime() + slack || at < new Date(row.from).getTime() - slack) return { genuine: false, why: "outside", key: row };
    return { genuine: true, key: row };
  }
  // A key that never leaves this browser; keep the pair in IndexedDB, send the public half.
  async function makeKey() { return subtle.generateKey(ALGO, false, ["sign", "verify"]); }
  async function publicHalf(pair) {
    var jwk = await subtle.exportKey("jwk", pair.publicKey);
    return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
  }
  async function keyId(jwk) {
    var x = unpack(jwk.x), y = unpack(jwk.y), point = new Uint8Array(64);
    point.set(x, 0);
    point.set(y, 32);
    var digest = new Uint8Array(await subtle.digest("SHA-256", point)).slice(0, 5), bits = "";
    digest.forEach(function (b) { bits += b.toString(2).padStart(8, "0"); });
    return bits.match(/.{5}/g).map(function (five) { return "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five, 2)]; }).join("");
  }
  // Facts as the server knows them: due, received, number, dated, copies, total, expires, offline.
  async function sign(pair, kind, code, facts) {
    var at = new Date(), body = { k: kind, c: code, t: at.toISOString().slice(0, 16) + "+00:00" };
    if (facts && Object.keys(facts).length) body.f = facts;
    var head = "XS1." + await keyId(await publicHalf(pair)) + "." + pack(bytes(JSON.stringify(body)));
    return head + "." + pack(await subtle.sign(HASH, pair.privateKey, bytes(head)));
  }
  self.xasoCode = { usable: !!subtle, read: read, check: check, makeKey: makeKey, publicHalf: publicHalf, keyId: keyId, sign: sign };
})();
