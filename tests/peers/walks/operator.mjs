// What Olga, the operator, does at the console, by keyboard alone.

import assert from 'node:assert/strict';
import { choose, press, tabTo, type } from './keys.mjs';
import { letter, linkIn } from './letters.mjs';
import { look } from './look.mjs';
import * as w from './window.mjs';

/** The letter's link leads to the request, past the sign-in. */
export async function olgaApproves(olga) {
  await olga.goto(linkIn(await letter('olga@operator.test', 'Initech asks for the team initech')));
  await w.heading(olga, 'Who are you?');
  await choose(olga, 'Olga Petrova');
  await w.heading(olga, 'Initech');
  await look(olga, 'console-request');
  await press(olga, 'Requests');
  await w.heading(olga, 'Requests');
  await look(olga, 'console-requests');
  await press(olga, 'Initech');
  await w.heading(olga, 'Initech');
  await press(olga, 'Approve');
  await olga.waitForURL(/\/operator\/teams\/initech/);
  await w.heading(olga, 'Initech');
  await look(olga, 'console-team-draft');
}

/** By the reference on somebody's screen. */
export async function olgaFindsWhy(olga, reference) {
  await olga.goto(`${w.door}/operator/sign-ins`);
  await look(olga, 'console-sign-ins');
  await type(olga, /^Reference/, reference.toLowerCase().replace('-', ' '));
  await olga.keyboard.press('Enter');
  await w.heading(olga, new RegExp(reference));
  await look(olga, 'console-trace');
  await press(olga, 'Health');
  await w.heading(olga, 'Health');
  await look(olga, 'console-health');
  await press(olga, 'Record');
  await olga.waitForURL(/\/operator\/audit/);
  await look(olga, 'console-record');
  await press(olga, 'Teams');
  await w.heading(olga, 'Teams');
  await look(olga, 'console-teams');
  await type(olga, 'Find a team by Team ID, name or admin email', 'initech');
  await olga.keyboard.press('Enter');
  await olga.waitForURL(/q=initech/);
  await press(olga, 'Initech');
  await w.heading(olga, 'Initech');
  await look(olga, 'console-team');
}

/** Ian, in a browser of his own where he is not signed in, comes to the settings and nowhere else. */
export async function ianComesByBreakGlass(olga, ian, address) {
  await tabTo(olga, 'For');
  await press(olga, 'Make break-glass');
  await olga.getByText('The code', { exact: true }).waitFor();
  await look(olga, 'console-break-glass');
  const code = await olga.locator('code.link').innerText();
  const link = linkIn(await letter(address, 'settings of Initech'));
  await ian.goto(link);
  await w.heading(ian, 'Break-glass for Initech');
  await look(ian, 'break-glass');
  for (const typed of ['0000-0000-00', code.toLowerCase().replaceAll('-', ' ')]) {
    await type(ian, 'Code', typed, 'Shift+Tab');
    await ian.keyboard.press('Enter');
    if (typed === '0000-0000-00') {
      await ian.getByRole('alert').waitFor();
      await look(ian, 'break-glass-wrong');
    }
  }
  await ian.getByText('you are here by break-glass').waitFor();
  await look(ian, 'break-glass-settings');
  await ian.goto(`${w.door}/t/initech/team`);
  assert.notEqual(new URL(ian.url()).pathname, '/t/initech/team');
  await ian.goto(`${w.door}/t/initech/break-glass`);
  await press(ian, 'I’m done');
  await w.heading(ian, 'Break-glass is over');
  await look(ian, 'break-glass-over');
}
