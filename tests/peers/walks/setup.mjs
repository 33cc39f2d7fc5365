// A customer connects itself, by keyboard alone: from the request to a team that requires SSO, past a wrong issuer, a
// wrong secret, a wrong redirect URI and a colleague who is not assigned; the operator approves, finds out why and helps
// at the console. `node setup.mjs DOOR PROVIDER OUTBOX`: the folder of the demo's letters.

import assert from 'node:assert/strict';
import { choose, press, tabTo, type } from './keys.mjs';
import { letter, linkIn } from './letters.mjs';
import { look } from './look.mjs';
import { ianComesByBreakGlass, olgaApproves, olgaFindsWhy } from './operator.mjs';
import * as w from './window.mjs';

const ADMIN = 'ian@initech.test';
const SETTINGS = '/t/initech/settings/sso';

await w.walk(async (someone) => {
  const [ian, ike, olga] = [await someone(), await someone(), await someone()];
  await ianAsks(ian);
  await ianConfirms(ian);
  await olgaApproves(olga);
  const link = await ianOpensTheSetupLink(ian);
  const apps = await ianReadsWhatIsRegistered(await someone());
  await aWrongIssuer(ian, apps);
  await aWrongSecret(ian, apps);
  await aWrongRedirectUri(ian, apps);
  await ianTestsAndEnables(ian, apps);
  await theLinkIsDead(await someone(), link);
  await ianRequiresSso(ian);
  const reference = await ikeIsNotAssigned(ike);
  await ianFindsWhy(ian, reference);
  await olgaFindsWhy(olga, reference);
  await ianComesByBreakGlass(olga, await someone(), ADMIN);
});

async function ianAsks(ian) {
  await ian.goto(`${w.door}/login`);
  await press(ian, 'Set up single sign-on for your company');
  await w.heading(ian, 'Set up single sign-on');
  await look(ian, 'request');
  for (const team of ['Initech!', 'initech']) {
    await type(ian, 'Company', 'Initech', team === 'initech' ? 'Shift+Tab' : 'Tab');
    await type(ian, 'Your email', ADMIN);
    await type(ian, 'Team ID', team);
    await type(ian, "Email of the team's admin", ADMIN);
    await ian.keyboard.press('Enter');
    if (team === 'initech') continue;
    await ian.getByRole('alert').waitFor();
    assert.equal(await w.errorCode(ian), 'request_invalid');
    await look(ian, 'request-error');
  }
  await w.heading(ian, 'Check your mail');
  await look(ian, 'request-sent');
}

async function ianConfirms(ian) {
  await ian.goto(linkIn(await letter(ADMIN, 'Confirm your request')));
  await w.heading(ian, 'Confirm your request');
  await look(ian, 'request-confirm');
  await press(ian, 'Confirm');
  await w.heading(ian, 'Thank you, your request is on its way');
  await look(ian, 'request-confirmed');
}

/** Gives the link, and ends on the settings page. */
async function ianOpensTheSetupLink(ian) {
  const link = linkIn(await letter(ADMIN, 'single sign-on for Initech'));
  await ian.goto(link);
  await w.heading(ian, 'Set up single sign-on for Initech');
  await look(ian, 'setup-start');
  await press(ian, 'Begin');
  await ian.getByLabel('Issuer').waitFor();
  await look(ian, 'setup-empty');
  return link;
}

/** At the practice provider, as an administrator there: the issuer, and both apps' client ids and secrets. */
async function ianReadsWhatIsRegistered(ian) {
  await ian.goto(`${w.provider}/initech/admin`);
  await w.heading(ian, 'Registered apps');
  await look(ian, 'provider-admin');
  const all = (label) => ian.getByLabel(label).evaluateAll((fields) => fields.map((field) => field.value));
  const [[issuer], ids, secrets] = [await all('Issuer'), await all('Client ID'), await all('Client secret')];
  const [right, mistyped] = ids.map((id, n) => ({ issuer, id, secret: secrets[n] }));
  return { right, mistyped };
}

