'use strict';
// Checks keys.js against the table of test vectors in docs/protocol.md.

const fs = require('node:fs');
const { canonical, virtualShard, partition } = require('./keys');

const LITERAL = /x'([0-9a-f]*)'|'((?:[^']|'')*)'|(-?\d+\.\d+)|(-?\d+)/g;

function keyParts(text) {
  return [...text.matchAll(LITERAL)].map(([, blob, quoted, real, integer]) => {
    if (blob !== undefined) return { kind: 'BLOB', value: Buffer.from(blob, 'hex') };
    if (quoted !== undefined) return { kind: 'TEXT', value: quoted.replaceAll("''", "'") };
    if (real !== undefined) return { kind: 'REAL', value: Number(real) };
    return { kind: 'INTEGER', value: BigInt(integer) };
  });
}

/** Returns the number of vectors; throws naming the first that differs. */
function check(page) {
  const rows = [
    ...fs
      .readFileSync(page, 'utf8')
      .matchAll(/^\| `(.+)` \| `([0-9a-f]+)` \| (\d+) \| (\d+) \|$/gm),
  ];
  for (const [, key, bytes, shard, partitionOf16] of rows) {
    const actual = canonical(keyParts(key));
    const actualShard = virtualShard(actual);
    const seen = [actual.toString('hex'), actualShard, partition(actualShard, 16)].join(' ');
    const expected = [bytes, shard, partitionOf16].join(' ');
    if (seen !== expected) {
      throw new Error(`vector ${key}: expected ${expected} but was ${seen}`);
    }
  }
  if (rows.length === 0) {
    throw new Error(`no test vectors in ${page}`);
  }
  return rows.length;
}

module.exports = { check };
