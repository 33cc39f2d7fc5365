// What people do who have no mouse.

import assert from 'node:assert/strict';

/** How many times somebody presses Tab on one page before giving up. */
const MOST_STEPS = 80;

/** Presses Tab until something of this name has the focus; each step on the way must show where one is. */
export async function tabTo(page, name, key = 'Tab') {
  const passed = [];
  while (passed.length < MOST_STEPS) {
    const there = await seen(page);
    if (there.name && (name.test?.(there.name) ?? there.name === name)) return;
    assert.ok(there.visible, `the focus is seen on ${there.name}`);
    passed.push(there.name);
    await page.keyboard.press(key);
  }
  assert.fail(`no way to ${name} by ${key}, only ${passed.join(', ')}`);
}

/** Goes to what has this name, and presses it. */
export async function press(page, name, key = 'Tab') {
  await tabTo(page, name, key);
  await page.keyboard.press('Enter');
}

/** Goes to the field of this name and types over what stands there. */
export async function type(page, name, text, key = 'Tab') {
  await tabTo(page, name, key);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text);
}

/** At the practice provider, says who is there: Tab leads to one of the people, the arrows to the others. */
export async function choose(page, name) {
  await tabTo(page, /@/);
  await page.keyboard.press('Space');
  for (let step = 0; !(await seen(page)).name.startsWith(name); step++) {
    assert.ok(step < MOST_STEPS, `${name} is among them`);
    await page.keyboard.press('ArrowDown');
  }
  await press(page, 'Sign in');
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
