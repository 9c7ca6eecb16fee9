// Takes a lock, writes under its protection and hands it on: from then on the old token is refused.
import { connect, errorInfo, openSession } from './pathkeeper.mjs';

const path = '/locks/report';
const client = connect();
const { call, unary, locks, close } = client;
const session = await openSession(client, 'reporter'); // it holds the lock

// a stream: places in the queue, then the grant
const acquire = (holderId) => locks.AcquireLock(
  { lock: { path, session: session.key, holderId, mode: 'LOCK_MODE_EXCLUSIVE' } },
  { deadline: Date.now() + 60000 },
)[Symbol.asyncIterator]();
async function granted(events) {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream ended without a grant');
    if (value.granted) return value.granted.token;
  }
}
const release = (holderId, token) => unary(locks, 'ReleaseLock', { path, session: session.key, holderId, token });

// is done only if that grant still holds when the write is applied
async function write(text, token) {
  const guards = { requireLock: { path, token } };
  try {
    await call('Set', { path: '/report', data: { json: JSON.stringify(text) }, allowMissing: true, guards });
    console.log(text, 'written');
  } catch (error) {
    console.log(text, 'refused:', errorInfo(error).reason);
  }
}

const first = await granted(acquire('first'));
await write('first', first);

const waiting = acquire('second');
console.log('second waits, in front of it:', (await waiting.next()).value.queued.position);
await release('first', first);
const second = await granted(waiting);
console.log('second holds it, its token is larger:', BigInt(second) > BigInt(first));
await write('too late', first);
await write('second', second);

await release('second', second);
await session.close();
close();
