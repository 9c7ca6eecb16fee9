// A group: each member is an ephemeral child of /group, and an observer of the children knows who is there.
import { connect, openSession } from './pathkeeper.mjs';

const client = connect();
const { call, observer, close } = client;

const observation = observer.Observe({
  targets: [{ path: '/group', scope: 'OBSERVE_SCOPE_CHILDREN' }],
  valueFormat: 'VALUE_FORMAT_JSON',
}, { deadline: Date.now() + 60000 });
observation.on('error', () => {}); // cancelled below
const frames = observation[Symbol.asyncIterator]();
await frames.next(); // the observation stands: nobody comes or goes unseen from here on

async function show() {
  let frame = (await frames.next()).value;
  while (!frame.events) frame = (await frames.next()).value;
  for (const { type, path, data, stat, cause } of frame.events.events) {
    if (type === 'EVENT_TYPE_CREATED') console.log('came', path, JSON.parse(data.json), stat.ownerIdentity);
    else console.log('went', path, cause);
  }
}

// A member as long as its session lives: until it is closed, or 6 s after its process is gone.
async function join(name, about) {
  const session = await openSession(client, name);
  await call('Create', {
    path: `/group/${name}`, data: { json: JSON.stringify(about) }, kind: 'ZNODE_KIND_EPHEMERAL',
    session: session.key, createParents: true, takeOverIdentity: true,
  });
  return session;
}

const first = await join('node-1', { port: 9001 });
await show();
const second = await join('node-2', { port: 9002 });
await show();
await first.close();
await show();

const { children } = await call('ListChildren', { path: '/group' });
console.log('there now:', children.map((child) => child.name));
await second.close();
observation.cancel();
close();
