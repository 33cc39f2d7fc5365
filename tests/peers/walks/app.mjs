// From an app to us and back, as a browser does it: past the page that asks which team, by a form of the app, in a
// hidden frame, and out again. `node app.mjs DOOR PROVIDER APP REQUEST BILLING CLIENT_ID`: the app's origin, the
// addresses of two apps' authorization requests, and the first one's client id.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { look } from './look.mjs';
import * as w from './window.mjs';

const [app, request, billing, clientId] = process.argv.slice(4);
const port = new URL(app).port;
/** The same server by another name: a site of its own to the browser. */
const abroad = `http://127.0.0.1:${port}`;
[app, abroad].forEach((place) => w.places.add(place));

const attribute = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const fields = [...new URL(request).searchParams].map(([name, value]) => {
  return `<input type="hidden" name="${name}" value="${attribute(value)}">`;
});
const PAGES = {
  '/': `<a href="${attribute(request)}">Sign in</a>`,
  '/form': `<form method="post" action="${w.door}/oauth2/authorize">${fields.join('')}<button>Sign in</button></form>`,
  '/frame': `<iframe title="silent" src="${attribute(`${request}&prompt=none&team_id=acme`)}"></iframe>`,
  '/framed-page': `<iframe title="loud" src="${attribute(request)}"></iframe>`,
  '/back': 'Back at the app',
  '/bye': 'Goodbye',
};
const server = createServer(({ url }, response) => {
  const page = PAGES[new URL(url, app).pathname];
  response.writeHead(page ? 200 : 404, { 'content-type': 'text/html' });
  response.end(`<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,">${page ?? 'Nothing'}`);
});
server.listen(Number(port), '0.0.0.0');
await once(server, 'listening');

try {
  await w.walk(async (someone) => {
    const bob = await someone();
    await theWayIn(bob);
    await whichTeam(bob);
    await everyOtherWay(bob);
    await whatIsRefused(bob);
    await theWayOut(bob);
  });
} finally {
  server.close();
}

/** Fails unless the app got a code. */
async function isBack(page) {
  await page.waitForURL((url) => url.origin === app && url.pathname === '/back');
  const told = new URL(page.url()).searchParams;
  assert.ok(told.get('code') && told.get('iss') === w.door, page.url());
}

async function theWayIn(bob) {
  await bob.goto(abroad);
  await bob.getByRole('link', { name: 'Sign in' }).click();
  await w.heading(bob, 'Sign in to Wiki');
  await look(bob, 'app-team-id');
  await w.sendTeamId(bob, 'acmee');
  await bob.getByRole('alert').waitFor();
  await w.sendTeamId(bob, 'acme');
  await w.choose(bob, 'Bob Kahn');
  await isBack(bob);
  await bob.goto(request);
  await isBack(bob);
}

async function whichTeam(bob) {
  await bob.goto(`${w.door}/t/acme-labs/login`);
  await w.isAt(bob, '/t/acme-labs');
  // Acme was chosen by typing it on the way; a link that names another team takes the app nowhere without a click.
  await bob.goto(request);
  await isBack(bob);
  await bob.goto(`${request}&team_id=acme-labs`);
  await w.heading(bob, 'Continue to Wiki');
  await look(bob, 'app-which-team');
  await bob.getByRole('button', { name: 'Acme-labs' }).click();
  await isBack(bob);
  await bob.goto(request);
  await isBack(bob);
}

async function everyOtherWay(bob) {
  await bob.goto(`${abroad}/form`);
  await bob.getByRole('button', { name: 'Sign in' }).click();
  await isBack(bob);
  // Ports are no sites to a browser: the frame has our cookies, as an app on a sibling of our host has them.
  for (const [path, ends] of [['/frame', `${app}/back?code=`], ['/framed-page', '']]) {
    await bob.goto(`${app}${path}`);
    const frame = bob.frames()[1];
    if (ends) await frame.waitForURL((url) => url.href.startsWith(ends));
    await bob.waitForLoadState('networkidle');
    assert.ok(ends ? frame.url().startsWith(ends) : !frame.url().startsWith(app), `${path}: ${frame.url()}`);
  }
}

async function whatIsRefused(bob) {
  await bob.goto(`${billing}&team_id=acme`);
  await w.heading(bob, 'Billing is for admins of Acme');
  assert.equal(await w.errorCode(bob), 'app_role');
  await look(bob, 'app-role');
  for (const [name, value, code] of [
    ['client_id', 'nobody', 'client_unknown'],
    ['redirect_uri', `${abroad}/back`, 'redirect_uri_mismatch'],
  ]) {
    const wrong = new URL(request);
    wrong.searchParams.set(name, value);
    await bob.goto(wrong.href);
    assert.equal(await w.errorCode(bob), code);
    await look(bob, `app-${code.replaceAll('_', '-')}`);
  }
}

async function theWayOut(bob) {
  const bye = `client_id=${clientId}&post_logout_redirect_uri=${encodeURIComponent(`${app}/bye`)}`;
  const out = `${w.door}/oauth2/logout?${bye}`;
  await bob.goto(out);
  await w.heading(bob, 'Which team do you want to sign out of?');
  await look(bob, 'app-sign-out-which');
  await bob.getByRole('button', { name: 'Sign out of Acme-labs' }).click();
  await bob.waitForURL(`${app}/bye`);
  await bob.goto(out);
  await w.heading(bob, 'Sign out of Acme?');
  await look(bob, 'app-sign-out');
  await bob.getByRole('button', { name: 'Sign out of Acme' }).click();
  await bob.waitForURL(`${app}/bye`);
  await bob.goto(`${w.door}/oauth2/logout`);
  await w.heading(bob, 'You are signed out');
  await look(bob, 'app-signed-out');
  await bob.goto(request);
  await w.heading(bob, 'Sign in to Wiki');
  await look(bob, 'app-team-id-remembered');
  await bob.goto(`${request}&team_id=acme`);
  await w.heading(bob, 'You are signed out of Acme');
}
