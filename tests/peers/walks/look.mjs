// Looking at a page as everybody sees it: light and dark, on a desk and on a phone. What is not good enough
// fails the walk: what axe finds, small print, small targets, sideways scrolling, too many bytes.

import { readFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { complain, door } from './window.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 812 };
/** Also a desktop page zoomed to 400 % (WCAG 2.2 §1.4.10). */
const NARROW = { width: 320, height: 640 };
const LOOKS = [
  ['desk-light', DESK, 'light'],
  ['desk-dark', DESK, 'dark'],
  ['phone-dark', PHONE, 'dark'],
  ['phone-light', PHONE, 'light'],
];
/** What a page weighs by itself, and together with what browsers keep for good after the first one. */
const MOST_BYTES = 30_000;
const MOST_AT_FIRST = 40_000;
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** TEAMDOOR_PICTURES=1 renews the documentation's pictures; a folder instead gets every page in every look. */
const wish = process.env.TEAMDOOR_PICTURES;
const folder = wish === '1' ? fileURLToPath(new URL('../../../docs/images', import.meta.url)) : wish;
if (folder) await mkdir(folder, { recursive: true });

/** The documentation's pictures: which page in which look, and what the file is called. */
const CHOSEN = {
  'login-remembered-desk-light': 'sign-in',
  'team-id-error-phone-light': 'team-id-error',
  'chooser-desk-light': 'chooser',
  'dashboard-desk-light': 'dashboard',
  'team-desk-light': 'team',
  'team-phone-dark': 'team-phone-dark',
  'activity-desk-dark': 'activity',
  'refused-phone-light': 'refused',
  'request-desk-light': 'request',
  'sso-settings-desk-light': 'sso-settings',
  'sso-settings-checks-phone-dark': 'sso-settings-phone-dark',
  'trace-desk-light': 'trace',
};

/** Looks at the page that is open; `name` is what pictures and complaints call it, `at` what pictures begin with, if not where it stands. */
export async function look(page, name, at) {
  await page.evaluate(AXE);
  const complaints = [];
  for (const [how, viewport, colorScheme] of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(axe);
    complaints.push(...found.map((what) => `${how}: ${what}`));
    if (viewport === PHONE || how === 'desk-light') complaints.push(...(await measured(page, how)));
    const file = wish === '1' ? CHOSEN[`${name}-${how}`] : `${name}-${how}`;
    if (folder && file && at) await page.locator(at).evaluate((there) => there.scrollIntoView());
    if (folder && file) await page.screenshot({ path: `${folder}/${file}.png` });
  }
  await page.setViewportSize(NARROW);
  complaints.push(...(await measured(page, '320 px')));
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
  const [own, all] = await page.evaluate(weight);
  const isOurs = page.url().startsWith(door);
  if (isOurs && (own > MOST_BYTES || all > MOST_AT_FIRST)) complaints.push(`${own} bytes, ${all} at first`);
  complaints.forEach((what) => complain(`${name}, ${what}`));
}

async function measured(page, how) {
  return (await page.evaluate(measure)).map((what) => `${how}: ${what}`);
}

// What follows runs in the page.

async function axe() {
  const { violations } = await window.axe.run({ rules: { 'target-size': { enabled: true } } });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

function measure() {
  const complaints = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) complaints.push(`${root.scrollWidth - root.clientWidth} px to the side`);
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
  const text = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  for (const element of document.querySelectorAll('body *')) {
    if (!shown(element)) continue;
    const { width, height } = element.getBoundingClientRect();
    // A radio button is pressed by its label.
    const target = element.matches('a, button, summary, input:not([type=radio]), label:has([type=radio])');
    const inSentence = element.matches('p > a') && element.parentElement.innerText !== element.innerText;
    if (target && !inSentence && (height < 43.5 || width < 43.5)) {
      complaints.push(`a target of ${width} x ${height}: ${element.outerHTML}`);
    }
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (text(element) && size < 14) complaints.push(`${size} px small: ${element.outerHTML}`);
  }
  return complaints;
}

function weight() {
  const sum = (entries) => entries.reduce((bytes, entry) => bytes + entry.decodedBodySize, 0);
  const [own, more] = ['navigation', 'resource'].map((type) => sum(performance.getEntriesByType(type)));
  return [own, own + more];
}
