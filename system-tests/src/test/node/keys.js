'use strict';
// Where a row lives: canonical keys, Kafka's murmur2, virtual shards. See docs/protocol.md, section 2.

const VIRTUAL_SHARDS = 256;
const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** Kafka's murmur2 of the bytes, as a signed 32-bit integer. */
function murmur2(bytes) {
  const length = bytes.length;
  let h = (SEED ^ length) | 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = bytes.readInt32LE(i);
    k = Math.imul(k, M);
    k ^= k >>> R;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  switch (length - i) {
    case 3:
      h ^= bytes[i + 2] << 16;
    // falls through
    case 2:
      h ^= bytes[i + 1] << 8;
    // falls through
    case 1:
      h ^= bytes[i];
      h = Math.imul(h, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

function sized(tag, bytes) {
  const head = Buffer.alloc(5);
  head.writeUInt8(tag, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/**
 * Canonical bytes of stored values in key order.
 *
 * @param {{kind: 'INTEGER'|'REAL'|'TEXT'|'BLOB', value: bigint|number|string|Buffer}[]} values
 */
function canonical(values) {
  return Buffer.concat(
    values.map(({ kind, value }) => {
      const fixed = Buffer.alloc(9);
      switch (kind) {
        case 'INTEGER':
          fixed.writeUInt8(1, 0);
          fixed.writeBigInt64BE(value, 1);
          return fixed;
        case 'REAL':
          fixed.writeUInt8(2, 0);
          fixed.writeDoubleBE(value === 0 ? 0 : value, 1);
          return fixed;
        case 'TEXT':
          return sized(3, Buffer.from(value, 'utf8'));
        case 'BLOB':
          return sized(4, value);
        default:
          throw new Error(`a key cannot hold a value stored as ${kind}`);
      }
    })
  );
}

function virtualShard(canonicalShardKey) {
  return (murmur2(canonicalShardKey) & 0x7fffffff) % VIRTUAL_SHARDS;
}

function partition(shard, partitions) {
  return Math.floor((shard * partitions) / VIRTUAL_SHARDS);
}

module.exports = { canonical, virtualShard, partition };
