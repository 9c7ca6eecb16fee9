// Observes /config, changes a field and gets the new value in the event.
import { connect } from './pathkeeper.mjs';

const { call, observer, close } = connect();
await call('Set', { path: '/config', data: { json: '{"host": "localhost", "port": 8080}' }, allowMissing: true });

const frames = observer.Observe({
  targets: [{ path: '/config', scope: 'OBSERVE_SCOPE_NODE' }],
  valueFormat: 'VALUE_FORMAT_JSON',
}, { deadline: Date.now() + 30000 });
for await (const frame of frames) {
  if (frame.created) { // the observation stands: no change is missed from here on
    const change = { type: 'TYPE_SET', pointer: '/port', value: { json: '9090' } };
    await call('Patch', { path: '/config', operations: [change] });
  } else if (frame.events) {
    for (const event of frame.events.events) console.log(event.type, event.path, JSON.parse(event.data.json));
    break;
  }
}
frames.cancel();
close();
