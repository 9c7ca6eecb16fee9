// Tells errors apart by their reason, never by their text.
import { connect, errorInfo } from './pathkeeper.mjs';

const { call, close } = connect();
const data = { json: '{"host": "localhost", "port": 8080}' };
await call('Set', { path: '/config', data, allowMissing: true });

for (const [name, request] of [
  ['Get', { path: '/missing' }],
  ['Create', { path: '/config', data }],
  ['Set', { path: '/config', data, expectedVersion: 9999 }],
  ['Get', { path: 'no-slash' }],
]) {
  try {
    await call(name, request);
  } catch (error) {
    const { domain, reason, metadata } = errorInfo(error);
    console.log(error.code, domain, reason, metadata.path);
  }
}
close();
