// Another site asks for our launches in every way a page can without its visitor, and nothing starts; a launch by
// POST from there does start. The provider knows the visitor, so whatever started would end in a session.
// `node launch_elsewhere.mjs DOOR PROVIDER`; whoever runs it counts what the provider was asked.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import * as w from './window.mjs';

const iss = `${w.provider}/acme`;

/** A launch, with a team in its address and without; `how` tells in what way it was asked for. */
const launches = (how) => ['/t/acme/launch?', '/launch?client_id=client-of-acme&'].map((path) => {
  return `${w.door}${path}iss=${encodeURIComponent(iss)}&how=${how}`;
});

/** The ways that a page asks without its visitor, each as what it writes for an address. */
const QUIET = {
  prefetch: (at) => `<link rel="prefetch" href="${at}">`,
  frame: (at) => `<iframe src="${at}" hidden></iframe>`,
  image: (at) => `<img src="${at}" alt="">`,
  script: (at) => `<script src="${at}"></script>`,
  object: (at) => `<object data="${at}"></object>`,
  embed: (at) => `<embed src="${at}">`,
  fetch: (at) => fetching(at, { mode: 'no-cors', credentials: 'include' }),
  head: (at) => fetching(at, { mode: 'no-cors', credentials: 'include', method: 'HEAD' }),
  post: (at) => fetching(at, { mode: 'no-cors', credentials: 'include', method: 'POST', body: new URLSearchParams({ iss }) }),
  form: (at) => `<iframe name="${at}" hidden></iframe><form method="post" action="${at}" target="${at}" class="send"></form>`,
};
/** Chromium decides by itself whether it follows these; it says what came of them. */
const SPECULATION = ['prefetch', 'prerender'];

function fetching(at, { body, ...options }) {
  const sent = body ? `, body: new URLSearchParams('${body}')` : '';
  const said = JSON.stringify(options).slice(0, -1);
  return `<script>fetch(${JSON.stringify(at)}, ${said}${sent}}).catch(() => undefined)</script>`;
}

function quietPage() {
  const ways = Object.entries(QUIET).flatMap(([how, write]) => launches(how).map(write));
  const rules = SPECULATION.map((kind) => [kind, [{ source: 'list', urls: launches(`speculation-${kind}`), eagerness: 'immediate' }]]);
  return `<!doctype html><title>Quiet</title>${ways.join('')}
<script type="speculationrules">${JSON.stringify(Object.fromEntries(rules))}</script>
<script>document.querySelectorAll('.send').forEach((form) => form.submit())</script>`;
}

/** A page that sends its form by itself, as an identity provider's dashboard does. */
function sendingPage(path, fields) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  return `<!doctype html><title>Sending</title><form method="post" action="${w.door}${path}">${inputs.join('')}</form>
<script>document.forms[0].submit()</script>`;
}

const speculated = launches('click')[0];
const PAGES = {
  '/click': `<!doctype html><title>Click</title><a href="${speculated.replaceAll('&', '&amp;')}">Ledger</a>
<script type="speculationrules">{"prefetch": [{"source": "list", "urls": ["${speculated}"], "eagerness": "immediate"}]}</script>`,
  '/quiet': quietPage(),
  '/launch': sendingPage('/t/acme/launch', { iss, target_link_uri: `${w.door}/t/acme/team` }),
  '/launch-anywhere': sendingPage('/launch', { iss, client_id: 'client-of-acme' }),
  '/id-token': sendingPage('/t/acme/launch', { iss, id_token: 'e30.e30.e30' }),
  '/id-token-callback': sendingPage('/t/acme/callback', { id_token: 'e30.e30.e30', state: 'x' }),
};

