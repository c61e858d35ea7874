// A zip file without compression, written piece by piece: photographs are small already.
const TABLE = Uint32Array.from({ length: 256 }, (_none, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function numbers(...parts) {
  const view = new DataView(new ArrayBuffer(parts.reduce((sum, [, size]) => sum + size, 0)));
  let at = 0;
  for (const [value, size] of parts) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

export class Zip {
  constructor() {
    this.parts = [];
    this.list = [];
    this.at = 0;
  }

  add(name, bytes) {
    const title = new TextEncoder().encode(name);
    const shared = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4],
      [title.length, 2], [0, 2]];
    const head = numbers([0x04034b50, 4], ...shared);
    this.list.push(numbers([0x02014b50, 4], [20, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 4], [this.at, 4]), title);
    // A Blob may lie on the disk, where a long list of pictures has more room than in memory.
    this.parts.push(new Blob([head, title, bytes]));
    this.at += head.length + title.length + bytes.length;
  }

  blob() {
    const count = this.list.length / 2;
    const size = this.list.reduce((sum, part) => sum + part.length, 0);
    const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [this.at, 4], [0, 2]);
    return new Blob([...this.parts, ...this.list, end], { type: "application/zip" });
  }
}
