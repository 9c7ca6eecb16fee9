// Stores strings, lists, maps, bytes and 64-bit integers in their typed form and reads them back.
import { isDeepStrictEqual } from 'node:util';
import { connect } from './pathkeeper.mjs';

// JavaScript has one number type: a BigInt is stored as a 64-bit integer, a number as a double.
function toValue(thing) {
  if (thing === null) return { nullValue: 'NULL_VALUE_UNSPECIFIED' };
  if (typeof thing === 'boolean') return { boolValue: thing };
  if (typeof thing === 'bigint') return { intValue: thing.toString() };
  if (typeof thing === 'number') return { doubleValue: thing };
  if (typeof thing === 'string') return { stringValue: thing };
  if (thing instanceof Uint8Array) return { bytesValue: thing };
  if (Array.isArray(thing)) return { listValue: { items: thing.map(toValue) } };
  const entries = Object.entries(thing).map(([key, item]) => ({ key, value: toValue(item) }));
  return { mapValue: { entries } };
}

function fromValue(value) {
  switch (value.kind) {
    case 'nullValue': return null;
    case 'intValue': return BigInt(value.intValue);
    case 'listValue': return value.listValue.items.map(fromValue);
    case 'mapValue': return Object.fromEntries(value.mapValue.entries.map((entry) => [entry.key, fromValue(entry.value)]));
    default: return value[value.kind];
  }
}

const { call, close } = connect();
for (const thing of [
  'grüß dich',
  ['one', 2n, 3.5, null, true],
  { name: 'api', tags: ['a', 'b'], limits: { cpu: 2n } },
  Buffer.from('\x00\xff raw bytes', 'latin1'),
  9007199254740993n, // 2^53 + 1: a double cannot hold it
  -9223372036854775808n,
]) {
  await call('Set', { path: '/sample', data: { value: toValue(thing) }, allowMissing: true });
  const back = fromValue((await call('Get', { path: '/sample' })).data.value);
  console.log(back, isDeepStrictEqual(back, thing) ? 'equal' : 'DIFFERENT');
}
close();