const server = createServer((request, answer) => answer.setHeader('content-type', 'text/html').end(PAGES[request.url]));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
/** Another site by its address; by its name another origin of the same site, which gets more cookies. */
const [elsewhere, nextDoor] = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${server.address().port}`);
w.places.add(elsewhere).add(nextDoor);
w.expected.push(/Framing '|frame-ancestors|MIME type|Cross-Origin|CORS|status of 403/);

try {
  await w.walk(async (someone) => {
    await nothingStarts(await someone(), elsewhere);
    const bob = await someone();
    await bob.goto(`${w.provider}/acme/dashboard`);
    await w.choose(bob, 'Bob Kahn');
    await w.heading(bob, 'My apps');
    await nothingStarts(bob, elsewhere);
    await nothingStarts(bob, nextDoor);
    await aPostIsALaunch(bob);
    await aClickWorksAfterAPrefetch(bob);
    await anIdTokenIsExplained(bob);
  });
} finally {
  server.close();
}

async function nothingStarts(bob, from) {
  const context = bob.context();
  const [asked, answered] = [new Set(), new Map()];
  const ask = (request) => asked.add(new URL(request.url()).origin);
  const answer = (response) => answered.set(response.url(), response.status());
  context.on('request', ask).on('response', answer);
  const decided = await speculation(bob);
  await bob.goto(`${from}/quiet`);
  const all = Object.keys(QUIET).flatMap(launches);
  await until(() => all.every((at) => answered.has(at)), () => all.filter((at) => !answered.has(at)));
  await until(() => decided.size === 6, () => [...decided]);
  if (from === nextDoor) assert.ok([...answered.keys()].some((at) => at.includes('how=speculation-')), 'it was tried');
  context.off('request', ask).off('response', answer);
  for (const [at, status] of answered) if (at.includes('&how=')) {
    assert.equal(status, /how=(prefetch|speculation)/.test(at) ? 403 : 204, at);
  }
  assert.ok(!asked.has(w.provider), 'nobody was sent to the provider');
  assert.deepEqual((await context.cookies(w.door)).filter(({ name }) => name.startsWith('td-')), []);
  await bob.goto(`${w.door}/`);
  await w.isAt(bob, '/login');
}

/** What came of each speculation, as Chromium itself tells it; grows until all are decided. */
async function speculation(page) {
  const decided = new Map();
  const cdp = await page.context().newCDPSession(page);
  const note = ({ key, status, ...more }) => {
    if (!['Pending', 'Running'].includes(status)) decided.set(`${key.action} ${key.url}`, { status, ...more });
  };
  cdp.on('Preload.prefetchStatusUpdated', note);
  cdp.on('Preload.prerenderStatusUpdated', note);
  await cdp.send('Preload.enable');
  return decided;
}

/** The first goes to the provider and comes back; then the session's Lax cookie travels with the GET twin. */
async function aPostIsALaunch(bob) {
  assert.deepEqual(await steps(bob, '/launch', '/t/acme/team'), [
    'POST /t/acme/launch 303', 'GET /t/acme/launch 303', 'GET /acme/authorize 303', 'GET /t/acme/callback 303',
    'GET /t/acme/team 200',
  ]);
  assert.deepEqual(await steps(bob, '/launch', '/t/acme/team'), [
    'POST /t/acme/launch 303', 'GET /t/acme/launch 303', 'GET /t/acme/team 200',
  ]);
  assert.deepEqual(await steps(bob, '/launch-anywhere', '/t/acme'), [
    'POST /launch 303', 'GET /launch 303', 'GET /t/acme 200',
  ]);
}

/** Chromium answers a click with what it prefetched, if that was a success. */
async function aClickWorksAfterAPrefetch(bob) {
  const decided = await speculation(bob);
  await bob.goto(`${nextDoor}/click`);
  await until(() => decided.size === 1, () => 'a decision');
  await bob.getByRole('link', { name: 'Ledger' }).click();
  await w.isAt(bob, '/t/acme');
}

async function anIdTokenIsExplained(bob) {
  for (const [from, path] of [['/id-token', '/t/acme/launch'], ['/id-token-callback', '/t/acme/callback']]) {
    assert.deepEqual(await steps(bob, from, path), [`POST ${path} 400`]);
    assert.equal(await w.errorCode(bob), 'launch_id_token_refused');
    await bob.getByText("Your Okta app is set to 'Send ID Token directly to app'.").waitFor();
    await bob.getByText('For your administrator:').waitFor();
  }
}

/** What the browser asked one after the other, from a page elsewhere that sends its form to a path of ours. */
async function steps(page, from, to) {
  const taken = [];
  const note = (response) => {
    const { origin, pathname } = new URL(response.url());
    if (response.request().isNavigationRequest() && origin !== elsewhere) {
      taken.push(`${response.request().method()} ${pathname} ${response.status()}`);
    }
  };
  page.on('response', note);
  await page.goto(`${elsewhere}${from}`);
  await w.isAt(page, to);
  page.off('response', note);
  return taken;
}

async function until(holds, missing) {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) assert.fail(`waited in vain: ${JSON.stringify(missing())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
