// A stage tile at production leads to the stage, which says on every page what it is. Both know the same people
// here. `node stage.mjs STAGE PROVIDER PRODUCTION`.

import assert from 'node:assert/strict';
import { look } from './look.mjs';
import * as w from './window.mjs';

const production = process.argv[4];
const tile = `/t/acme/launch?iss=${encodeURIComponent(`${w.provider}/acme`)}&use_stage=true`;
w.places.add(production);

await w.walk(async (someone) => {
  const ada = await someone();
  await ada.goto(`${production}${tile}`);
  await w.choose(ada, 'Ada Lovelace');
  await w.isAt(ada, '/t/acme');
  await looksLikeTheStage(ada, 'dashboard');
  await ada.goto(`${w.door}${tile}`);
  await w.isAt(ada, '/t/acme');
  await w.openTeamPage(ada);
  await looksLikeTheStage(ada, 'team');
  await w.row(ada, 'Ada Lovelace').getByRole('button', { name: 'Step down…' }).waitFor();
  await w.signOut(ada);
  await looksLikeTheStage(ada, 'signed-out');
  await theDoor(await someone());
  await productionLooksAsEver(await someone());
});

async function theDoor(guest) {
  await guest.goto(`${w.door}/login`);
  await looksLikeTheStage(guest, 'login');
  await guest.goto(`${w.door}/launch?use_stage=yes`);
  await w.heading(guest, 'Corporate SSO');
  await looksLikeTheStage(guest, 'launch-team-id');
  await guest.goto(`${w.door}/t/ACME/launch`);
  assert.equal(await w.errorCode(guest), 'launch_team_id_spelling');
  await looksLikeTheStage(guest, 'launch-spelling');
}

async function productionLooksAsEver(guest) {
  for (const path of ['/login', '/login_sso', '/t/ACME/launch']) {
    await guest.goto(`${production}${path}`);
    await guest.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await banner(guest).count(), 0, path);
  }
}

function banner(page) {
  return page.getByRole('complementary', { name: 'Stage' });
}

/** The banner is the first thing on the page, from edge to edge, above everything else. */
async function looksLikeTheStage(page, name) {
  assert.equal(await banner(page).innerText(), 'This is the stage of Ledger, for trying things out.');
  for (const [width, height] of [[1280, 800], [375, 812]]) {
    await page.setViewportSize({ width, height });
    const box = await banner(page).boundingBox();
    assert.deepEqual([box.x, box.y, box.width], [0, 0, width], `${name} at ${width} px`);
    assert.ok(box.height >= 35 && box.height <= 80, `${name} at ${width} px is ${box.height} px high`);
    const below = await page.getByRole('heading', { level: 1 }).boundingBox();
    assert.ok(below.y >= box.height, `${name} at ${width} px covers nothing`);
  }
  await look(page, `stage-${name}`);
}
