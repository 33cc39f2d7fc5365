// A page on another site prefetches, frames and embeds our sign-in: nothing starts. A click there does start
// it. `node elsewhere.mjs DOOR PROVIDER`.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import * as w from './window.mjs';

const QUIET = ['prefetch', 'frame', 'image', 'speculation'];
const login = (how) => `${w.door}/t/acme/login?return_to=/t/acme/team%3F${how}`;

const PAGE = `<!doctype html><title>Elsewhere</title>
<link rel="prefetch" href="${login('prefetch')}">
<script type="speculationrules">{ "prefetch": [{ "source": "list", "urls": ["${login('speculation')}"] }] }</script>
<iframe src="${login('frame')}"></iframe><img src="${login('image')}" alt="">
<iframe src="${w.door}/login" name="framed"></iframe>
<a href="${login('click')}">Sign in</a>
<form method="post" action="${w.door}/t/acme/logout"><button>Sign them out</button></form>`;

// By address, so that the browser counts it as another site than `localhost`.
const server = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end(PAGE));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const elsewhere = `http://127.0.0.1:${server.address().port}`;
w.places.add(elsewhere);

try {
  await w.walk(nothingStartsByItself);
} finally {
  server.close();
}

async function nothingStartsByItself(someone) {
  const bob = await someone();
  const context = bob.context();
  const [asked, answered] = [new Set(), new Map()];
  context.on('request', (request) => asked.add(new URL(request.url()).origin));
  context.on('response', (response) => {
    const how = QUIET.find((how) => response.url() === login(how));
    if (how) answered.set(how, response.status());
  });
  w.expected.push(/Framing 'http:\/\/localhost|frame-ancestors|status of 403/);
  await bob.goto(elsewhere);
  await until(() => ['prefetch', 'frame', 'image'].every((how) => answered.has(how)));
  for (const [how, status] of answered) assert.equal(status, ['prefetch', 'speculation'].includes(how) ? 403 : 204, how);
  assert.ok(!asked.has(w.provider), 'nobody was sent to the provider');
  assert.deepEqual(await context.cookies(w.door), []);
  assert.equal(await bob.frameLocator('[name=framed]').getByRole('heading').count(), 0, 'no page of ours in a frame');

  await bob.getByRole('link', { name: 'Sign in' }).click();
  await w.heading(bob, 'Who are you?');
  await w.choose(bob, 'Bob Kahn');
  await w.isAt(bob, '/t/acme/team');

  await bob.goto(elsewhere);
  await bob.getByRole('button', { name: 'Sign them out' }).click();
  await w.heading(bob, 'Please try again');
  await bob.goto(`${w.door}/t/acme`);
  await w.heading(bob, 'Apps');
}

async function until(holds) {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `waited for: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
