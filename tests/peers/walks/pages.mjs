// Every page there is, looked at one after the other. `node pages.mjs DOOR PROVIDER`; with TEAMDOOR_PICTURES=1
// the pictures of docs/images are made anew, with TEAMDOOR_PICTURES=FOLDER each page in every look.

import { look } from './look.mjs';
import * as w from './window.mjs';

await w.walk(async (someone) => {
  const [ada, bob] = [await someone(), await someone()];
  await theDoor(ada);
  await theTeam(ada, bob);
  await theTokens(ada);
  await theTeamsChoice(ada, bob);
  await theHardPages(ada, bob);
  await theWayOut(ada);
  await theProvider(bob);
});

async function theDoor(ada) {
  await ada.goto(`${w.door}/login`);
  await look(ada, 'login');
  await ada.getByRole('link', { name: 'Corporate SSO' }).click();
  await w.heading(ada, 'Corporate SSO');
  await look(ada, 'team-id');
  await w.sendTeamId(ada, 'acmee');
  await ada.getByRole('alert').waitFor();
  await look(ada, 'team-id-error');
  await ada.goto(`${w.door}/t/acmee`);
  await look(ada, 'unknown-team');
  await w.typeTeamId(ada, 'acme');
  await w.heading(ada, 'Who are you?');
  await look(ada, 'chooser');
  await w.choose(ada, 'Ada Lovelace');
}

async function theTeam(ada, bob) {
  await w.isAt(ada, '/t/acme');
  await look(ada, 'dashboard');
  await w.openTeamPage(ada);
  await look(ada, 'team-of-one');
  await bob.goto(`${w.provider}/acme/dashboard`);
  await w.choose(bob, 'Bob Kahn');
  await bob.getByRole('link', { name: 'Ledger · Acme', exact: true }).click();
  await w.isAt(bob, '/t/acme');
  await w.openTeamPage(bob);
  await look(bob, 'team-member');
  await bob.goto(`${w.door}/t/globex/login`);
  await bob.goto(`${w.door}/t/acme-labs/login`);
  await bob.locator('.switch summary').click();
  await look(bob, 'switcher');
  await bob.goto(`${w.door}/t/acme`);
}

async function theTokens(ada) {
  await ada.getByRole('navigation').getByRole('link', { name: 'API tokens' }).click();
  await w.heading(ada, 'API tokens');
  await look(ada, 'tokens-empty');
  await ada.getByRole('button', { name: 'Make token' }).click();
  await ada.getByRole('alert').waitFor();
  await look(ada, 'tokens-error');
  for (const name of ['nightly export', 'build-server']) {
    await ada.getByLabel('What is it for?').fill(name);
    await ada.getByLabel('What may it do?').selectOption(name === 'build-server' ? 'product' : 'team:read');
    await ada.getByRole('button', { name: 'Make token' }).click();
    await ada.getByText('Copy it now.').waitFor();
  }
  await look(ada, 'tokens-made');
  await ada.reload();
  await ada.getByRole('status').filter({ hasText: 'cannot be shown again' }).waitFor();
  await look(ada, 'tokens');
  for (const act of ['Rotate', 'Revoke']) {
    await w.row(ada, 'build-server').getByRole('link', { name: `${act}…` }).click();
    await w.heading(ada, `${act} build-server?`);
    await look(ada, `token-${act.toLowerCase()}`);
    await ada.getByRole('link', { name: 'Cancel' }).click();
  }
}

async function theTeamsChoice(ada, bob) {
  await ada.getByLabel("May members read a shared token's value again?").selectOption('yes');
  await ada.getByRole('button', { name: 'Save' }).click();
  await ada.getByRole('status').filter({ hasText: 'choice is saved' }).waitFor();
  await makeToken(ada, 'models sync');
  await look(ada, 'tokens-made-kept');
  await bob.getByRole('navigation').getByRole('link', { name: 'API tokens' }).click();
  await w.row(bob, 'models sync').getByRole('link', { name: 'Show…' }).click();
  await w.heading(bob, 'Show the value of models sync?');
  await look(bob, 'token-reveal');
  await bob.getByRole('button', { name: 'Show the value' }).click();
  await bob.getByText('That you have read it').waitFor();
  await look(bob, 'token-revealed');
  await ada.getByLabel('Whose are tokens for the product?').selectOption('personal');
  await ada.getByRole('button', { name: 'Save' }).click();
  await ada.getByRole('status').filter({ hasText: 'choice is saved' }).waitFor();
  await makeToken(ada, 'my laptop');
  await bob.getByRole('navigation').getByRole('link', { name: 'API tokens' }).click();
  await makeToken(bob, 'notebook');
  await bob.getByRole('navigation').getByRole('link', { name: 'API tokens' }).click();
  await look(bob, 'tokens-own');
  await ada.getByRole('navigation').getByRole('link', { name: 'API tokens' }).click();
  await look(ada, 'tokens-personal');
  await bob.goto(`${w.door}/t/acme`);
}

