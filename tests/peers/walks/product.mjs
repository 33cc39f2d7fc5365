// Ledger, the product behind the demo's door: a tile leads into it, and what happens at the door counts there.
// `node product.mjs DOOR PROVIDER [no-scripts]`.

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { look } from './look.mjs';
import * as w from './window.mjs';

const scripts = process.argv[4] !== 'no-scripts';
const ledger = w.provider.replace(/\d+$/, (port) => Number(port) + 1);
w.places.add(ledger);

await w.walk(async (someone) => {
  const options = { javaScriptEnabled: scripts };
  const [ada, bob] = [await someone(options), await someone(options)];
  await adaPressesTheTileAndAddsAModel(ada);
  await bobSeesTheModelAndNoBilling(bob);
  await billingOpensWhenAdaMakesBobAdmin(ada, bob);
  await theDoorsOwnTilesLeadThere(ada);
  await bobIsOutWithinASecondWhenAdaDeactivatesHim(ada, bob);
  await adaSignsOutInLedgerAndIsOutAtTheDoor(ada);
});

/** Looks at a page, which takes a script. */
async function see(page, name) {
  if (scripts) await look(page, name);
}

async function pressTheTile(page, name) {
  await page.goto(`${w.provider}/acme/dashboard`);
  await w.choose(page, name);
  await page.getByRole('link', { name: /^Ledger · the product itself/ }).click();
  await w.heading(page, 'Models of Acme');
  assert.equal(page.url(), `${ledger}/`);
}

async function adaPressesTheTileAndAddsAModel(ada) {
  await pressTheTile(ada, 'Ada Lovelace');
  await ada.getByText('Ada Lovelace, admin of Acme').waitFor();
  await see(ada, 'product-empty');
  await ada.getByLabel('New model').fill(' ');
  await ada.getByRole('button', { name: 'Add model' }).click();
  await ada.getByRole('alert').waitFor();
  await see(ada, 'product-wrong');
  for (const name of ['Falcon <7B>', 'Heron']) {
    await ada.getByLabel('New model').fill(name);
    await ada.getByRole('button', { name: 'Add model' }).click();
    await ada.getByRole('listitem').filter({ hasText: name }).waitFor();
  }
  await see(ada, 'product-models');
  await ada.getByRole('link', { name: 'Billing' }).click();
  await w.heading(ada, 'Billing of Acme');
  await see(ada, 'product-billing');
}

async function bobSeesTheModelAndNoBilling(bob) {
  await bob.goto(ledger);
  await w.heading(bob, 'Please sign in');
  await see(bob, 'product-sign-in');
  await pressTheTile(bob, 'Bob Kahn');
  await bob.getByRole('listitem').filter({ hasText: 'Heron added by Ada Lovelace' }).waitFor();
  assert.equal(await bob.getByRole('link', { name: 'Billing' }).count(), 0);
  assert.equal((await bob.goto(`${ledger}/billing`)).status(), 403);
  await w.heading(bob, 'Billing is for admins');
  await see(bob, 'product-no-billing');
}

async function billingOpensWhenAdaMakesBobAdmin(ada, bob) {
  await ada.goto(`${w.door}/t/acme/team`);
  await w.row(ada, 'Bob Kahn').getByRole('button', { name: 'Make admin' }).click();
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now an admin.' }).waitFor();
  await bob.reload();
  await w.heading(bob, 'Billing of Acme');
}

async function theDoorsOwnTilesLeadThere(ada) {
  await ada.goto(`${w.door}/t/acme`);
  await ada.getByRole('main').getByRole('link', { name: /Ledger/ }).click();
  await w.heading(ada, 'Models of Acme');
  await ada.goto(`${w.door}/t/acme`);
  await ada.getByRole('navigation').getByRole('link', { name: 'Billing' }).click();
  await w.heading(ada, 'Billing of Acme');
  assert.equal(ada.url(), `${ledger}/billing`);
}

async function bobIsOutWithinASecondWhenAdaDeactivatesHim(ada, bob) {
  await ada.goto(`${w.door}/t/acme/team`);
  await w.row(ada, 'Bob Kahn').locator('summary').click();
  await ada.getByRole('button', { name: 'Turn off access' }).click();
  await ada.getByRole('status').filter({ hasText: "Bob Kahn's access is turned off." }).waitFor();
  await setTimeout(1000);
  await bob.goto(ledger);
  await w.heading(bob, 'Please sign in');
}

async function adaSignsOutInLedgerAndIsOutAtTheDoor(ada) {
  await ada.goto(ledger);
  await ada.getByRole('button', { name: 'Sign out' }).click();
  await w.heading(ada, 'Please sign in');
  assert.equal(ada.url(), `${ledger}/`);
  await ada.goto(`${w.door}/t/acme`);
  await w.heading(ada, 'You are signed out of Acme');
}
