// Signing in and changing a role without a mouse. `node keyboard.mjs DOOR PROVIDER`.

import assert from 'node:assert/strict';
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

/** Presses Tab until something of this name has the focus; each step on the way must show where one is. */
async function tabTo(page, name, key = 'Tab') {
  const passed = [];
  while (passed.length < 40) {
    const there = await seen(page);
    if (there.name && (name.test?.(there.name) ?? there.name === name)) return;
    assert.ok(there.visible, `the focus is seen on ${there.name}`);
    passed.push(there.name);
    await page.keyboard.press(key);
  }
  assert.fail(`no way to ${name} by ${key}, only ${passed.join(', ')}`);
}

/** What has the focus; its ring is given a second to be painted. */
async function seen(page) {
  const end = Date.now() + 1000;
  let there = await page.evaluate(focused);
  while (!there.visible && Date.now() < end) there = await page.evaluate(focused);
  return there;
}

function focused() {
  const element = document.activeElement;
  if (element === document.body || element.id === 'main') return { name: '', visible: true };
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const name = element.labels?.[0]?.innerText ?? element.textContent;
  return {
    name: name.replace(/\s+/g, ' ').trim(),
    visible: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && element.getBoundingClientRect().width > 1,
  };
}
