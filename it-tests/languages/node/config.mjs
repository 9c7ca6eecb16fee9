// Stores a map under /config, reads it and changes one field of it.
import { connect } from './pathkeeper.mjs';

const { call, close } = connect();
const read = () => call('Get', { path: '/config', valueFormat: 'VALUE_FORMAT_JSON' });

// store it: the server parses the JSON text and keeps a typed map
const config = { host: 'localhost', port: 8080 };
await call('Set', { path: '/config', data: { json: JSON.stringify(config) }, allowMissing: true });

// read it
const { data, stat } = await read();
const { host, port } = JSON.parse(data.json);
console.log('host', host, 'port', port);

// change one field on the server, unless somebody else changed the value since it was read
const change = { type: 'TYPE_SET', pointer: '/port', value: { json: '9090' } };
await call('Patch', { path: '/config', operations: [change], expectedVersion: stat.version });
console.log(JSON.parse((await read()).data.json));
close();
