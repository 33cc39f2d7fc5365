// The tiles of the practice provider's dashboard: each does what it says on itself, one click opens a team, and
// nobody goes in circles. `node launch.mjs DOOR PROVIDER`.

import assert from 'node:assert/strict';
import { look } from './look.mjs';
import * as w from './window.mjs';

const dashboard = `${w.provider}/acme/dashboard`;
const launch = `${w.door}/t/acme/launch?iss=${encodeURIComponent(`${w.provider}/acme`)}`;

/** The product behind the door. */
const ledger = w.provider.replace(/\d+$/, (port) => Number(port) + 1);
w.places.add(ledger);

/** The dashboard of acme: what a tile says on itself; the status, address, code and heading it leads to, elsewhere. */
const TILES = [
  [/^Ledger · Acme$/, 200, '/t/acme', null, 'Apps'],
  [/Opens Ledger, the product behind the door/, 200, '/', null, 'Models of Acme', ledger],
  [/Opens acme, and there the page Team/, 200, '/t/acme/team', null, 'Team'],
  [/the Team ID is asked for/, 200, '/launch', null, 'Corporate SSO'],
  [/Asks for the stage\. This demo has none/, 400, '/t/acme/launch', 'stage_not_configured', 'There is no stage here'],
  [/Writes ACME instead of acme/, 400, '/t/ACME/launch', 'launch_team_id_spelling', 'This tile needs a correction'],
  [/Points to acmee, which does not exist/, 404, '/t/acmee/launch', 'team_unknown', "We don't know this team"],
  [/uses another issuer\. The tile is refused/, 400, '/t/globex/launch', 'launch_issuer_mismatch', "This tile doesn't fit"],
  [/^Ledger · Acme Labs$/, 200, '/t/acme-labs', null, 'Apps'],
];

await w.walk(async (someone) => {
  const bob = await someone();
  await everyTileDoesWhatItSays(bob);
  await theSecondTeamStandsBesideTheFirst(bob);
  await theTeamIdPageTakesTeamsOfTheIssuerAlone(await someone());
  await theOnlyTeamOfAnIssuerOpensAtOnce(await someone());
  await fromTheChooserAndBack(await someone());
  await theThirdLaunchWithoutASessionIsStopped(await someone());
});
await w.withoutCookies([w.door], aDoorThatMayKeepNoCookies);
await w.withoutCookies([w.door, w.provider], nobodyMayKeepCookies);

/** The way a press of this link or button took: `[status, address]` of each page on it. */
async function way(page, locator) {
  const taken = [];
  const note = (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      taken.push([response.status(), new URL(response.url())]);
    }
  };
  page.on('response', note);
  const loaded = page.waitForEvent('load');
  await locator.click();
  await loaded;
  page.off('response', note);
  return taken;
}

function tile(page, says) {
  return page.getByRole('link', { name: says });
}

async function everyTileDoesWhatItSays(bob) {
  await bob.goto(dashboard);
  await w.choose(bob, 'Bob Kahn');
  await w.heading(bob, 'My apps');
  assert.equal(await bob.getByRole('listitem').count(), TILES.length);
  for (const [says, status, path, code, heading, elsewhere] of TILES) {
    const taken = await way(bob, tile(bob, says));
    const [ended, at] = taken.at(-1);
    assert.deepEqual([ended, at.origin, at.pathname], [status, elsewhere ?? w.door, path], says);
    for (const [passed, { href }] of taken.slice(0, -1)) assert.equal(passed, 303, `${says} asked something at ${href}`);
    await w.heading(bob, heading);
    assert.equal(await bob.locator('meta[name=error-code]').count(), code ? 1 : 0, says);
    if (code) {
      assert.equal(await w.errorCode(bob), code);
      await bob.getByText(/[Aa]dministrator/).first().waitFor();
      await look(bob, `launch-${code}`);
    } else if (path === '/launch') {
      await look(bob, 'launch-team-id');
    }
    await backToTheDashboard(bob);
  }
}

/** One step back is the page with the tile, and one forward what it led to: no stop in between. */
async function backToTheDashboard(page) {
  const there = page.url();
  await page.goBack();
  await w.heading(page, 'My apps');
  await page.goForward();
  assert.equal(page.url(), there);
  await page.goBack();
  await w.heading(page, 'My apps');
}

