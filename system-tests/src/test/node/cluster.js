'use strict';
// What a producer must know of a cluster: the table from the catalog topic, the row schema's id.

const { randomUUID } = require('node:crypto');
const avro = require('avsc');
const { Kafka, logLevel } = require('kafkajs');
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry');

const CATALOG_LIMIT_MILLIS = 30000;

// Avro's long as BigInt: a JavaScript number is exact only up to 2^53.
const BIG_LONG = avro.types.LongType.__with({
  fromBuffer: (buffer) => buffer.readBigInt64LE(),
  toBuffer: (value) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value) => typeof value === 'bigint',
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
});

function connect({ bootstrap, registry, cluster }) {
  return {
    name: cluster,
    kafka: new Kafka({
      clientId: 'shardstream-node-producer',
      brokers: bootstrap.split(','),
      logLevel: logLevel.ERROR,
    }),
    registry: new SchemaRegistry(
      { host: registry },
      {
        [SchemaType.AVRO]: {
          wrapUnions: 'always',
          typeHook: (schema) =>
            schema === 'long' || (schema && schema.type === 'long') ? BIG_LONG : undefined,
        },
      }
    ),
  };
}

/** Reads the catalog until the table is there; rejects when it is not within the limit. */
async function findTable({ kafka, registry, name: cluster }, database, name) {
  const consumer = kafka.consumer({ groupId: `${cluster}.node-producer.${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: `${cluster}.catalog`, fromBeginning: true });
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`table ${database}.${name} is not in the catalog`)),
        CATALOG_LIMIT_MILLIS
      ).unref();
      consumer
        .run({
          eachMessage: async ({ message }) => {
            if (message.value === null) return;
            const table = await registry.decode(message.value);
            if (
              table.database === database &&
              table.name.toLowerCase() === name.toLowerCase() &&
              table.status === 'ACTIVE'
            ) {
              resolve(table);
            }
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

module.exports = { connect, findTable };
