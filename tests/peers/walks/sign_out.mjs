// Signing out: in one window and the other is out, everywhere, of all teams, at the provider and back under our
// own Content-Security-Policy, and from the provider. `node sign_out.mjs DOOR PROVIDER [no-scripts]`.

import assert from 'node:assert/strict';
import { look } from './look.mjs';
import * as w from './window.mjs';

const scripts = process.argv[4] !== 'no-scripts';
const options = { javaScriptEnabled: scripts };
const IDP = "your company's sign-in service";

await w.walk(async (someone) => {
  const [ada, bob] = [await someone(options), await someone(options)];
  await w.signIn(ada, 'acme', 'Ada Lovelace');
  await w.signIn(bob, 'acme', 'Bob Kahn');
  await theKeyboardIsEnough(bob);
  await oneWindowTheOtherIsOut(bob);
  await everyBrowser(bob, await someone(options));
  await allTeamsHere(bob);
  await atTheProvider(ada, bob);
  await fromTheProvider(bob);
});

/** Opens the menu beside "Sign out" and presses what it offers. */
async function leave(page, name) {
  await page.locator('.out summary').click();
  await page.getByRole('button', { name, exact: true }).click();
}

async function theKeyboardIsEnough(bob) {
  const button = bob.getByRole('button', { name: 'Sign out', exact: true });
  await button.focus();
  await bob.keyboard.press('Tab');
  assert.equal(await bob.evaluate(focusedText), 'More ways to sign out');
  assert.equal(await bob.getByRole('button', { name: 'Sign out in every browser' }).count(), 0, 'it is closed');
  await bob.keyboard.press('Enter');
  await bob.getByRole('button', { name: 'Sign out in every browser' }).waitFor();
  await bob.keyboard.press('Tab');
  assert.equal(await bob.evaluate(focusedText), 'Sign out in every browser');
  if (scripts) await look(bob, 'sign-out-menu');
  await bob.locator('.out summary').focus();
  await bob.keyboard.press('Enter');
}

/** One click, and no other window of this browser shows anything of his again; nor does the back button. */
async function oneWindowTheOtherIsOut(bob) {
  const second = await bob.context().newPage();
  await second.goto(`${w.door}/t/acme/team`);
  await w.heading(second, 'Team');
  await w.signOut(bob);
  await second.reload();
  await w.heading(second, 'You are signed out of Acme');
  await second.goBack().catch(() => undefined);
  assert.equal(await second.getByText('bob@acme.test').count(), 0);
  for (const path of ['/t/acme', '/t/acme/team', '/t/acme/activity']) {
    await second.goto(`${w.door}${path}`);
    await w.heading(second, 'You are signed out of Acme');
  }
  await bob.goBack();
  await w.heading(bob, 'You are signed out of Acme');
  await second.goto(`${w.door}/`);
  await w.isAt(second, '/login');
  await second.close();
  await bob.getByRole('link', { name: 'Sign in to Acme again' }).click();
  await w.isAt(bob, '/t/acme');
}

async function everyBrowser(bob, elsewhere) {
  await w.signIn(elsewhere, 'acme', 'Bob Kahn');
  await leave(elsewhere, 'Sign out in every browser');
  await elsewhere.getByText('Your sessions with Acme have ended in every browser.').waitFor();
  await bob.goto(`${w.door}/t/acme/team`);
  // This browser was not signed out by its own hand: it goes through the provider, which still knows him.
  await w.isAt(bob, '/t/acme/team');
  await elsewhere.goto(`${w.door}/t/acme/team`);
  await w.heading(elsewhere, 'You are signed out of Acme');
}

async function allTeamsHere(bob) {
  await w.signIn(bob, 'globex', 'Han Sato');
  await bob.goto(`${w.door}/t/acme`);
  if (scripts) await lookAtMenu(bob, 'sign-out-menu-all');
  await w.signOut(bob);
  await bob.getByText('Still open in this browser: Globex.').waitFor();
  if (scripts) await look(bob, 'signed-out-among-others');
  await bob.getByRole('link', { name: 'Sign in to Acme again' }).click();
  await w.isAt(bob, '/t/acme');
  await leave(bob, 'Sign out of all teams here');
  await bob.getByText('Every team you had open in this browser is signed out.').waitFor();
  for (const [team, name] of [['acme', 'Acme'], ['globex', 'Globex']]) {
    await bob.goto(`${w.door}/t/${team}/team`);
    await w.heading(bob, `You are signed out of ${name}`);
  }
}

async function lookAtMenu(page, name) {
  await page.locator('.out summary').click();
  await look(page, name);
  await page.locator('.out summary').click();
}

/** Ada tries it; from then on Bob is offered it. The form ends at the provider and comes back here. */
async function atTheProvider(ada, bob) {
  await bob.goto(`${w.door}/t/acme/login`);
  await w.isAt(bob, '/t/acme');
  await bob.locator('.out summary').click();
  assert.equal(await bob.getByRole('button', { name: /signing out|Also sign out/ }).count(), 0);
  await ada.goto(`${w.door}/t/acme`);
  if (scripts) await lookAtMenu(ada, 'sign-out-menu-try');
  await leave(ada, `Try signing out at ${IDP} too`);
  await ada.getByText(`According to ${IDP}, your session there has ended too.`).waitFor();
  assert.equal(new URL(ada.url()).search, '', 'nothing stays in the address');
  if (scripts) await look(ada, 'signed-out-there-too');
  await ada.reload();
  await ada.getByText(`According to ${IDP}, your session there has ended too.`).waitFor();
  await ada.goBack();
  await w.heading(ada, 'You are signed out of Acme');
  await ada.getByRole('link', { name: 'Sign in to Acme again' }).click();
  await w.heading(ada, 'Who are you?');
  await bob.goto(`${w.door}/t/acme/team`);
  if (scripts) await lookAtMenu(bob, 'sign-out-menu-also');
  await leave(bob, `Also sign out at ${IDP}`);
  await bob.getByText(`According to ${IDP}, your session there has ended too.`).waitFor();
}

/** He signs out on the provider's dashboard; in his other window the session here has ended. */
async function fromTheProvider(bob) {
  await bob.getByRole('link', { name: 'Sign in to Acme again' }).click();
  await w.choose(bob, 'Bob Kahn');
  await w.isAt(bob, '/t/acme');
  const dashboard = await bob.context().newPage();
  await dashboard.goto(`${w.provider}/acme/dashboard`);
  await dashboard.getByRole('button', { name: 'Sign out' }).click();
  await w.heading(dashboard, 'You are signed out');
  const end = Date.now() + 10_000;
  do {
    assert.ok(Date.now() < end, 'the session here has not ended');
    await bob.goto(`${w.door}/t/acme/team`);
  } while (new URL(bob.url()).origin === w.door);
  await w.heading(bob, 'Who are you?');
}

// What follows runs in the page.

function focusedText() {
  return document.activeElement.textContent.trim();
}
