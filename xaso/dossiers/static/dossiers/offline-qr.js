/* QR codes (ISO/IEC 18004) without a server: bytes, correction level L, versions 1 to 20. */
(function (self) {
  "use strict";
  // Per version at level L: correction bytes of a block, and how many blocks.
  var ECC = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
  var BLOCKS = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
  var EXP = [], LOG = [];
  for (var i = 0, x = 1; i < 255; i++) { EXP[i] = x; LOG[x] = i; x = x << 1 ^ (x > 127 ? 0x11d : 0); }
  function times(a, b) { return a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0; }

  function centres(v) {
    if (v === 1) return [];
    var n = Math.floor(v / 7) + 2, size = v * 4 + 17, step = n === 2 ? size - 13 : Math.ceil((size - 13) / (2 * n - 2)) * 2;
    var out = [];
    for (var k = 0; k < n - 1; k++) out.unshift(size - 7 - k * step);
    out.unshift(6);
    return out;
  }
  function room(v) { // bytes of data and correction together
    var bits = (16 * v + 128) * v + 64;
    if (v > 1) { var n = Math.floor(v / 7) + 2; bits -= (25 * n - 10) * n - 55; if (v > 6) bits -= 36; }
    return bits >> 3;
  }
  function divisor(degree) {
    var out = new Array(degree).fill(0), root = 1;
    out[degree - 1] = 1;
    for (var k = 0; k < degree; k++) {
      for (var j = 0; j < degree; j++) out[j] = times(out[j], root) ^ (j + 1 < degree ? out[j + 1] : 0);
      root = times(root, 2);
    }
    return out;
  }
  function rest(data, by) {
    var out = new Array(by.length).fill(0);
    data.forEach(function (b) {
      var f = b ^ out.shift();
      out.push(0);
      by.forEach(function (c, k) { out[k] ^= times(c, f); });
    });
    return out;
  }
  function words(bytes, v) {
    var data = room(v) - ECC[v] * BLOCKS[v], bits = [];
    function put(value, n) { while (n--) bits.push(value >> n & 1); }
    put(4, 4);
    put(bytes.length, v < 10 ? 8 : 16);
    bytes.forEach(function (b) { put(b, 8); });
    put(0, Math.min(4, data * 8 - bits.length));
    put(0, (8 - bits.length % 8) % 8);
    var out = [];
    for (var k = 0; k < bits.length; k += 8) out.push(parseInt(bits.slice(k, k + 8).join(""), 2));
    for (var pad = 0xec; out.length < data; pad ^= 0xec ^ 0x11) out.push(pad);
    var n = BLOCKS[v], length = Math.floor(data / n), by = divisor(ECC[v]), parts = [], at = 0;
    for (k = 0; k < n; k++) {
      // With uneven blocks the later ones are one byte longer.
      var part = out.slice(at, at += length + (k < n - data % n ? 0 : 1));
      parts.push([part, rest(part, by)]);
    }
    var mixed = [];
    for (k = 0; k <= length; k++) parts.forEach(function (p) { if (k < p[0].length) mixed.push(p[0][k]); });
    for (k = 0; k < ECC[v]; k++) parts.forEach(function (p) { mixed.push(p[1][k]); });
    return mixed;
  }
  function bch(value, by, n) {
    var r = value;
    for (var k = 0; k < n; k++) r = r << 1 ^ (r >> n - 1) * by;
    return value << n | r;
  }
  var MASKS = [
    function (r, c) { return (r + c) % 2; }, function (r) { return r % 2; }, function (r, c) { return c % 3; }, function (r, c) { return (r + c) % 3; },
    function (r, c) { return (Math.floor(r / 2) + Math.floor(c / 3)) % 2; }, function (r, c) { return r * c % 2 + r * c % 3; },
    function (r, c) { return (r * c % 2 + r * c % 3) % 2; }, function (r, c) { return ((r + c) % 2 + r * c % 3) % 2; }
  ];
  function matrix(text, mask) {
    var bytes = Array.from(new TextEncoder().encode(text)), v = 1;
    while (v < 21 && bytes.length + (v < 10 ? 2 : 3) > room(v) - ECC[v] * BLOCKS[v]) v++;
    if (v > 20) throw new Error("too long for a code");
    var size = v * 4 + 17, m = [], fixed = [];
    for (var r = 0; r < size; r++) { m.push(new Array(size).fill(0)); fixed.push(new Array(size).fill(0)); }
    function set(r, c, dark) { if (r >= 0 && c >= 0 && r < size && c < size) { m[r][c] = dark ? 1 : 0; fixed[r][c] = 1; } }
    for (var k = 0; k < size; k++) { set(6, k, k % 2 === 0); set(k, 6, k % 2 === 0); }
    [[3, 3], [3, size - 4], [size - 4, 3]].forEach(function (at) {
      for (var y = -4; y <= 4; y++) for (var x = -4; x <= 4; x++) { var d = Math.max(Math.abs(x), Math.abs(y)); set(at[0] + y, at[1] + x, d !== 2 && d !== 4); }
    });
    var at = centres(v), last = at.length - 1;
    at.forEach(function (r, a) { at.forEach(function (c, b) {
      if (!a && !b || !a && b === last || a === last && !b) return;
      for (var y = -2; y <= 2; y++) for (var x = -2; x <= 2; x++) set(r + y, c + x, Math.max(Math.abs(x), Math.abs(y)) !== 1);
    }); });
    function format(mask) {
      var bits = bch(1 << 3 | mask, 0x537, 10) ^ 0x5412, bit = function (k) { return bits >> k & 1; };
      for (var k = 0; k < 6; k++) set(k, 8, bit(k));
      set(7, 8, bit(6)); set(8, 8, bit(7)); set(8, 7, bit(8));
      for (k = 9; k < 15; k++) set(8, 14 - k, bit(k));
      for (k = 0; k < 8; k++) set(8, size - 1 - k, bit(k));
      for (k = 8; k < 15; k++) set(size - 15 + k, 8, bit(k));
      set(size - 8, 8, 1);
    }
    format(0);
    if (v > 6) {
      var bits = bch(v, 0x1f25, 12);
      for (k = 0; k < 18; k++) { var a = size - 11 + k % 3, b = Math.floor(k / 3); set(a, b, bits >> k & 1); set(b, a, bits >> k & 1); }
    }
    var data = words(bytes, v), n = 0;
    for (var right = size - 1; right > 0; right -= 2) {
      if (right === 6) right = 5; // the timing column holds no data
      for (var up = 0; up < size; up++) for (var j = 0; j < 2; j++) {
        var c = right - j, row = (right + 1 & 2) === 0 ? size - 1 - up : up;
        if (!fixed[row][c] && n < data.length * 8) { m[row][c] = data[n >> 3] >> 7 - (n & 7) & 1; n++; }
      }
    }
    mask = mask || 0;
    for (r = 0; r < size; r++) for (c = 0; c < size; c++) if (!fixed[r][c] && MASKS[mask](r, c) === 0) m[r][c] ^= 1;
    format(mask);
    return m;
  }
  // A picture; the text is in the modules alone, never in the markup.
  function svg(text) {
    var m = matrix(text, 3), n = m.length + 8, d = "", ns = "http://www.w3.org/2000/svg";
    m.forEach(function (row, r) { row.forEach(function (dark, c) { if (dark) d += "M" + (c + 4) + " " + (r + 4) + "h1v1h-1z"; }); });
    var out = document.createElementNS(ns, "svg"), ground = document.createElementNS(ns, "path"), path = document.createElementNS(ns, "path");
    out.setAttribute("viewBox", "0 0 " + n + " " + n);
    out.setAttribute("role", "img");
    ground.setAttribute("d", "M0 0h" + n + "v" + n + "h-" + n + "z");
    ground.setAttribute("fill", "#fff");
    path.setAttribute("d", d);
    out.append(ground, path);
    return out;
  }
  self.xasoQr = { matrix: matrix, svg: svg };
})(self);