/** Opens the page anew, without the message of what was done. */
async function again(ian) {
  await ian.goto(ian.url().split(/[?#]/)[0]);
}

/** Types the three values into the page, opened anew. */
async function paste(ian, { issuer, id, secret }) {
  await again(ian);
  await type(ian, 'Issuer', issuer);
  await type(ian, 'Client ID', id);
  await type(ian, 'Client secret', secret);
}

async function aWrongIssuer(ian, { right }) {
  await paste(ian, { ...right, issuer: `${right.issuer}/`, secret: 'a-secret-of-another-app' });
  await ian.keyboard.press('Enter');
  await ian.getByRole('status').filter({ hasText: 'Saved and checked.' }).waitFor();
  await look(ian, 'setup-saved');
  await again(ian);
  await look(ian, 'sso-settings', '#from');
  await look(ian, 'sso-settings-checks', '#checks');
  await press(ian, 'Use what your provider says');
  await ian.getByRole('status').filter({ hasText: 'written as your provider writes it' }).waitFor();
  assert.equal(await ian.getByLabel('Issuer').inputValue(), right.issuer);
}

async function aWrongSecret(ian, { right }) {
  await press(ian, 'Try them');
  await ian.getByText('Your provider refused them.').waitFor();
  await look(ian, 'setup-probe-refused', '#checks');
  await again(ian);
  await press(ian, 'Update and test');
  await w.heading(ian, 'Who are you?');
  await choose(ian, 'Ian Okafor');
  await ian.getByRole('heading', { name: 'The test sign-in did not work' }).waitFor();
  await ian.getByText('rejected the client ID or the client secret').waitFor();
  await look(ian, 'setup-test-failed', '#test');
  await paste(ian, right);
  await ian.keyboard.press('Enter');
  await ian.getByRole('status').filter({ hasText: 'Saved and checked.' }).waitFor();
  await press(ian, 'Try them');
  await ian.getByText('Your provider knows them.').waitFor();
}

/** Only the provider sees it: nobody comes back, so the page says beforehand what it means. */
async function aWrongRedirectUri(ian, { mistyped }) {
  await paste(ian, mistyped);
  await press(ian, 'Update and test');
  await w.heading(ian, "This sign-in request can't be answered");
  await ian.getByText('/t/initech/callback” is not registered').waitFor();
  await ian.goBack();
  await w.heading(ian, 'Set up single sign-on for Initech');
  await ian.getByText('compare the redirect URI there with ours, letter by letter').waitFor();
  await look(ian, 'setup-redirect-uri', '#deeds');
}

async function ianTestsAndEnables(ian, { right }) {
  await paste(ian, right);
  await press(ian, 'Update and test');
  await ian.getByRole('heading', { name: 'The test sign-in worked' }).waitFor();
  await ian.getByText('You would come in as Admin.').waitFor();
  await look(ian, 'setup-tested', '#test');
  await press(ian, 'Enable');
  await w.heading(ian, 'Single sign-on for Initech is on.');
  await look(ian, 'setup-ended');
  await letter(ADMIN, 'Single sign-on');
  await press(ian, 'Sign in to Initech');
  await w.isAt(ian, '/t/initech');
  await ian.getByRole('definition').filter({ hasText: 'Admin' }).waitFor();
}

async function theLinkIsDead(stranger, link) {
  assert.equal((await stranger.goto(link)).status(), 404);
  assert.equal(await w.errorCode(stranger), 'setup_link_gone');
  await look(stranger, 'setup-link-gone');
}

async function ianRequiresSso(ian) {
  await press(ian, 'Single sign-on');
  await w.isAt(ian, SETTINGS);
  await look(ian, 'sso-settings-open');
  await press(ian, 'Require SSO…');
  await w.heading(ian, 'Require single sign-on for Initech?');
  await look(ian, 'require-sso');
  for (const name of ['initech', 'Initech']) {
    await type(ian, /^Type the team's name/, name);
    await ian.keyboard.press('Enter');
    if (name === 'Initech') continue;
    await ian.getByRole('alert').filter({ hasText: "That is not the team's name." }).waitFor();
    await look(ian, 'require-sso-error');
  }
  await ian.getByRole('status').filter({ hasText: 'Single sign-on is required now.' }).waitFor();
  await ian.getByText('Open · SSO required').waitFor();
  await look(ian, 'sso-settings-required', '#deeds');
}

/** Gives the reference on his screen. */
async function ikeIsNotAssigned(ike) {
  await ike.goto(`${w.door}/login_sso`);
  await type(ike, 'Team ID', 'initech');
  await ike.keyboard.press('Enter');
  await w.heading(ike, 'Who are you?');
  await choose(ike, 'Ike Lund');
  await w.heading(ike, "You don't have access yet");
  assert.equal(await w.errorCode(ike), 'idp_not_assigned');
  await look(ike, 'not-assigned');
  return ike.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).innerText();
}

async function ianFindsWhy(ian, reference) {
  await ian.goto(`${w.door}${SETTINGS}`);
  await look(ian, 'sso-settings-failed', '#failed');
  await press(ian, reference);
  await w.heading(ian, `Refused sign-in ${reference}`);
  await ian.getByRole('heading', { name: 'The person is not assigned to this app at the identity provider.' }).waitFor();
  await ian.getByText('User is not assigned to the client application.').waitFor();
  await look(ian, 'trace');
  await press(ian, 'Refused sign-ins');
  await w.heading(ian, 'Refused sign-ins');
  await look(ian, 'traces');
  await type(ian, "Reference on the person's screen", '7K2F-9QXM');
  await ian.keyboard.press('Enter');
  await w.heading(ian, 'Refused sign-ins');
  await ian.getByRole('heading', { name: /has the reference “7K2F-9QXM”/ }).waitFor();
  await look(ian, 'traces-not-found');
  await type(ian, "Reference on the person's screen", reference.toLowerCase().replace('-', ' '));
  await ian.keyboard.press('Enter');
  await w.heading(ian, `Refused sign-in ${reference}`);
}
