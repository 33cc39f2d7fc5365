// The three stories as people live them, and the ways in which they go astray: a wrong Team ID, a second tab,
// a used link, the back button, a reload. `node stories.mjs DOOR PROVIDER [no-scripts]`.

import assert from 'node:assert/strict';
import * as w from './window.mjs';

const options = { javaScriptEnabled: process.argv[4] !== 'no-scripts' };

await w.walk(async (someone) => {
  const [ada, bob] = [await someone(options), await someone(options)];
  const link = await adaTypesHerTeamId(ada);
  await bobPressesTheTile(bob);
  await adaMakesBobAdmin(ada, bob);
  await bobGoesAway(bob);
  await theLastAdminStays(ada);
  await aUsedLinkIsWorthNothing(ada, link);
  await wrongTeamIds(await someone(options));
  await twoTabs(await someone(options));
});

/** Ends on her dashboard; gives the address of the callback that brought her there. */
async function adaTypesHerTeamId(ada) {
  await ada.goto(`${w.door}/`);
  await w.isAt(ada, '/login');
  await w.typeTeamId(ada, ' ACME ');
  const callback = ada.waitForRequest((request) => request.url().includes('/t/acme/callback?'));
  await w.choose(ada, 'Ada Lovelace');
  await w.isAt(ada, '/t/acme');
  await ada.getByText('ada@acme.test').waitFor();
  await ada.reload();
  await ada.getByRole('definition').filter({ hasText: 'Admin' }).waitFor();
  return (await callback).url();
}

async function bobPressesTheTile(bob) {
  await bob.goto(`${w.provider}/acme/dashboard`);
  await w.choose(bob, 'Bob Kahn');
  await bob.getByRole('link', { name: 'Ledger · Acme', exact: true }).click();
  await w.isAt(bob, '/t/acme');
  await w.openTeamPage(bob);
  await bob.getByText('2 people').waitFor();
  const own = w.row(bob, 'Bob Kahn');
  assert.match(await own.innerText(), /You[^]*SSO tile[^]*Member/);
  assert.equal(await own.getByRole('button').count(), 0, 'a member changes nobody');
}

async function adaMakesBobAdmin(ada, bob) {
  await w.openTeamPage(ada);
  await w.row(ada, 'Bob Kahn').getByRole('button', { name: 'Make admin' }).click();
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now an admin.' }).waitFor();
  assert.match(new URL(ada.url()).hash, /^#p-/, 'back at the row');
  await ada.getByRole('button', { name: 'Undo' }).click();
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now a member.' }).waitFor();
  await ada.getByRole('button', { name: 'Undo' }).click();
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now an admin.' }).waitFor();
  await w.openTeamPage(bob);
  assert.match(await w.row(bob, 'Bob Kahn').innerText(), /Admin/);
  await w.row(bob, 'Ada Lovelace').getByRole('button', { name: 'Make member' }).waitFor();
}

/** He steps down, after being asked once more, and signs out; then the back button shows nothing of his. */
async function bobGoesAway(bob) {
  await w.row(bob, 'Bob Kahn').getByRole('button', { name: 'Step down…' }).click();
  await w.heading(bob, 'Step down as admin?');
  await bob.getByRole('button', { name: 'Step down' }).click();
  await bob.getByRole('status').filter({ hasText: 'You are now a member.' }).waitFor();
  await w.signOut(bob);
  await bob.goBack();
  await w.heading(bob, 'You are signed out of Acme');
  assert.equal(await bob.getByText('bob@acme.test').count(), 0);
  await bob.reload();
  await w.heading(bob, 'You are signed out of Acme');
}

async function theLastAdminStays(ada) {
  await w.openTeamPage(ada);
  const button = w.row(ada, 'Ada Lovelace').getByRole('button', { name: 'Step down…' });
  assert.ok(await button.isDisabled());
  const reason = await ada.locator(`#${await button.getAttribute('aria-describedby')}`).innerText();
  assert.equal(reason, 'Acme needs at least one admin. Make someone else an admin first.');
}

async function aUsedLinkIsWorthNothing(ada, link) {
  await ada.goto(link);
  await w.isAt(ada, '/t/acme');
  await w.signOut(ada);
  const answer = await ada.goto(link);
  assert.equal(answer.status(), 400);
  await w.heading(ada, 'Please start again');
  assert.equal(await w.errorCode(ada), 'state_used');
  await ada.getByRole('link', { name: 'Start again' }).click();
  await w.isAt(ada, '/t/acme'); // the provider still knows her
}

async function wrongTeamIds(guest) {
  const wrong = [
    ['', 'team_id_empty', 'Enter your Team ID.'],
    ['acme_inc', 'team_id_invalid', 'Team IDs use lowercase letters, digits and single dashes'],
    ['ada@acme.test', 'team_id_invalid', 'That looks like an email address.'],
    ['acmee', 'team_unknown', "We can't find an active team called acmee."],
  ];
  await guest.goto(`${w.door}/login_sso`);
  for (const [typed, code, words] of wrong) {
    await w.sendTeamId(guest, typed);
    await guest.getByRole('alert').filter({ hasText: words }).waitFor();
    assert.equal(await w.errorCode(guest), code);
    assert.match(await guest.title(), /^Error: /);
    const field = guest.getByLabel('Team ID');
    assert.equal(await field.inputValue(), typed, 'what was typed is kept');
    assert.ok(await field.evaluate((input) => input === document.activeElement), 'the field has the focus');
  }
  await guest.goto(`${w.door}/login_sso`);
  await w.sendTeamId(guest, 'https://acme.okta.com/app/UserHome');
  await guest.waitForURL(`${w.provider}/acme/authorize**`);
  await guest.goBack();
  await w.heading(guest, 'Corporate SSO');
}

/** A sign-in begun in each of two tabs: both end well. Then another team stands beside it in the switcher. */
async function twoTabs(first) {
  const second = await first.context().newPage();
  await w.typeTeamId(first, 'acme');
  await w.typeTeamId(second, 'acme');
  await w.choose(first, 'Cyd Rivera');
  await w.isAt(first, '/t/acme');
  await w.choose(second, 'Cyd Rivera');
  await w.isAt(second, '/t/acme');
  await w.signIn(second, 'globex', 'Gil Moreno');
  await first.reload();
  await first.locator('summary').filter({ hasText: 'Acme' }).click();
  await first.getByRole('link', { name: 'Globex' }).click();
  await w.isAt(first, '/t/globex');
  await first.goto(`${w.door}/`);
  await w.isAt(first, '/t/globex');
}
