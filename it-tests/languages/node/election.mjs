// Stands for election, proclaims as the leader, observes what others see of it, and resigns.
import { connect, errorInfo, openSession } from './pathkeeper.mjs';

const client = connect();
const { unary, elections, close } = client;
const session = await openSession(client, 'scheduler');
const me = { path: '/elections/scheduler', session: session.key, candidateId: 'node-1' };

// the stream says when the candidate is elected, and ends when it leads no more
const campaign = elections.Campaign({ ...me, data: { json: '"starting"' } })[Symbol.asyncIterator]();
let event = (await campaign.next()).value;
while (!event.elected) event = (await campaign.next()).value;
const { term } = event.elected;
console.log('elected');

// what everybody else sees
const observation = elections.Observe({ path: me.path, valueFormat: 'VALUE_FORMAT_JSON' }, { deadline: Date.now() + 60000 });
observation.on('error', () => {}); // cancelled below
const seen = observation[Symbol.asyncIterator]();
async function show() {
  const { leader } = (await seen.next()).value;
  if (leader) console.log('leader', leader.candidateId, JSON.parse(leader.data.json), leader.term === term);
  else console.log('no leader');
}

await show();
await unary(elections, 'Proclaim', { ...me, term, data: { json: '"serving on port 9000"' } });
await show();
await unary(elections, 'Resign', { ...me, term });
await show();
await campaign.next().catch((error) => console.log(errorInfo(error).reason));

observation.cancel();
await session.close();
close();
