// Signing in and changing a role without a mouse. `node keyboard.mjs DOOR PROVIDER`.

import assert from 'node:assert/strict';
import { tabTo } from './keys.mjs';
import * as w from './window.mjs';

await w.walk(async (someone) => {
  const bob = await someone();
  await w.signIn(bob, 'acme', 'Bob Kahn');

  const ada = await someone();
  await ada.goto(`${w.door}/login`);
  await tabTo(ada, 'Corporate SSO');
  await ada.keyboard.press('Enter');
  await w.heading(ada, 'Corporate SSO');
  await tabTo(ada, 'Team ID');
  await ada.keyboard.type('acme');
  await ada.keyboard.press('Enter');
  await w.heading(ada, 'Who are you?');
  await tabTo(ada, /^Ada Lovelace/);
  await ada.keyboard.press('Space');
  await tabTo(ada, 'Sign in');
  await ada.keyboard.press('Enter');
  await w.isAt(ada, '/t/acme');

  await tabTo(ada, 'Skip to content');
  await ada.keyboard.press('Enter');
  assert.equal(await ada.evaluate(() => document.activeElement.id), 'main');
  await tabTo(ada, 'Team', 'Shift+Tab');
  await ada.keyboard.press('Enter');
  await w.heading(ada, 'Team');
  await tabTo(ada, 'Make admin');
  await ada.keyboard.press('Enter');
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now an admin.' }).waitFor();
  await tabTo(ada, 'Undo', 'Shift+Tab');
  await ada.keyboard.press('Space');
  await ada.getByRole('status').filter({ hasText: 'Bob Kahn is now a member.' }).waitFor();
  await tabTo(ada, /^More: Bob Kahn/);
  await ada.keyboard.press('Enter');
  await tabTo(ada, 'Turn off access');
  await ada.keyboard.press('Enter');
  await ada.getByRole('status').filter({ hasText: "Bob Kahn's access is turned off." }).waitFor();
  await tabTo(ada, 'Sign out', 'Shift+Tab');
  await ada.keyboard.press('Enter');
  await w.heading(ada, 'You are signed out of Acme');
});
