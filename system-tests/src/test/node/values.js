'use strict';
// Values of columns: from JSON to Avro, and to the form that SQLite stores, which keys are made of.

const DAY_MILLIS = 86400000;

function dateToDays(text) {
  const millis = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(millis)) {
    throw new Error(`not a date: ${text}`);
  }
  return millis / DAY_MILLIS;
}

function timestampToMicros(text) {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{3}|\d{6}))?$/.exec(text);
  const millis = match ? Date.parse(`${match[1]}T${match[2]}Z`) : NaN;
  if (Number.isNaN(millis)) {
    throw new Error(`not a timestamp: ${text}`);
  }
  return BigInt(millis) * 1000n + BigInt((match[3] || '').padEnd(6, '0'));
}

function timestampText(micros) {
  const fraction = ((micros % 1000000n) + 1000000n) % 1000000n;
  const seconds = (micros - fraction) / 1000000n;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const digits = fraction.toString().padStart(6, '0');
  return fraction === 0n ? text : `${text}.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
}

// For each type: the Avro branch of its union, JSON to Avro, and Avro to what SQLite stores.
// BIGINT comes as a string or a number, BLOB as hexadecimal digits.
const TYPES = {
  INTEGER: { branch: 'int', avro: Number, kind: 'INTEGER', stored: BigInt },
  BIGINT: { branch: 'long', avro: BigInt, kind: 'INTEGER', stored: (v) => v },
  BOOLEAN: { branch: 'boolean', avro: Boolean, kind: 'INTEGER', stored: (v) => (v ? 1n : 0n) },
  FLOAT: { branch: 'float', avro: Math.fround, kind: 'REAL', stored: (v) => v },
  DOUBLE: { branch: 'double', avro: Number, kind: 'REAL', stored: (v) => v },
  TEXT: { branch: 'string', avro: String, kind: 'TEXT', stored: (v) => v },
  VARCHAR: { branch: 'string', avro: String, kind: 'TEXT', stored: (v) => v },
  DATE: {
    branch: 'int',
    avro: dateToDays,
    kind: 'TEXT',
    stored: (days) => new Date(days * DAY_MILLIS).toISOString().slice(0, 10),
  },
  TIMESTAMP: { branch: 'long', avro: timestampToMicros, kind: 'TEXT', stored: timestampText },
  BLOB: {
    branch: 'bytes',
    avro: (hex) => Buffer.from(hex, 'hex'),
    kind: 'BLOB',
    stored: (v) => v,
  },
};

function typeOf(column) {
  const type = TYPES[column.type];
  if (!type) {
    throw new Error(`column ${column.name} has type ${column.type}, which this producer does not know`);
  }
  return type;
}

/** A JSON value as the value of the column's Avro union; null stays null. */
function toAvro(column, json) {
  const type = typeOf(column);
  return json === null || json === undefined ? null : { [type.branch]: type.avro(json) };
}

/** A JSON value as a key part. */
function toKeyPart(column, json) {
  const type = typeOf(column);
  if (json === null || json === undefined) {
    throw new Error(`key column ${column.name} needs a value`);
  }
  return { kind: type.kind, value: type.stored(type.avro(json)) };
}

module.exports = { toAvro, toKeyPart };
