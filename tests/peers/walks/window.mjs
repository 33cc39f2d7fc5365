// What every walk shares: people with a browser each, who notice whatever a person would complain about, and
// the few things that people do again and again. Called as `node WALK.mjs DOOR PROVIDER`, the addresses of a
// running demo.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const [door, provider] = process.argv.slice(2);

const executablePath = process.env.TEAMDOOR_TEST_CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];

/** Where the people of a walk may go; a walk may add a place of its own. */
export const places = new Set([door, provider]);

/** What a walk provokes the console to say. */
export const expected = [];

const complaints = [];

/** Notes what is not as it should be; the walk goes on and fails at its end. */
export function complain(what) {
  complaints.push(what);
}

/** Tells a story; `someone()` in it opens a browser of their own and gives its page. */
export async function walk(story) {
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  try {
    await story((options) => someone(browser, options));
  } finally {
    await browser.close();
  }
  assert.deepEqual(complaints, [], 'nobody had anything to complain about');
}

/** Tells a story of somebody whose browser's settings block the cookies of these origins. */
export async function withoutCookies(origins, story) {
  const folder = await mkdtemp(join(tmpdir(), 'teamdoor-walk-'));
  const BLOCK = 2;
  const cookies = Object.fromEntries(origins.map((origin) => [`${origin},*`, { setting: BLOCK }]));
  const settings = { profile: { content_settings: { exceptions: { cookies } } } };
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(settings));
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: ARGUMENTS });
  try {
    await story(await watched(context));
  } finally {
    await context.close();
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

async function someone(browser, options) {
  return watched(await browser.newContext({ reducedMotion: 'reduce', ...options }));
}

/** A page of a browser all of whose requests and messages are looked at. */
function watched(context) {
  context.setDefaultTimeout(60_000);
  const documents = new Set();
  context.on('request', (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
    if (!places.has(new URL(request.url()).origin)) complain(`asked elsewhere: ${request.url()}`);
  });
  context.on('console', (message) => {
    // A page that was refused is told to the console too; its status is the walk's own business.
    const status = /^Failed to load resource: .* status of 4/.test(message.text());
    if (message.type() !== 'error' || (status && documents.has(message.location().url))) return;
    if (expected.some((words) => words.test(message.text()))) return;
    complain(`the console says: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complain(`a script failed: ${error.error()}`));
  return context.newPage();
}

/** From the first page to the Team ID form, and sends it. */
export async function typeTeamId(page, text) {
  await page.goto(`${door}/login`);
  await page.getByRole('link', { name: 'Corporate SSO' }).click();
  await sendTeamId(page, text);
}

/** Sends the Team ID form that is open. */
export async function sendTeamId(page, text) {
  await page.getByLabel('Team ID').fill(text);
  await page.getByRole('button', { name: 'SSO Login' }).click();
}

/** At the practice provider, says who is there. */
export async function choose(page, name) {
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs somebody in by Team ID, as far as the dashboard. */
export async function signIn(page, team, name) {
  await typeTeamId(page, team);
  await choose(page, name);
  await isAt(page, `/t/${team}`);
}

/** Goes to the team page by the navigation. */
export async function openTeamPage(page) {
  await page.getByRole('navigation').getByRole('link', { name: 'Team', exact: true }).click();
  await heading(page, 'Team');
}

/** The row of a person on the team page. */
export function row(page, name) {
  return page.getByRole('row').filter({ hasText: name });
}

/** Fails unless the page's heading comes to be this. */
export async function heading(page, text) {
  await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
}

/** Fails unless the browser comes to this path of the service. */
export async function isAt(page, path) {
  await page.waitForURL((url) => url.origin === door && url.pathname === path);
}

/** The stable code that an error page carries. */
export async function errorCode(page) {
  return page.locator('meta[name=error-code]').getAttribute('content');
}

/** Signs out of the team whose page is open. */
export async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await heading(page, 'You are signed out of Acme');
}