/** Two tiles opened two teams; which one `/` opens was decided by a click of his and stays. */
async function theSecondTeamStandsBesideTheFirst(bob) {
  await bob.goto(`${w.door}/t/acme`);
  await bob.locator('.switch summary').click();
  const others = bob.locator('.switch').getByRole('link');
  assert.deepEqual((await others.allInnerTexts()).slice(0, 2), ['Acme', 'Acme Labs']);
  await others.filter({ hasText: /^Acme$/ }).click();
  await w.isAt(bob, '/t/acme');
  await bob.goto(dashboard);
  await tile(bob, /^Ledger · Acme Labs$/).click();
  await w.isAt(bob, '/t/acme-labs');
  await bob.locator('.switch summary').filter({ hasText: 'Acme Labs' }).waitFor();
  await bob.goto(`${w.door}/`);
  await w.isAt(bob, '/t/acme');
}

async function theTeamIdPageTakesTeamsOfTheIssuerAlone(cyd) {
  await cyd.goto(dashboard);
  await w.choose(cyd, 'Cyd Rivera');
  await tile(cyd, /the Team ID is asked for/).click();
  await w.heading(cyd, 'Corporate SSO');
  await cyd.getByText("The tile you pressed doesn't say which team to open.").waitFor();
  assert.doesNotMatch(await cyd.locator('body').innerText(), /labs/i, 'it lists no teams');
  await w.sendTeamId(cyd, 'globex');
  await cyd.getByRole('alert').filter({ hasText: "We can't find an active team called globex." }).waitFor();
  assert.equal(await w.errorCode(cyd), 'team_unknown');
  await look(cyd, 'launch-team-id-error');
  await w.sendTeamId(cyd, 'acme-labs');
  await w.isAt(cyd, '/t/acme-labs');
}

async function theOnlyTeamOfAnIssuerOpensAtOnce(han) {
  await han.goto(`${w.provider}/globex/dashboard`);
  await w.choose(han, 'Han Sato');
  for (const says of [/opens globex at once/, /^Ledger · Globex$/]) {
    const taken = await way(han, tile(han, says));
    assert.deepEqual([taken.at(-1)[0], taken.at(-1)[1].pathname], [200, '/t/globex'], says);
    await backToTheDashboard(han);
  }
}

/** The provider asks who he is; afterwards its question in the history is harmless. */
async function fromTheChooserAndBack(bob) {
  await bob.goto(`${w.door}/login`);
  await bob.goto(launch);
  await w.choose(bob, 'Bob Kahn');
  await w.isAt(bob, '/t/acme');
  await bob.goBack();
  await bob.waitForLoadState();
  if (new URL(bob.url()).origin === w.provider) await w.choose(bob, 'Bob Kahn');
  await w.isAt(bob, '/t/acme');
  await w.heading(bob, 'Apps');
}

/** Somebody comes back to the tile again and again; the way on is a link, and then the tile works as before. */
async function theThirdLaunchWithoutASessionIsStopped(bob) {
  for (let times = 0; times < 2; times += 1) {
    await bob.goto(launch);
    await w.heading(bob, 'Who are you?');
  }
  const stopped = await bob.goto(launch);
  assert.deepEqual([stopped.status(), await w.errorCode(bob)], [400, 'launch_loop']);
  await bob.getByText('Allow cookies for this site').waitFor();
  await look(bob, 'launch-loop');
  await bob.getByRole('link', { name: 'Try again' }).click();
  await w.choose(bob, 'Bob Kahn');
  await w.isAt(bob, '/t/acme');
  for (let times = 0; times < 3; times += 1) {
    await bob.context().clearCookies({ name: 'td-session-acme' });
    await bob.goto(launch);
    await w.isAt(bob, '/t/acme');
  }
}

/** The provider knows her and sends her on without a question: the worst case for a circle. */
async function aDoorThatMayKeepNoCookies(ada) {
  await ada.goto(dashboard);
  await w.choose(ada, 'Ada Lovelace');
  const taken = await way(ada, tile(ada, /^Ledger · Acme$/));
  assert.deepEqual(taken.map(([status, at]) => [status, at.origin]), [[303, w.door], [303, w.provider], [400, w.door]]);
  await cookieHelp(ada);
  const again = await way(ada, ada.getByRole('link', { name: 'Start again' }));
  assert.equal(again.at(-1)[0], 400, 'a click is answered once');
  await cookieHelp(ada);
}

async function nobodyMayKeepCookies(ada) {
  for (let times = 0; times < 3; times += 1) {
    await ada.goto(launch);
    await w.choose(ada, 'Ada Lovelace');
    await w.isAt(ada, '/t/acme/callback');
    await cookieHelp(ada);
  }
}

async function cookieHelp(page) {
  await w.heading(page, 'Please start again');
  assert.equal(await w.errorCode(page), 'attempt_cookie_missing');
  await page.getByText('Allow cookies for this site').waitFor();
  assert.deepEqual(await page.context().cookies(w.door).then((all) => all.filter(({ name }) => /^td-/.test(name))), []);
}
