'use strict';
// A Shardstream producer made from docs/protocol.md alone.
//
//   node producer.js --vectors docs/protocol.md
//   node producer.js --bootstrap HOST:PORT --registry URL --cluster NAME [--database D] --table T < changes
//
// One change per line: {"op": "INSERT", "row": {"id": 1}, "set": ["id"], "ifVersion": "7"}; set and
// ifVersion may be missing. Prints one line: {"written": N, "ends": [{"partition", "nextOffset"}]}.

const readline = require('node:readline');
const { parseArgs } = require('node:util');
const { CompressionTypes } = require('kafkajs');
const { canonical, virtualShard, partition } = require('./keys');
const { toAvro, toKeyPart } = require('./values');
const { check } = require('./vectors');
const { connect, findTable } = require('./cluster');

const BATCH = 500;

/** Turns changes of one table into Kafka messages. */
class RowEncoder {
  constructor(table, registry, schemaId) {
    this.table = table;
    this.registry = registry;
    this.schemaId = schemaId;
    this.columns = new Map(table.columns.map((column) => [column.id, column]));
  }

  key(columnIds, row) {
    const columns = columnIds.map((id) => this.columns.get(id));
    return canonical(columns.map((column) => toKeyPart(column, row[column.name])));
  }

  /** The columns to set, and those of the primary key, which every change sets. */
  withKey(set) {
    return [...new Set([...this.table.primaryKey.map((id) => this.columns.get(id).name), ...set])];
  }

  async encode({ op, row, set, ifVersion }) {
    const values = this.table.columns.map((column) => [column.name, toAvro(column, row[column.name])]);
    const value = await this.registry.encode(this.schemaId, {
      op,
      ifVersion: ifVersion === undefined ? null : { long: BigInt(ifVersion) },
      set: set === undefined ? null : { array: this.withKey(set) },
      row: Object.fromEntries(values),
    });
    const shard = virtualShard(this.key(this.table.shardKey, row));
    return {
      key: this.key(this.table.primaryKey, row),
      partition: partition(shard, this.table.partitions),
      value,
    };
  }
}

async function write(options) {
  const cluster = connect(options);
  const table = await findTable(cluster, options.database, options.table);
  const topic = `${options.cluster}.log.${table.tableId}`;
  const schemaId = await cluster.registry.getLatestSchemaId(`${topic}-value`);
  const encoder = new RowEncoder(table, cluster.registry, schemaId);
  const producer = cluster.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const ends = new Map();
  let written = 0;
  const send = async (messages) => {
    const sent = await producer.send({
      topic,
      messages,
      acks: -1,
      compression: CompressionTypes.None,
    });
    for (const { partition: p, baseOffset } of sent) {
      const count = messages.filter((message) => message.partition === p).length;
      ends.set(p, BigInt(baseOffset) + BigInt(count));
    }
    written += messages.length;
  };
  try {
    let batch = [];
    for await (const line of readline.createInterface({ input: process.stdin })) {
      if (line.trim() === '') continue;
      batch.push(await encoder.encode(JSON.parse(line)));
      if (batch.length === BATCH) {
        await send(batch);
        batch = [];
      }
    }
    if (batch.length > 0) await send(batch);
  } finally {
    await producer.disconnect();
  }
  return {
    written,
    ends: [...ends].map(([p, end]) => ({ partition: p, nextOffset: end.toString() })),
  };
}

async function main() {
  const { values: options } = parseArgs({
    options: {
      vectors: { type: 'string' },
      bootstrap: { type: 'string' },
      registry: { type: 'string' },
      cluster: { type: 'string', default: 'shardstream' },
      database: { type: 'string', default: 'default' },
      table: { type: 'string' },
    },
  });
  if (options.vectors) {
    return { vectors: check(options.vectors) };
  }
  for (const name of ['bootstrap', 'registry', 'table']) {
    if (!options[name]) throw new Error(`--${name} is missing`);
  }
  return write(options);
}

main().then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(error.stack);
    process.exitCode = 1;
  }
);
