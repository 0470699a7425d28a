// QR codes (ISO/IEC 18004), as far as addresses need them: bytes, error correction M, versions 1 to 10.
import { h } from "./vue.js";

/** Of each version: codewords for error correction in a block, then blocks as [number, codewords of data]. @type {[number, ...[number, number][]][]} */
const BLOCKS = [
  [10, [1, 16]], [16, [1, 28]], [26, [1, 44]], [18, [2, 32]], [24, [2, 43]], [16, [4, 27]], [18, [4, 31]], [22, [2, 38], [2, 39]], [22, [3, 36], [2, 37]], [26, [4, 43], [1, 44]],
];
/** Where the small squares are. */
const ALIGNMENT = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
/** Which modules each mask turns over. @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (_x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// The field GF(256) over x⁸ + x⁴ + x³ + x² + 1.
const EXP = new Uint8Array(512), LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0);
}
/** @param {number} a @param {number} b */
const times = (a, b) => a && b ? EXP[LOG[a] + LOG[b]] : 0;

/** Reed–Solomon codewords of a block. @param {number[]} data @param {number} count */
function correction(data, count) {
  let generator = [1];
  for (let i = 0; i < count; i++) {
    const next = new Array(generator.length + 1).fill(0);
    generator.forEach((factor, k) => {
      next[k] ^= factor;
      next[k + 1] ^= times(factor, EXP[i]);
    });
    generator = next;
  }
  const rest = [...data, ...new Array(count).fill(0)];
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    if (factor) generator.forEach((one, k) => (rest[i + k] ^= times(one, factor)));
  }
  return rest.slice(data.length);
}

/** The codewords of a text in the order in which they are laid out. @param {Uint8Array} bytes @param {number} version from 1 */
function codewords(bytes, version) {
  const [count, ...groups] = BLOCKS[version - 1], room = groups.reduce((sum, [n, size]) => sum + n * size, 0);
  const bits = [0, 1, 0, 0];
  const put = (/** @type {number} */ value, /** @type {number} */ width) => { for (let i = width - 1; i >= 0; i--) bits.push((value >> i) & 1); };
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data = [];
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  const blocks = groups.flatMap(([n, size]) => new Array(n).fill(size));
  let at = 0;
  const parts = blocks.map((size) => data.slice(at, (at += size))), checks = parts.map((part) => correction(part, count));
  const out = [];
  for (let i = 0; i < Math.max(...blocks); i++) parts.forEach((part) => i < part.length && out.push(part[i]));
  for (let i = 0; i < count; i++) checks.forEach((check) => out.push(check[i]));
  return out;
}

/** A number with its check bits (BCH). @param {number} value @param {number} generator @param {number} width of the check */
function checked(value, generator, width) {
  let rest = value << width;
  const top = 31 - Math.clz32(generator);
  for (let i = 31 - Math.clz32(rest || 1); i >= top; i--) if (rest & (1 << i)) rest ^= generator << (i - top);
  return (value << width) | rest;
}

/** How hard a picture is to read. @param {number[][]} grid */
function penalty(grid) {
  const size = grid.length, columns = grid.map((_row, x) => grid.map((row) => row[x]));
  let sum = 0, dark = 0;
  for (const line of [...grid, ...columns]) {
    const text = line.join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (let i = 0; i + 11 <= size; i++) if (["10111010000", "00001011101"].includes(text.slice(i, i + 11))) sum += 40;
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      dark += grid[y][x];
      if (x && y && grid[y][x] === grid[y - 1][x] && grid[y][x] === grid[y][x - 1] && grid[y][x] === grid[y - 1][x - 1]) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size));
}

/**
 * The modules of a text, row by row: 1 is dark.
 * @param {string} text @returns {number[][] | null} null where it is too long
 */
export function qr(text) {
  const bytes = new TextEncoder().encode(text);
  const version = 1 + BLOCKS.findIndex(([, ...groups], i) => groups.reduce((sum, [n, size]) => sum + n * size, 0) >= bytes.length + (i < 9 ? 2 : 3));
  if (!version) return null;
  const size = 17 + 4 * version, grid = Array.from({ length: size }, () => new Array(size).fill(-1));
  const square = (/** @type {number} */ cx, /** @type {number} */ cy, /** @type {number} */ reach, /** @type {number[]} */ light) => {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        if (grid[cy + y]?.[cx + x] !== undefined) grid[cy + y][cx + x] = light.includes(Math.max(Math.abs(x), Math.abs(y))) ? 0 : 1;
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, [2, 4]);
  const places = ALIGNMENT[version - 1];
  for (const x of places) for (const y of places) if (grid[y][x] < 0) square(x, y, 2, [1]);
  for (let i = 8; i < size - 8; i++) grid[6][i] = grid[i][6] = 1 - (i % 2);
  const formatAt = /** @type {[number, number][]} */ ([]), formatToo = /** @type {[number, number][]} */ ([]);
  for (let i = 0; i < 15; i++) {
    formatAt.push(i < 6 ? [8, i] : i < 8 ? [8, i + 1] : i === 8 ? [7, 8] : [14 - i, 8]);
    formatToo.push(i < 8 ? [size - 1 - i, 8] : [8, size - 15 + i]);
  }
  for (const [x, y] of [...formatAt, ...formatToo]) grid[y][x] = 0;
  grid[size - 8][8] = 1;
  if (version >= 7) {
    const bits = checked(version, 0x1f25, 12);
    for (let i = 0; i < 18; i++) {
      const long = size - 11 + (i % 3), short = Math.floor(i / 3);
      grid[short][long] = grid[long][short] = (bits >> i) & 1;
    }
  }
  const free = grid.map((row) => row.map((module) => module < 0)), data = codewords(bytes, version);
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i;
      for (const x of [right, right - 1]) {
        if (!free[y][x]) continue;
        grid[y][x] = ((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
        bit++;
      }
    }
  }
  const pictures = MASKS.map((mask, number) => {
    const picture = grid.map((row, y) => row.map((module, x) => free[y][x] && mask(x, y) ? 1 - module : module));
    const format = checked(number, 0x537, 10) ^ 0x5412;
    formatAt.forEach(([x, y], i) => (picture[y][x] = (format >> i) & 1));
    formatToo.forEach(([x, y], i) => (picture[y][x] = (format >> i) & 1));
    picture[size - 8][8] = 1;
    return picture;
  });
  return pictures.reduce((best, one) => penalty(one) < penalty(best) ? one : best);
}

/** A text as a picture, dark on light in both themes, as readers expect it. */
export const QR = ({ text, label }) => {
  const grid = qr(text);
  if (!grid) return null;
  const size = grid.length + 8;
  const path = grid.flatMap((row, y) => row.map((module, x) => module ? `M${x + 4} ${y + 4}h1v1h-1z` : "")).join("");
  return h("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" }, [
    h("rect", { width: size, height: size, fill: "#fff" }), h("path", { d: path, fill: "#000" }),
  ]);
};
QR.props = ["text", "label"];