async function makeToken(page, name) {
  await page.getByLabel('What is it for?').fill(name);
  await page.getByRole('button', { name: 'Make token' }).click();
  await page.getByText('Copy it now.').waitFor();
}

async function theHardPages(ada, bob) {
  await w.openTeamPage(ada);
  await w.row(ada, 'Bob Kahn').getByRole('button', { name: 'Make admin' }).click();
  await ada.getByRole('status').waitFor();
  await look(ada, 'team');
  await w.row(ada, 'Ada Lovelace').getByRole('button', { name: 'Step down…' }).click();
  await w.heading(ada, 'Step down as admin?');
  await look(ada, 'step-down');
  await ada.getByRole('link', { name: 'Cancel' }).click();
  await more(ada, 'Bob Kahn');
  await look(ada, 'team-more');
  await ada.getByRole('button', { name: 'Erase…' }).click();
  await w.heading(ada, 'Erase Bob Kahn?');
  await look(ada, 'erase');
  await ada.getByRole('textbox').fill('acmee');
  await ada.getByRole('button', { name: 'Erase for good' }).click();
  await ada.getByRole('alert').waitFor();
  await look(ada, 'erase-error');
  await ada.getByRole('link', { name: 'Cancel' }).click();
  await more(ada, 'Bob Kahn');
  await ada.getByRole('button', { name: 'Turn off access' }).click();
  await ada.getByRole('status').waitFor();
  await look(ada, 'team-turned-off');
  await bob.goto(`${w.door}/t/acme`);
  await w.heading(bob, 'Your access is turned off');
  await look(bob, 'refused');
  await ada.getByRole('navigation').getByRole('link', { name: 'Activity' }).click();
  await w.heading(ada, 'Activity');
  await look(ada, 'activity');
  await ada.getByText('Filter', { exact: true }).click();
  await ada.getByLabel('About').selectOption('People and roles');
  await ada.getByLabel('Person').fill('bob');
  await ada.getByRole('button', { name: 'Show', exact: true }).click();
  await ada.getByRole('link', { name: 'Show everything' }).waitFor();
  await look(ada, 'activity-filtered');
  await ada.getByLabel('Person').fill('nobody');
  await ada.getByRole('button', { name: 'Show', exact: true }).click();
  await ada.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await look(ada, 'activity-no-match');
}

async function more(page, name) {
  await w.row(page, name).locator('summary').click();
}

async function theWayOut(ada) {
  await w.signOut(ada);
  await look(ada, 'signed-out');
  await ada.goto(`${w.door}/t/acme/team`);
  await look(ada, 'signed-out-before');
  await ada.goto(`${w.door}/t/acme/callback?code=x&state=y`);
  await w.heading(ada, 'Please start again');
  await look(ada, 'failure');
  await ada.goto(`${w.door}/nowhere`);
  await look(ada, 'not-found');
  await ada.goto(`${w.door}/login`);
  await w.heading(ada, 'Sign in to Ledger');
  await look(ada, 'login-remembered');
}

async function theProvider(bob) {
  await bob.goto(`${w.provider}/`);
  await look(bob, 'provider');
  await bob.getByRole('link', { name: '/acme' }).click();
  await w.heading(bob, 'My apps');
  await look(bob, 'provider-dashboard');
  await bob.getByRole('button', { name: 'Sign out' }).click();
  await w.heading(bob, 'You are signed out');
  await look(bob, 'provider-signed-out');
  await bob.goto(`${w.provider}/nowhere`);
  await look(bob, 'provider-error');
}
